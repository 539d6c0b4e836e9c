// A file of any size, read piece by piece where it is asked for. Layer 10.
#pragma once

#include "adapters/bytes/byte_source.hpp"

namespace rigor::adapters {

/// Errors: missing, a directory, not a regular file, unreadable.
Result<std::unique_ptr<ByteSource>> open_file(const std::string& path);

}  // namespace rigor::adapters
