#include "adapters/bytes/memory_source.hpp"

#include <utility>

namespace rigor::adapters {

MemorySource::MemorySource(std::string name, std::string bytes)
    : name_(std::move(name)), bytes_(std::move(bytes)) {}

Result<std::string> MemorySource::read(std::uint64_t offset, std::uint64_t count) {
  if (offset >= bytes_.size()) return std::string();
  return bytes_.substr(offset, count);
}

}  // namespace rigor::adapters
