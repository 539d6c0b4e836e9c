#include "adapters/gguf/gguf_writer.hpp"

#include <algorithm>
#include <memory>

#include "llm/quantization.hpp"

namespace rigor::adapters::testing {
namespace {

constexpr std::uint64_t kAlignment = 32;

std::uint64_t aligned(std::uint64_t value) {
  return (value + kAlignment - 1) / kAlignment * kAlignment;
}

std::uint64_t bytes_of(const std::vector<std::int64_t>& shape, std::uint32_t type) {
  std::int64_t rows = 1;
  for (std::size_t i = 1; i < shape.size(); ++i) rows *= shape[i];
  const std::int64_t columns = shape.empty() ? 1 : shape[0];
  const llm::TensorType* known = llm::find_ggml_type(type);
  if (known == nullptr) return static_cast<std::uint64_t>(2 * columns * rows);
  return static_cast<std::uint64_t>(llm::storage(*known, columns, rows).in(byte));
}

}  // namespace

std::string gguf_text(const std::string& text) {
  return little_endian<std::uint64_t>(text.size()) + text;
}

GgufWriter& GgufWriter::raw(const std::string& key, std::uint32_t kind,
                            const std::string& encoded) {
  metadata_ += gguf_text(key) + little_endian(kind) + encoded;
  ++keys_;
  return *this;
}

GgufWriter& GgufWriter::text(const std::string& key, const std::string& value) {
  return raw(key, 8, gguf_text(value));
}
GgufWriter& GgufWriter::u32(const std::string& key, std::int64_t value) {
  return raw(key, 4, little_endian(static_cast<std::uint32_t>(value)));
}
GgufWriter& GgufWriter::u64(const std::string& key, std::uint64_t value) {
  return raw(key, 10, little_endian(value));
}
GgufWriter& GgufWriter::f32(const std::string& key, float value) {
  return raw(key, 6, little_endian(value));
}
GgufWriter& GgufWriter::flag(const std::string& key, bool value) {
  return raw(key, 7, std::string(1, value ? '\1' : '\0'));
}

GgufWriter& GgufWriter::u32s(const std::string& key, const std::vector<int>& values) {
  std::string encoded =
      little_endian<std::uint32_t>(4) + little_endian<std::uint64_t>(values.size());
  for (const int value : values) encoded += little_endian(static_cast<std::uint32_t>(value));
  return raw(key, 9, encoded);
}

GgufWriter& GgufWriter::flags(const std::string& key, const std::vector<bool>& values) {
  std::string encoded =
      little_endian<std::uint32_t>(7) + little_endian<std::uint64_t>(values.size());
  for (const bool value : values) encoded += value ? '\1' : '\0';
  return raw(key, 9, encoded);
}

GgufWriter& GgufWriter::texts(const std::string& key, std::uint64_t count) {
  std::string encoded = little_endian<std::uint32_t>(8) + little_endian(count);
  for (std::uint64_t i = 0; i < count; ++i) encoded += gguf_text("t" + std::to_string(i));
  return raw(key, 9, encoded);
}

GgufWriter& GgufWriter::tensor(const std::string& name, const std::vector<std::int64_t>& shape,
                               std::uint32_t type) {
  const std::vector<std::uint64_t> extents(shape.begin(), shape.end());
  tensor_at(name, extents, type, data_);
  data_ = aligned(data_ + bytes_of(shape, type));
  return *this;
}

GgufWriter& GgufWriter::tensor_at(const std::string& name, const std::vector<std::uint64_t>& shape,
                                  std::uint32_t type, std::uint64_t offset) {
  infos_ += gguf_text(name) + little_endian(static_cast<std::uint32_t>(shape.size()));
  for (const std::uint64_t extent : shape) infos_ += little_endian(extent);
  infos_ += little_endian(type) + little_endian(offset);
  ++tensors_;
  return *this;
}

std::string GgufWriter::header() const {
  return "GGUF" + little_endian(version_) + little_endian(tensors_) + little_endian(keys_) +
         metadata_ + infos_;
}

std::string GgufWriter::file() const {
  std::string bytes = header();
  bytes.resize(aligned(bytes.size()) + data_, '\0');
  return bytes;
}

HeaderSource::HeaderSource(std::string name, std::string header, std::uint64_t data_bytes)
    : name_(std::move(name)),
      header_(std::move(header)),
      size_(aligned(header_.size()) + data_bytes) {}

Result<std::string> HeaderSource::read(std::uint64_t offset, std::uint64_t count) {
  if (offset >= size_) return std::string();
  count = std::min(count, size_ - offset);
  bytes_read_ += count;
  std::string bytes = offset < header_.size() ? header_.substr(offset, count) : std::string();
  bytes.resize(count, '\0');
  return bytes;
}

OpenSource opener(std::vector<std::pair<std::string, GgufWriter>> files) {
  return
      [files = std::move(files)](const std::string& name) -> Result<std::unique_ptr<ByteSource>> {
        for (const auto& [file, writer] : files) {
          if (file == name)
            return std::make_unique<HeaderSource>(name, writer.header(), writer.data_bytes());
        }
        return fail(ErrorCode::not_found, "no such file", name);
      };
}

}  // namespace rigor::adapters::testing
