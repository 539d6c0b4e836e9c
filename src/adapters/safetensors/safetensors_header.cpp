#include "adapters/safetensors/safetensors_header.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "adapters/bytes/plain_text.hpp"
#include "adapters/json/json_events.hpp"
#include "llm/quantization.hpp"
#include "units/unit_text.hpp"

namespace rigor::adapters {
namespace {

constexpr std::uint64_t kLongestHeader = 100'000'000;  // of the format
constexpr std::size_t kMostTensors = 1ULL << 18;
constexpr std::size_t kLongestName = 1024;
constexpr std::uint64_t kMostElements = 1ULL << 50;
constexpr std::size_t kMostDimensions = 16;

/// A type of the format, bits of one element, and what rigor calls it.
struct Dtype {
  std::string_view name;
  std::uint64_t bits;
  std::string_view type;
};
constexpr auto kDtypes = std::to_array<Dtype>({
    {"BF16", 16, "bf16"},
    {"F16", 16, "f16"},
    {"F32", 32, "f32"},
    {"F64", 64, "f64"},
    {"F8_E4M3", 8, "fp8_e4m3"},
    {"F8_E5M2", 8, "fp8_e5m2"},
    {"F8_E8M0", 8, ""},
    {"F8_E4M3FNUZ", 8, ""},
    {"F8_E5M2FNUZ", 8, ""},
    {"F6_E2M3", 6, ""},
    {"F6_E3M2", 6, ""},
    {"F4", 4, ""},
    {"I8", 8, "i8"},
    {"I16", 16, "i16"},
    {"I32", 32, "i32"},
    {"I64", 64, "i64"},
    {"U8", 8, ""},
    {"U16", 16, ""},
    {"U32", 32, ""},
    {"U64", 64, ""},
    {"BOOL", 8, ""},
    {"C64", 64, ""},
});

const Dtype* find_dtype(std::string_view name) {
  const auto found =
      std::find_if(kDtypes.begin(), kDtypes.end(), [&](const Dtype& d) { return d.name == name; });
  return found == kDtypes.end() ? nullptr : &*found;
}

/// One tensor as the header has it.
struct Entry {
  std::string name;
  const Dtype* dtype = nullptr;
  std::uint64_t elements = 1;
  std::uint64_t begin = 0, end = 0;
};

/// Reads `{ "name": { "dtype": "BF16", "shape": [..], "data_offsets": [b, e] }, "__metadata__": {
/// .. } }`.
class HeaderEvents final : public JsonEvents {
 public:
  void begin_object() override {
    ++depth_;
    if (depth_ == 2 && !in_metadata_) start_tensor();
    if (depth_ > 2) refuse("a tensor's entry holds an object");
  }
  void end_object() override {
    if (depth_ == 2 && !in_metadata_) finish_tensor();
    if (depth_ == 2) in_metadata_ = false;
    --depth_;
  }
  void key(std::string name) override {
    if (depth_ == 1) {
      in_metadata_ = name == "__metadata__";
      name_ = std::move(name);
    } else {
      field_ = std::move(name);
    }
  }
  void begin_list() override {
    if (depth_ != 2 || in_metadata_ || in_list_) refuse("a list where none belongs");
    in_list_ = true;
  }
  void end_list() override { in_list_ = false; }
  void scalar(JsonScalar value) override {
    if (in_metadata_ && depth_ == 2) return;
    if (depth_ != 2) return refuse("this is not a safetensors header: an entry is no object");
    if (in_list_) {
      number(value);
    } else if (field_ == "dtype") {
      dtype(value);
    } else {
      refuse(fmt::format("tensor \"{}\" has an unknown field \"{}\"", shown(name_), shown(field_)));
    }
  }

  std::vector<Entry> take() { return std::move(entries_); }

 private:
  void start_tensor() {
    entry_ = Entry{.name = name_};
    shape_ = offsets_ = 0;
    if (name_.size() > kLongestName || !is_plain_text(name_)) {
      refuse(fmt::format("a tensor name that is not text: \"{}\"", shown(name_)));
    }
  }

  void dtype(const JsonScalar& value) {
    const auto* name = std::get_if<std::string>(&value);
    entry_.dtype = name != nullptr ? find_dtype(*name) : nullptr;
    if (entry_.dtype != nullptr) return;
    refuse(fmt::format("tensor \"{}\" is of the unknown type \"{}\"", entry_.name,
                       name != nullptr ? shown(*name) : "?"));
  }

  void number(const JsonScalar& value) {
    const auto* whole = std::get_if<std::int64_t>(&value);
    if (whole == nullptr || *whole < 0) {
      return refuse(fmt::format("tensor \"{}\" has a {} that is no whole number", entry_.name,
                                shown(field_)));
    }
    const auto count = static_cast<std::uint64_t>(*whole);
    if (field_ == "shape") return extent(count);
    if (field_ != "data_offsets" || offsets_ == 2) {
      return refuse(
          fmt::format("tensor \"{}\" has an odd list \"{}\"", entry_.name, shown(field_)));
    }
    (offsets_++ == 0 ? entry_.begin : entry_.end) = count;
  }

