// A read-only sequence of bytes with random access: a file, a text in memory, a file on a server.
// Readers of formats see nothing else, so tests and fuzzers feed them from memory. Layer 10.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/result.hpp"

namespace rigor::adapters {

class ByteSource {
 public:
  ByteSource() = default;
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;
  virtual ~ByteSource() = default;

  /// Path or address, for messages.
  [[nodiscard]] virtual const std::string& name() const = 0;
  [[nodiscard]] virtual std::uint64_t size() const = 0;
  /// The bytes of [offset, offset + count) that exist: shorter than `count` only at the end of the
  /// source.
  virtual Result<std::string> read(std::uint64_t offset, std::uint64_t count) = 0;
  /// How much a reader that goes from front to back should ask for at once.
  [[nodiscard]] virtual std::uint64_t stride() const { return 256ULL << 10; }
};

/// Opens a path or an address; formats that span several files ask for the others by name.
using OpenSource = std::function<Result<std::unique_ptr<ByteSource>>(const std::string& name)>;

/// All of a source of at most `limit` bytes.
Result<std::string> read_all(ByteSource& source, std::uint64_t limit);

}  // namespace rigor::adapters
