// Test support: writes GGUF headers, sound or broken. The tensors' data is left to `HeaderSource`,
// which claims to be as large as the real file would be. Layer 10, tests only.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "adapters/bytes/byte_source.hpp"

namespace rigor::adapters::testing {

template <class T>
std::string little_endian(T value) {
  return std::string(reinterpret_cast<const char*>(&value), sizeof(T));
}
/// A length and the text.
std::string gguf_text(const std::string& text);

class GgufWriter {
 public:
  explicit GgufWriter(std::uint32_t version = 3) : version_(version) {}

  GgufWriter& text(const std::string& key, const std::string& value);
  GgufWriter& u32(const std::string& key, std::int64_t value);
  GgufWriter& u64(const std::string& key, std::uint64_t value);
  GgufWriter& f32(const std::string& key, float value);
  GgufWriter& flag(const std::string& key, bool value);
  GgufWriter& u32s(const std::string& key, const std::vector<int>& values);
  GgufWriter& flags(const std::string& key, const std::vector<bool>& values);
  /// A list of that many short texts, as a vocabulary is.
  GgufWriter& texts(const std::string& key, std::uint64_t count);
  /// A value of any kind, in its encoded form.
  GgufWriter& raw(const std::string& key, std::uint32_t kind, const std::string& encoded);
  /// Placed behind the tensors before it; unknown formats take 2 bytes per element.
  GgufWriter& tensor(const std::string& name, const std::vector<std::int64_t>& shape,
                     std::uint32_t type = 1);
  /// Placed where the caller says.
  GgufWriter& tensor_at(const std::string& name, const std::vector<std::uint64_t>& shape,
                        std::uint32_t type, std::uint64_t offset);

  [[nodiscard]] std::string header() const;
  /// Bytes of the data that follows the header.
  [[nodiscard]] std::uint64_t data_bytes() const { return data_; }
  /// Header, padding and zeros for data. Requires: small tensors.
  [[nodiscard]] std::string file() const;

 private:
  std::uint32_t version_;
  std::uint64_t keys_ = 0, tensors_ = 0, data_ = 0;
  std::string metadata_, infos_;
};

/// Claims the size of the whole file, holds only its header; everything behind it is zeros.
class HeaderSource final : public ByteSource {
 public:
  HeaderSource(std::string name, std::string header, std::uint64_t data_bytes);
  explicit HeaderSource(const GgufWriter& writer)
      : HeaderSource("test.gguf", writer.header(), writer.data_bytes()) {}

  [[nodiscard]] const std::string& name() const override { return name_; }
  [[nodiscard]] std::uint64_t size() const override { return size_; }
  Result<std::string> read(std::uint64_t offset, std::uint64_t count) override;
  [[nodiscard]] std::uint64_t bytes_read() const { return bytes_read_; }

 private:
  std::string name_, header_;
  std::uint64_t size_;
  std::uint64_t bytes_read_ = 0;
};

/// Opens header-only files by name; other names do not exist.
OpenSource opener(std::vector<std::pair<std::string, GgufWriter>> files);

}  // namespace rigor::adapters::testing
