// Files read whole, with messages a person can act on. Layer 10.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace rigor::adapters {

/// The content of a regular file of at most `limit` bytes. Errors: missing, a directory,
/// unreadable, too large.
Result<std::string> read_file(const std::string& path, std::uint64_t limit = 64ULL << 20);
/// Creates or replaces the file. Errors name the reason.
Result<void> write_file(const std::string& path, const std::string& content);
/// The same through a file beside it that takes its place when it is whole: whatever goes wrong,
/// what was there stays.
Result<void> replace_file(const std::string& path, const std::string& content);
/// Creates the folder and those above it where they are missing.
Result<void> make_folders(const std::string& path);
bool is_directory(const std::string& path);
bool exists(const std::string& path);
/// Paths of the regular files below `folder` whose name ends with `ending`, sorted.
Result<std::vector<std::string>> files_below(const std::string& folder, const std::string& ending);

}  // namespace rigor::adapters
