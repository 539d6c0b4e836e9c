// Reads little-endian values one after another from a source through a window of bounded size. The
// first error sticks: from then on every value is zero and every text empty, so a parser checks
// `ok()` once per entry instead of after every field. Layer 10.
#pragma once

#include <algorithm>
#include <bit>
#include <cstring>
#include <optional>
#include <string>
#include <type_traits>

#include "adapters/bytes/byte_source.hpp"

namespace rigor::adapters {

static_assert(std::endian::native == std::endian::little,
              "values are copied as they lie in the file");

class ByteReader {
 public:
  /// Reading beyond `limit` bytes is an error: a header that long is not one.
  ByteReader(ByteSource& source, std::uint64_t limit);

  [[nodiscard]] bool ok() const { return !error_; }
  /// Requires: not ok().
  [[nodiscard]] const Error& error() const {
    RIGOR_ASSERT(error_.has_value());
    return *error_;
  }
  [[nodiscard]] std::uint64_t position() const { return position_; }
  /// Bytes between here and the end of the source.
  [[nodiscard]] std::uint64_t remaining() const { return source_.size() - position_; }

  template <class T>
  T number() {
    static_assert(std::is_arithmetic_v<T>);
    T value{};
    if (have(sizeof(T))) std::memcpy(&value, take(sizeof(T)), sizeof(T));
    return value;
  }
  /// Requires: `length` was judged against `remaining()` or a bound of the caller's.
  std::string text(std::uint64_t length);
  void skip(std::uint64_t count);
  /// Records an error of the caller's; only the first one is kept.
  void refuse(ErrorCode code, std::string message);

 private:
  /// Makes `count` bytes available in the window, or records why not.
  bool have(std::uint64_t count) {
    return !error_ && (count <= window_.size() - at_ || fill(count));
  }
  bool fill(std::uint64_t count);
  const char* take(std::uint64_t count) {
    const char* bytes = window_.data() + at_;
    at_ += static_cast<std::size_t>(count);
    position_ += count;
    return bytes;
  }

  ByteSource& source_;
  std::uint64_t limit_;
  std::uint64_t position_ = 0;
  std::string window_;  // bytes of the source, of which the first `at_` are consumed
  std::size_t at_ = 0;
  std::optional<Error> error_;
};

}  // namespace rigor::adapters
