#include "adapters/bytes/byte_source.hpp"

#include <fmt/format.h>

namespace rigor::adapters {

Result<std::string> read_all(ByteSource& source, std::uint64_t limit) {
  if (source.size() > limit) {
    return fail(ErrorCode::limit, fmt::format("larger than {} bytes", limit), source.name());
  }
  return source.read(0, source.size());
}

}  // namespace rigor::adapters
