// Bytes that are already in memory: tests, fuzzers, small answers of a server. Layer 10.
#pragma once

#include "adapters/bytes/byte_source.hpp"

namespace rigor::adapters {

class MemorySource final : public ByteSource {
 public:
  MemorySource(std::string name, std::string bytes);

  [[nodiscard]] const std::string& name() const override { return name_; }
  [[nodiscard]] std::uint64_t size() const override { return bytes_.size(); }
  Result<std::string> read(std::uint64_t offset, std::uint64_t count) override;

 private:
  std::string name_;
  std::string bytes_;
};

}  // namespace rigor::adapters
