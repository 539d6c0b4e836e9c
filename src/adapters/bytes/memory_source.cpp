#include "adapters/bytes/memory_source.hpp"

#include <fmt/format.h>

#include <utility>

namespace rigor::adapters {

MemorySource::MemorySource(std::string name, std::string bytes)
    : name_(std::move(name)), bytes_(std::move(bytes)) {}

Result<std::string> MemorySource::read(std::uint64_t offset, std::uint64_t count) {
  if (offset >= bytes_.size()) return std::string();
  return bytes_.substr(offset, count);
}

Result<std::string> read_all(ByteSource& source, std::uint64_t limit) {
  if (source.size() > limit) {
    return fail(ErrorCode::limit, fmt::format("larger than {} bytes", limit), source.name());
  }
  return source.read(0, source.size());
}

}  // namespace rigor::adapters
