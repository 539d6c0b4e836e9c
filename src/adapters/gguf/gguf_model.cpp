#include "adapters/gguf/gguf_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <map>
#include <string_view>
#include <utility>

#include "adapters/bytes/plain_text.hpp"
#include "adapters/gguf/gguf_architecture.hpp"
#include "adapters/gguf/gguf_layout.hpp"

namespace rigor::adapters {
namespace {

constexpr int kMostParts = 999;

/// general.file_type: ggml-org/llama.cpp include/llama.h, enum llama_ftype.
constexpr std::array<std::string_view, 42> kFileTypes = {
    "F32",      "F16",    "Q4_0",    "Q4_1",      "",       "",         "",
    "Q8_0",     "Q5_0",   "Q5_1",    "Q2_K",      "Q3_K_S", "Q3_K_M",   "Q3_K_L",
    "Q4_K_S",   "Q4_K_M", "Q5_K_S",  "Q5_K_M",    "Q6_K",   "IQ2_XXS",  "IQ2_XS",
    "Q2_K_S",   "IQ3_XS", "IQ3_XXS", "IQ1_S",     "IQ4_NL", "IQ3_S",    "IQ3_M",
    "IQ2_S",    "IQ2_M",  "IQ4_XS",  "IQ1_M",     "BF16",   "Q4_0_4_4", "Q4_0_4_8",
    "Q4_0_8_8", "TQ1_0",  "TQ2_0",   "MXFP4_MOE", "NVFP4",  "Q1_0",     "Q2_0"};
constexpr std::int64_t kGuessed = 1024;  // added where the converter was not sure

/// The format that most bytes are stored in.
std::string dominant_type(const std::vector<llm::StoredTensor>& tensors) {
  std::map<std::string_view, double> bytes;
  for (const llm::StoredTensor& tensor : tensors) {
    if (tensor.type != nullptr) bytes[tensor.type->name] += tensor.size.in(byte);
  }
  const auto most = std::max_element(
      bytes.begin(), bytes.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  return most == bytes.end() ? std::string() : std::string(most->first);
}

std::string quantization_of(const GgufMetadata& metadata,
                            const std::vector<llm::StoredTensor>& tensors) {
  const std::int64_t type = metadata.integer("general.file_type").value_or(-1) & ~kGuessed;
  if (type >= 0 && type < static_cast<std::int64_t>(kFileTypes.size())) {
    const std::string_view name = kFileTypes.at(static_cast<std::size_t>(type));
    if (!name.empty()) return std::string(name);
  }
  return dominant_type(tensors);
}

Result<GgufHeader> open_header(const std::string& name, const OpenSource& open) {
  auto source = open(name);
  if (!source) return tl::unexpected<Error>(source.error());
  return read_gguf_header(**source);
}

/// The parts of a network in order; the first one carries its metadata.
class PartsReader {
 public:
  PartsReader(const std::string& name, const OpenSource& open) : name_(name), open_(open) {}

  Result<std::vector<GgufHeader>> read() {
    Result<GgufHeader> header = open_header(name_, open_);
    if (!header) return tl::unexpected<Error>(header.error());
    count_ = header->metadata.integer("split.count").value_or(0);
    if (count_ <= 1) {
      std::vector<GgufHeader> single;
      single.push_back(std::move(*header));
      return single;
    }
    return read_parts(std::move(*header));
  }

 private:
  Result<std::vector<GgufHeader>> read_parts(GgufHeader opened) {
    const std::optional<GgufPart> part = gguf_part(name_);
    if (!part || part->count != count_) {
      return fail(
          ErrorCode::malformed,
          fmt::format("this is one of {} parts, but its name does not end in -0000N-of-{:05}.gguf",
                      count_, count_),
          name_, "give the parts the names they were published with");
    }
    if (auto fits = belongs(opened, part->sibling(part->number), part->number); !fits)
      return tl::unexpected<Error>(fits.error());
    std::vector<GgufHeader> headers;
    for (int number = 1; number <= part->count; ++number) {
      if (number == part->number) continue;
      Result<GgufHeader> header = sibling(*part, number);
      if (!header) return tl::unexpected<Error>(header.error());
      if (auto fits = belongs(*header, part->sibling(number), number); !fits)
        return tl::unexpected<Error>(fits.error());
      headers.push_back(std::move(*header));
    }
    headers.insert(headers.begin() + part->number - 1, std::move(opened));
    return whole(std::move(headers));
  }

  Result<GgufHeader> sibling(const GgufPart& part, int number) const {
    const std::string name = part.sibling(number);
    Result<GgufHeader> header = open_header(name, open_);
    if (header || header.error().code != ErrorCode::not_found) return header;
    return fail(ErrorCode::not_found, fmt::format("part {} of {} is missing", number, part.count),
                name, "all parts must lie in the same folder");
  }

  [[nodiscard]] Result<void> belongs(const GgufHeader& header, const std::string& name,
                                     int number) const {
    if (header.metadata.integer("split.count").value_or(0) == count_ &&
        header.metadata.integer("split.no").value_or(number - 1) == number - 1) {
      return {};
    }
    return fail(ErrorCode::malformed, fmt::format("this is not part {} of {}", number, count_),
                name);
  }

  [[nodiscard]] Result<std::vector<GgufHeader>> whole(std::vector<GgufHeader> headers) const {
    std::int64_t found = 0;
    for (const GgufHeader& header : headers)
      found += static_cast<std::int64_t>(header.tensors.size());
    const std::int64_t stated =
        headers.front().metadata.integer("split.tensors.count").value_or(found);
    if (stated == found) return headers;
    return fail(ErrorCode::malformed,
                fmt::format("its parts hold {} tensors, {} are announced", found, stated), name_);
  }

  const std::string& name_;
  const OpenSource& open_;
  std::int64_t count_ = 0;
};

/// Decoder layers of an encoder-decoder continue after the encoder's.
void renumber_decoder(std::vector<llm::StoredTensor>& tensors) {
  int encoder = 0;
  for (const llm::StoredTensor& tensor : tensors) {
    if (tensor.name.starts_with("enc.blk.")) encoder = std::max(encoder, tensor.layer + 1);
  }
  for (llm::StoredTensor& tensor : tensors) {
    if (tensor.name.starts_with("dec.blk.")) tensor.layer += encoder;
  }
}

Result<void> refuse_twins(const std::vector<llm::StoredTensor>& tensors, const std::string& name) {
  std::vector<std::string_view> names;
  names.reserve(tensors.size());
  for (const llm::StoredTensor& tensor : tensors) names.emplace_back(tensor.name);
  std::sort(names.begin(), names.end());
  const auto twin = std::adjacent_find(names.begin(), names.end());
  if (twin == names.end()) return {};
  return fail(ErrorCode::malformed, fmt::format("the tensor \"{}\" is in two parts", *twin), name);
}

/// The architecture's name for people: what the file says, or its own name.
std::string title(const GgufMetadata& metadata, const std::string& file) {
  const std::string stated = metadata.text("general.name");
  if (!stated.empty()) return shown(stated);
  const std::size_t slash = file.find_last_of('/');
  return slash == std::string::npos ? file : file.substr(slash + 1);
}

}  // namespace

std::string GgufPart::sibling(int other) const {
  return fmt::format("{}-{:05}-of-{:05}.gguf{}", stem, other, count, query);
}

std::optional<GgufPart> gguf_part(const std::string& name) {
  constexpr std::string_view kForm = "-00001-of-00003.gguf";
  const std::size_t end = std::min(name.find('?'), name.size());
  if (end <= kForm.size()) return std::nullopt;
  const std::string_view tail = std::string_view(name).substr(end - kForm.size(), kForm.size());
  const auto number = [&](std::size_t at) {
    int value = 0;
    const char* digits = tail.data() + at;
    const auto [stop, code] = std::from_chars(digits, digits + 5, value);
    return code == std::errc() && stop == digits + 5 ? value : 0;
  };
  GgufPart part{name.substr(0, end - kForm.size()), number(1), number(10), name.substr(end)};
  const bool formed = tail.front() == '-' && tail.substr(6, 4) == "-of-" && tail.ends_with(".gguf");
  const bool sound = part.number >= 1 && part.number <= part.count && part.count <= kMostParts;
  return formed && sound ? std::optional(std::move(part)) : std::nullopt;
}

Result<llm::StoredModel> read_gguf(const std::string& name, const OpenSource& open) {
  Result<std::vector<GgufHeader>> headers = PartsReader(name, open).read();
  if (!headers) return tl::unexpected<Error>(headers.error());
  llm::StoredModel model;
  model.source = name;
  model.format = fmt::format("GGUF v{}", headers->front().version);
  std::vector<GgufTensor> shapes;
  for (GgufHeader& header : *headers) {
    Result<std::vector<llm::StoredTensor>> tensors = stored_tensors(header, model.undetermined);
    if (!tensors) return tl::unexpected<Error>(tensors.error());
    std::move(tensors->begin(), tensors->end(), std::back_inserter(model.tensors));
    std::move(header.tensors.begin(), header.tensors.end(), std::back_inserter(shapes));
  }
  if (auto unique = refuse_twins(model.tensors, name); !unique)
    return tl::unexpected<Error>(unique.error());
  renumber_decoder(model.tensors);
  const GgufMetadata& metadata = headers->front().metadata;
  model.quantization = quantization_of(metadata, model.tensors);
  model.architecture = gguf_architecture(metadata, shapes, model.undetermined);
  if (model.architecture) model.architecture->name = model.architecture->id = title(metadata, name);
  return model;
}

}  // namespace rigor::adapters
