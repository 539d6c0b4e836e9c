#include "adapters/gguf/gguf_header.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>

#include "adapters/bytes/byte_reader.hpp"
#include "adapters/bytes/plain_text.hpp"

namespace rigor::adapters {
namespace {

// Bounds. The largest real headers (vocabularies of 256k tokens with merges and scores) have some
// 30 MB.
constexpr std::uint64_t kLongestHeader = 256ULL << 20;
constexpr std::uint64_t kMostKeys = 1ULL << 14;
constexpr std::uint64_t kMostTensors = 1ULL << 17;
constexpr std::uint64_t kLongestName = 127;       // ggml itself stops at 63
constexpr std::uint64_t kLongestKey = 65535;      // of the specification
constexpr std::uint64_t kLongestKept = 1024;      // texts that matter are names
constexpr std::uint64_t kLongestList = 1024;      // lists that matter have an element per layer
constexpr std::uint64_t kMostKept = 16ULL << 20;  // all keys, texts and lists together
constexpr int kDeepestList = 4;
constexpr std::int64_t kMostElements = 1LL << 50;
constexpr std::uint64_t kLeastKeyBytes = 8 + 4 + 1;
constexpr std::uint64_t kLeastTensorBytes = 8 + 4 + 4 + 8;

enum class Kind : std::uint32_t {
  u8,
  i8,
  u16,
  i16,
  u32,
  i32,
  f32,
  flag,
  text,
  list,
  u64,
  i64,
  f64
};

/// Bytes of a value of fixed size; 0 for texts and lists; nothing for unknown kinds.
std::optional<std::uint64_t> fixed_size(Kind kind) {
  switch (kind) {
    case Kind::u8:
    case Kind::i8:
    case Kind::flag: return 1;
    case Kind::u16:
    case Kind::i16: return 2;
    case Kind::u32:
    case Kind::i32:
    case Kind::f32: return 4;
    case Kind::u64:
    case Kind::i64:
    case Kind::f64: return 8;
    case Kind::text:
    case Kind::list: return 0;
  }
  return std::nullopt;
}

bool is_whole(Kind kind) {
  const auto size = fixed_size(kind);
  return size && *size > 0 && kind != Kind::f32 && kind != Kind::f64;
}

class HeaderReader {
 public:
  explicit HeaderReader(ByteSource& source) : source_(source), in_(source, kLongestHeader) {}

  Result<GgufHeader> read() {
    read_preamble();
    const std::uint64_t tensors = in_.number<std::uint64_t>();
    const std::uint64_t keys = in_.number<std::uint64_t>();
    judge_count("tensors", tensors, kLeastTensorBytes, kMostTensors);
    judge_count("metadata keys", keys, kLeastKeyBytes, kMostKeys);
    for (std::uint64_t i = 0; i < keys && in_.ok(); ++i) read_entry();
    for (std::uint64_t i = 0; i < tensors && in_.ok(); ++i) read_tensor();
    finish();
    if (!in_.ok()) return tl::unexpected<Error>(in_.error());
    return std::move(header_);
  }

 private:
  void refuse(std::string message) { in_.refuse(ErrorCode::malformed, std::move(message)); }

  void read_preamble() {
    if (in_.text(4) != "GGUF") return refuse("this is not a GGUF file");
    header_.version = in_.number<std::uint32_t>();
    if (!in_.ok() || header_.version == 2 || header_.version == 3) return;
    const bool swapped = header_.version != 0 && (header_.version & 0xffff) == 0;
    in_.refuse(ErrorCode::unsupported,
               swapped
                   ? "this is a big-endian GGUF file; rigor reads little-endian ones"
                   : fmt::format("GGUF version {} is not supported; rigor reads versions 2 and 3",
                                 header_.version));
  }

  /// A file of that many bytes cannot hold more.
  void judge_count(std::string_view what, std::uint64_t count, std::uint64_t each,
                   std::uint64_t most) {
    if (!in_.ok()) return;
    if (count > in_.remaining() / each) {
      refuse(fmt::format("it announces {} {}, more than {} bytes can hold", count, what,
                         in_.remaining()));
    } else if (count > most) {
      in_.refuse(ErrorCode::limit,
                 fmt::format("it announces {} {}; rigor reads {} at most", count, what, most));
    }
  }

  /// A length-prefixed text that must be kept whole.
  std::string short_text(std::string_view what, std::uint64_t longest) {
    const std::uint64_t length = in_.number<std::uint64_t>();
    if (in_.ok() && (length > longest || length > in_.remaining())) {
      refuse(fmt::format("a {} of {} bytes", what, length));
    }
    keep(length);
    std::string text = in_.ok() ? in_.text(length) : std::string();
    if (!is_plain_text(text))
      refuse(fmt::format("a {} that is not text: \"{}\"", what, shown(text)));
    return text;
  }

  void keep(std::uint64_t bytes) {
    kept_ += in_.ok() ? bytes : 0;
    if (kept_ > kMostKept)
      in_.refuse(ErrorCode::limit, fmt::format("more than {} bytes of metadata", kMostKept));
  }

  void skip_text() {
    const std::uint64_t length = in_.number<std::uint64_t>();
    if (length > in_.remaining()) return refuse(fmt::format("a text of {} bytes", length));
    in_.skip(length);
  }

  GgufValue text_value() {
    const std::uint64_t length = in_.number<std::uint64_t>();
    if (length > in_.remaining()) {
      refuse(fmt::format("a text of {} bytes", length));
      return GgufLongText{};
    }
    if (length > kLongestKept) {
      in_.skip(length);
      return GgufLongText{length};
    }
    keep(length);
    return in_.text(length);
  }

