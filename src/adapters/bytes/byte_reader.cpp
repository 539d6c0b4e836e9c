#include "adapters/bytes/byte_reader.hpp"

#include <fmt/format.h>

#include <utility>

namespace rigor::adapters {

ByteReader::ByteReader(ByteSource& source, std::uint64_t limit) : source_(source), limit_(limit) {}

std::string ByteReader::text(std::uint64_t length) {
  return have(length) ? std::string(take(length), static_cast<std::size_t>(length)) : std::string();
}

void ByteReader::skip(std::uint64_t count) {
  if (error_) return;
  const std::uint64_t buffered = window_.size() - at_;
  if (count <= buffered) {
    take(count);
    return;
  }
  if (count > remaining()) return refuse(ErrorCode::malformed, "the file ends inside its header");
  position_ += count;
  window_.clear();
  at_ = 0;
  if (position_ > limit_)
    refuse(ErrorCode::limit, fmt::format("the header is longer than {} bytes", limit_));
}

void ByteReader::refuse(ErrorCode code, std::string message) {
  if (error_) return;
  error_ = Error{code, fmt::format("{} (at byte {})", message, position_), source_.name(), {}};
}

bool ByteReader::fill(std::uint64_t count) {
  if (count > remaining()) {
    refuse(ErrorCode::malformed, "the file ends inside its header");
    return false;
  }
  if (count > limit_ || position_ > limit_ - count) {
    refuse(ErrorCode::limit, fmt::format("the header is longer than {} bytes", limit_));
    return false;
  }
  Result<std::string> bytes = source_.read(position_, std::max(count, source_.stride()));
  if (!bytes) {
    error_ = std::move(bytes.error());
    return false;
  }
  window_ = std::move(*bytes);
  at_ = 0;
  if (window_.size() >= count) return true;
  refuse(ErrorCode::malformed, "the file ends inside its header");
  return false;
}

}  // namespace rigor::adapters