  void extent(std::uint64_t count) {
    const bool fits = count == 0 || entry_.elements <= kMostElements / count;
    if (++shape_ > kMostDimensions || !fits) {
      return refuse(fmt::format("tensor \"{}\" has an impossible shape", entry_.name));
    }
    entry_.elements *= count;
  }

  void finish_tensor() {
    if (entry_.dtype == nullptr || offsets_ != 2) {
      return refuse(fmt::format("tensor \"{}\" lacks its type or its offsets", shown(name_)));
    }
    if (entries_.size() >= kMostTensors)
      return refuse(fmt::format("more than {} tensors", kMostTensors));
    entries_.push_back(std::move(entry_));
  }

  std::vector<Entry> entries_;
  Entry entry_;
  std::string name_, field_;
  std::size_t shape_ = 0;    // numbers of the shape seen
  std::size_t offsets_ = 0;  // offsets seen
  int depth_ = 0;
  bool in_metadata_ = false;
  bool in_list_ = false;
};

Result<std::uint64_t> header_length(ByteSource& source) {
  const Result<std::string> bytes = source.read(0, 8);
  if (!bytes) return tl::unexpected<Error>(bytes.error());
  std::uint64_t length = 0;
  if (bytes->size() < 8)
    return fail(ErrorCode::malformed, "the file ends inside its header", source.name());
  std::memcpy(&length, bytes->data(), 8);
  if (length < 2 || length > kLongestHeader) {
    return fail(
        ErrorCode::malformed,
        fmt::format("this is not a safetensors file: its header would have {} bytes", length),
        source.name());
  }
  if (length > source.size() - 8) {
    return fail(ErrorCode::malformed, "the file ends inside its header", source.name(),
                "an unfinished download? fetch the file again");
  }
  return length;
}

/// Offsets against types and shapes, against each other and against the file.
Result<void> judge(const std::vector<Entry>& entries, std::uint64_t data, const std::string& file) {
  std::vector<const Entry*> order;
  for (const Entry& entry : entries) {
    const std::uint64_t bytes = (entry.elements * entry.dtype->bits + 7) / 8;
    if (entry.end < entry.begin || entry.end - entry.begin != bytes) {
      return fail(
          ErrorCode::malformed,
          fmt::format("the tensor \"{}\" has {} bytes by its shape, its offsets are {} and {}",
                      entry.name, bytes, entry.begin, entry.end),
          file);
    }
    if (entry.end > data) {
      return fail(ErrorCode::malformed,
                  fmt::format("the file ends {} before its last tensor does",
                              to_text(static_cast<double>(entry.end - data) * byte)),
                  file, "an unfinished download? fetch the file again");
    }
    order.push_back(&entry);
  }
  std::sort(order.begin(), order.end(), [](const Entry* a, const Entry* b) {
    return std::pair(a->begin, a->end) < std::pair(b->begin, b->end);
  });
  const auto overlap = std::adjacent_find(
      order.begin(), order.end(), [](const Entry* a, const Entry* b) { return b->begin < a->end; });
  if (overlap == order.end()) return {};
  return fail(ErrorCode::malformed,
              fmt::format("the tensors \"{}\" and \"{}\" overlap", (*overlap)->name,
                          (*(overlap + 1))->name),
              file);
}

Result<void> refuse_twins(const std::vector<Entry>& entries, const std::string& file) {
  std::vector<std::string_view> names;
  for (const Entry& entry : entries) names.emplace_back(entry.name);
  std::sort(names.begin(), names.end());
  const auto twin = std::adjacent_find(names.begin(), names.end());
  if (twin == names.end()) return {};
  return fail(ErrorCode::malformed, fmt::format("the tensor \"{}\" appears twice", *twin), file);
}

std::vector<llm::StoredTensor> classified(std::vector<Entry> entries) {
  std::vector<llm::StoredTensor> tensors;
  tensors.reserve(entries.size());
  for (Entry& entry : entries) {
    llm::StoredTensor tensor;
    tensor.name = std::move(entry.name);
    tensor.elements = static_cast<std::int64_t>(entry.elements);
    tensor.size = static_cast<double>(entry.end - entry.begin) * byte;
    tensor.type = entry.dtype->type.empty() ? nullptr : llm::find_tensor_type(entry.dtype->type);
    llm::classify_checkpoint(tensor);
    tensors.push_back(std::move(tensor));
  }
  return tensors;
}

}  // namespace

Result<std::vector<llm::StoredTensor>> read_safetensors_header(ByteSource& source) {
  const Result<std::uint64_t> length = header_length(source);
  if (!length) return tl::unexpected<Error>(length.error());
  const Result<std::string> text = source.read(8, *length);
  if (!text) return tl::unexpected<Error>(text.error());
  HeaderEvents events;
  if (auto parsed = parse_json(*text, source.name(), events); !parsed)
    return tl::unexpected<Error>(parsed.error());
  std::vector<Entry> entries = events.take();
  const std::string& file = source.name();
  if (auto unique = refuse_twins(entries, file); !unique)
    return tl::unexpected<Error>(unique.error());
  if (auto sound = judge(entries, source.size() - 8 - *length, file); !sound) {
    return tl::unexpected<Error>(sound.error());
  }
  return classified(std::move(entries));
}

}  // namespace rigor::adapters