  std::int64_t whole(Kind kind) {
    switch (kind) {
      case Kind::u8: return in_.number<std::uint8_t>();
      case Kind::i8: return in_.number<std::int8_t>();
      case Kind::u16: return in_.number<std::uint16_t>();
      case Kind::i16: return in_.number<std::int16_t>();
      case Kind::u32: return in_.number<std::uint32_t>();
      case Kind::i32: return in_.number<std::int32_t>();
      case Kind::i64: return in_.number<std::int64_t>();
      case Kind::flag: return in_.number<std::uint8_t>() != 0 ? 1 : 0;
      default: break;
    }
    constexpr std::uint64_t kTop = std::numeric_limits<std::int64_t>::max();
    return static_cast<std::int64_t>(std::min(in_.number<std::uint64_t>(), kTop));
  }

  GgufValue value(Kind kind) {
    if (!fixed_size(kind)) {
      refuse(fmt::format("unknown kind of value {}", static_cast<std::uint32_t>(kind)));
      return GgufLongText{};
    }
    if (kind == Kind::text) return text_value();
    if (kind == Kind::list) return list_value(0);
    if (kind == Kind::flag) return whole(kind) != 0;
    if (kind == Kind::f32) return double{in_.number<float>()};
    if (kind == Kind::f64) return in_.number<double>();
    return whole(kind);
  }

  GgufList list_value(int depth) {
    const Kind kind{in_.number<std::uint32_t>()};
    GgufList list{.count = in_.number<std::uint64_t>()};
    const auto size = fixed_size(kind);
    if (!in_.ok()) return {};
    if (!size || depth > kDeepestList) {
      refuse(size ? "lists nested too deeply" : "a list of an unknown kind of value");
      return {};
    }
    const std::uint64_t least = *size > 0 ? *size : kind == Kind::text ? 8 : 12;
    if (list.count > in_.remaining() / least) {
      refuse(fmt::format("a list of {} elements, more than the rest of the file can hold",
                         list.count));
      return {};
    }
    read_elements(list, kind, depth);
    return list;
  }

  void read_elements(GgufList& list, Kind kind, int depth) {
    const std::optional<std::uint64_t> fixed = fixed_size(kind);
    RIGOR_ASSERT(fixed.has_value());
    const std::uint64_t size = *fixed;
    if (is_whole(kind) && depth == 0 && list.count <= kLongestList) {
      keep(list.count * sizeof(std::int64_t));
      for (std::uint64_t i = 0; i < list.count && in_.ok(); ++i)
        list.integers.push_back(whole(kind));
    } else if (size > 0) {
      in_.skip(list.count * size);
    } else if (kind == Kind::text) {
      for (std::uint64_t i = 0; i < list.count && in_.ok(); ++i) skip_text();
    } else {
      for (std::uint64_t i = 0; i < list.count && in_.ok(); ++i) list_value(depth + 1);
    }
  }

  void read_entry() {
    std::string key = short_text("metadata key", kLongestKey);
    GgufValue content = value(Kind{in_.number<std::uint32_t>()});
    if (!in_.ok()) return;
    const std::string name = shown(key);
    if (!header_.metadata.add(std::move(key), std::move(content))) {
      refuse(fmt::format("the key \"{}\" appears twice", name));
    }
  }

  void read_tensor() {
    GgufTensor tensor;
    tensor.name = short_text("tensor name", kLongestName);
    const std::uint32_t dimensions = in_.number<std::uint32_t>();
    if (in_.ok() && dimensions > tensor.shape.size()) {
      return refuse(fmt::format("tensor \"{}\" has {} dimensions", tensor.name, dimensions));
    }
    tensor.dimensions = static_cast<int>(dimensions);
    std::int64_t elements = 1;
    for (std::uint32_t i = 0; i < dimensions; ++i) {
      const std::uint64_t extent = in_.number<std::uint64_t>();
      if (in_.ok() &&
          (extent == 0 || extent > static_cast<std::uint64_t>(kMostElements / elements))) {
        return refuse(fmt::format("tensor \"{}\" has an impossible shape", tensor.name));
      }
      tensor.shape[i] = in_.ok() ? static_cast<std::int64_t>(extent) : 1;
      elements *= tensor.shape[i];
    }
    tensor.type = in_.number<std::uint32_t>();
    tensor.offset = in_.number<std::uint64_t>();
    if (in_.ok()) header_.tensors.push_back(std::move(tensor));
  }

  void finish() {
    if (!in_.ok()) return;
    if (const auto stated = header_.metadata.integer("general.alignment")) {
      const bool power = *stated > 0 && *stated <= (1 << 20) && (*stated & (*stated - 1)) == 0;
      if (!power)
        return refuse(fmt::format("general.alignment is {}, not a power of two", *stated));
      header_.alignment = static_cast<std::uint64_t>(*stated);
    }
    const std::uint64_t a = header_.alignment;
    header_.data_start = (in_.position() + a - 1) / a * a;
    header_.file = source_.name();
    header_.file_size = source_.size();
    refuse_twins();
  }

  void refuse_twins() {
    std::vector<std::string_view> names;
    names.reserve(header_.tensors.size());
    for (const GgufTensor& tensor : header_.tensors) names.emplace_back(tensor.name);
    std::sort(names.begin(), names.end());
    const auto twin = std::adjacent_find(names.begin(), names.end());
    if (twin != names.end()) refuse(fmt::format("the tensor \"{}\" appears twice", *twin));
  }

  ByteSource& source_;
  ByteReader in_;
  GgufHeader header_;
  std::uint64_t kept_ = 0;
};

}  // namespace

Result<GgufHeader> read_gguf_header(ByteSource& source) {
  return HeaderReader(source).read();
}

}  // namespace rigor::adapters
