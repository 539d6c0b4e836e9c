#include "adapters/gguf/gguf_facts.hpp"

#include <algorithm>
#include <limits>

namespace rigor::adapters {
namespace {

std::size_t main_layers(const std::vector<GgufNames>& blocks) {
  const auto predicts = [](const GgufNames& block) { return block.has_prefix("nextn."); };
  const auto first = std::find_if(blocks.begin(), blocks.end(), predicts);
  return static_cast<std::size_t>(first - blocks.begin());
}

}  // namespace

int to_int(std::int64_t value) {
  constexpr std::int64_t kTop = std::numeric_limits<int>::max();
  return static_cast<int>(std::clamp<std::int64_t>(value, -1, kTop));
}

GgufFacts::GgufFacts(const GgufMetadata& metadata, const GgufBlocks& tensors,
                     const GgufFamily& family)
    : metadata_(metadata),
      tensors_(tensors),
      family_(family),
      layers_(main_layers(tensors.blocks)) {}

std::string GgufFacts::full(std::string_view key) const {
  std::string result = metadata_.text("general.architecture");
  result += '.';
  result += key;
  return result;
}

int GgufFacts::whole(std::string_view key, int fallback) const {
  const auto value = metadata_.integer(full(key));
  return value ? to_int(*value) : fallback;
}

int GgufFacts::whole_of_layer(std::string_view key, std::size_t layer, int fallback) const {
  const GgufList* values = list(key);
  if (values == nullptr) return whole(key, fallback);
  return layer < values->integers.size() ? to_int(values->integers[layer]) : fallback;
}

bool GgufFacts::flag(std::string_view key, bool fallback) const {
  return metadata_.flag(full(key)).value_or(fallback);
}

const GgufList* GgufFacts::list(std::string_view key) const {
  return metadata_.list(full(key));
}

bool GgufFacts::states(std::string_view key) const {
  return metadata_.has(full(key));
}

const GgufNames& GgufFacts::first_with(std::string_view name) const {
  static const GgufNames kNone;
  for (std::size_t i = 0; i < layers_; ++i) {
    if (block(i).has(name)) return block(i);
  }
  return kNone;
}

}  // namespace rigor::adapters
