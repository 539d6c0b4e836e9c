#include "adapters/hf/hf_families.hpp"

#include <array>

namespace rigor::adapters {
namespace {

/// Further model_types that are read like one of the rows above.
struct Alias {
  std::string_view model_type;
  std::string_view same_as;
};
constexpr auto kAliases = std::to_array<Alias>({
    {"gemma3", "gemma3_text"},
    {"gemma3n", "gemma3n_text"},
    {"gemma4", "gemma4_text"},
    {"gemma4_unified", "gemma4_text"},
    {"gemma4_unified_text", "gemma4_text"},
    {"llama4", "llama4_text"},
    {"kimi_k25", "deepseek_v3"},
    {"kimi_vl", "deepseek_v3"},
    {"mistral3", "mistral"},
    {"glm4v", "glm4v_text"},
    {"glm4v_moe", "glm4v_moe_text"},
    {"RefinedWeb", "falcon"},
    {"RefinedWebModel", "falcon"},
    {"phi-msft", "phi"},
    {"qwen3_8", "qwen3_5"},
    {"deepseek_v3_2", "deepseek_v32"},
});

const HfFamily* find_row(std::string_view model_type) {
  for (const std::span<const HfFamily> families : {dense_hf_families(), mixed_hf_families()}) {
    for (const HfFamily& family : families) {
      if (family.model_type == model_type) return &family;
    }
  }
  return nullptr;
}

}  // namespace

const HfFamily* find_hf_family(std::string_view model_type) {
  for (const Alias& alias : kAliases) {
    if (alias.model_type == model_type) return find_row(alias.same_as);
  }
  return find_row(model_type);
}

}  // namespace rigor::adapters
