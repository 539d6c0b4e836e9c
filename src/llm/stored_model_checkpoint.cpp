// Names of Hugging Face checkpoints. Every modelling code has its own words; a tensor is recognised
// by its module's name, read from the back, and by the modules around it.
#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <vector>

#include "base/text.hpp"
#include "llm/stored_model.hpp"

namespace rigor::llm {
namespace {

using Words = std::vector<std::string_view>;

/// What a tensor is called inside its module; quantized modules have several.
constexpr auto kParameterWords = std::to_array<std::string_view>({
    "weight",
    "bias",
    "qweight",
    "qzeros",
    "scales",
    "biases",
    "g_idx",
    "weight_packed",
    "weight_scale",
    "weight_scale_inv",
    "weight_scale_2",
    "weight_shape",
    "weight_zero_point",
    "weight_g_idx",
    "weight_global_scale",
    "input_scale",
    "input_global_scale",
    "k_scale",
    "v_scale",
    "absmax",
    "quant_map",
    "nested_absmax",
    "nested_quant_map",
    "quant_state",
    "bitsandbytes__nf4",
    "bitsandbytes__fp4",
    "SCB",
    "weight_format",
    "scale",
});

constexpr auto kTowerWords = std::to_array<std::string_view>({
    "visual",
    "vision_tower",
    "vision_model",
    "vision_encoder",
    "vision_embedder",
    "multi_modal_projector",
    "mm_projector",
    "embed_vision",
    "embed_audio",
    "audio_tower",
    "audio_model",
    "patch_merger",
    "image_newline",
    "vision_embed_tokens",
    "img_processor",
});

constexpr auto kLayerWords =
    std::to_array<std::string_view>({"layers", "h", "layer", "block", "blocks"});

constexpr int kLastLayer = 9999;

struct NamedRole {
  std::string_view name;
  Role role;
};

constexpr auto kModuleRoles = std::to_array<NamedRole>({
    {"embed_tokens", Role::token_embedding},
    {"wte", Role::token_embedding},
    {"word_embeddings", Role::token_embedding},
    {"embed_in", Role::token_embedding},
    {"embedding", Role::token_embedding},
    {"embeddings", Role::token_embedding},
    {"embed", Role::token_embedding},
    {"shared", Role::token_embedding},
    {"wpe", Role::position_embedding},
    {"embed_positions", Role::position_embedding},
    {"position_embeddings", Role::position_embedding},
    {"token_type_embeddings", Role::position_embedding},
    {"relative_attention_bias", Role::position_embedding},
    {"embed_tokens_per_layer", Role::per_layer_embedding},
    {"per_layer_model_projection", Role::per_layer_projection},
    {"altup_projections", Role::per_layer_projection},
    {"altup_unembed_projections", Role::per_layer_projection},
    {"correction_coefs", Role::per_layer_projection},
    {"prediction_coefs", Role::per_layer_projection},
    {"modality_router", Role::per_layer_projection},
    {"linear_left", Role::per_layer_projection},
    {"linear_right", Role::per_layer_projection},
    {"correct_output_scale", Role::norm},
    {"per_layer_input_gate", Role::per_layer_gate},
    {"per_layer_projection", Role::per_layer_gate},
    {"lm_head", Role::output_head},
    {"embed_out", Role::output_head},
    {"output_layer", Role::output_head},
    {"head", Role::output_head},
    {"q_proj", Role::attention_q},
    {"k_proj", Role::attention_k},
    {"v_proj", Role::attention_v},
    {"query", Role::attention_q},
    {"key", Role::attention_k},
    {"value", Role::attention_v},
    {"q", Role::attention_q},
    {"k", Role::attention_k},
    {"v", Role::attention_v},
    {"o", Role::attention_output},
    {"qkv_proj", Role::attention_qkv},
    {"query_key_value", Role::attention_qkv},
    {"c_attn", Role::attention_qkv},
    {"Wqkv", Role::attention_qkv},
    {"W_pack", Role::attention_qkv},
    {"in_proj_qkv", Role::attention_qkv},
    {"in_proj_qkvz", Role::attention_qkv},
    {"in_proj_z", Role::attention_gate},
    {"o_proj", Role::attention_output},
    {"q_a_proj", Role::mla_q_a},
    {"wq_a", Role::mla_q_a},
    {"q_b_proj", Role::mla_q_b},
    {"wq_b", Role::mla_q_b},
    {"kv_a_proj_with_mqa", Role::mla_kv_a},
    {"wkv", Role::mla_kv_a},
    {"kv_b_proj", Role::mla_kv_b},
    {"wo_a", Role::mla_o_a},
    {"wo_b", Role::mla_o_b},
    {"sinks", Role::bias},
    {"gate_proj", Role::ffn_gate},
    {"up_proj", Role::ffn_up},
    {"gate_up_proj", Role::ffn_up},
    {"down_proj", Role::ffn_down},
    {"gate_up_proj_blocks", Role::ffn_up},
    {"gate_up_proj_scales", Role::ffn_up},
    {"gate_up_proj_bias", Role::bias},
    {"down_proj_blocks", Role::ffn_down},
    {"down_proj_scales", Role::ffn_down},
    {"down_proj_bias", Role::bias},
    {"w1", Role::ffn_gate},
    {"w3", Role::ffn_up},
    {"w2", Role::ffn_down},
    {"wi", Role::ffn_up},
    {"wi_0", Role::ffn_gate},
    {"wi_1", Role::ffn_up},
    {"wo", Role::ffn_down},
    {"fc1", Role::ffn_up},
    {"fc2", Role::ffn_down},
    {"c_fc", Role::ffn_up},
    {"input_linear", Role::ffn_up},
    {"output_linear", Role::ffn_down},
    {"dense_h_to_4h", Role::ffn_up},
    {"dense_4h_to_h", Role::ffn_down},
    {"gate", Role::router},
    {"router", Role::router},
    {"layer", Role::router},  // block_sparse_moe.router.layer (Granite)
    {"shared_expert_gate", Role::router},
    {"tid2eid", Role::state_small},
    {"attn_sink", Role::bias},
    {"e_score_correction_bias", Role::bias},
    {"expert_bias", Role::bias},
    {"per_expert_scale", Role::bias},
    {"layer_scalar", Role::bias},
    {"in_proj", Role::state_in},
    {"x_proj", Role::state_x},
    {"dt_proj", Role::state_dt},
    {"in_proj_ba", Role::state_dt},
    {"in_proj_a", Role::state_dt},
    {"in_proj_b", Role::state_dt},
    {"conv1d", Role::state_small},
    {"conv", Role::state_small},
    {"A_log", Role::state_small},
    {"D", Role::state_small},
    {"dt_bias", Role::state_small},
    {"eh_proj", Role::next_token},
});

bool has(const Words& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

template <std::size_t N>
bool has_any(const Words& words, const std::array<std::string_view, N>& list) {
  return std::any_of(list.begin(), list.end(),
                     [&](std::string_view word) { return has(words, word); });
}

int layer_of(const Words& words) {
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    if (std::find(kLayerWords.begin(), kLayerWords.end(), words[i]) == kLayerWords.end()) continue;
    int number = 0;
    const std::string_view next = words[i + 1];
    const auto [end, code] = std::from_chars(next.data(), next.data() + next.size(), number);
    const bool whole = code == std::errc() && end == next.data() + next.size();
    if (whole && number >= 0 && number <= kLastLayer) return number;
  }
  return kNoLayer;
}

bool is_parameter_word(std::string_view word) {
  return std::find(kParameterWords.begin(), kParameterWords.end(), word) != kParameterWords.end();
}

/// Modules whose own name says too little: `dense`, `c_proj` and `out_proj` stand for several
/// things.
Role role_by_surroundings(std::string_view module, const Words& words) {
  const bool attends = has(words, "attention") || has(words, "attn") || has(words, "self_attn") ||
                       has(words, "self_attention") || has(words, "encoder_attn");
  const bool recurrent =
      has(words, "mixer") || has(words, "mamba") || has(words, "linear_attn") || has(words, "conv");
  if (module == "out_proj") return recurrent && !attends ? Role::state_out : Role::attention_output;
  if (module == "c_proj") return attends ? Role::attention_output : Role::ffn_down;
  if (module != "dense") return Role::other;
  if (has(words, "intermediate")) return Role::ffn_up;
  if (has(words, "pooler")) return Role::other;
  return attends ? Role::attention_output : Role::ffn_down;
}

Role role_of_module(std::string_view module, const Words& words) {
  if (module.find("norm") != std::string_view::npos || module.starts_with("ln_")) return Role::norm;
  for (const NamedRole& known : kModuleRoles) {
    if (known.name == module) return known.role;
  }
  if (module.starts_with("hc_")) return Role::state_small;  // hyper-connections
  if (has(words, "router")) return Role::router;
  return role_by_surroundings(module, words);
}

Role shared(Role role) {
  switch (role) {
    case Role::ffn_gate: return Role::shared_gate;
    case Role::ffn_up: return Role::shared_up;
    case Role::ffn_down: return Role::shared_down;
    default: return role;
  }
}

Role routed(Role role) {
  switch (role) {
    case Role::ffn_gate: return Role::experts_gate;
    case Role::ffn_up: return Role::experts_up;
    case Role::ffn_down: return Role::experts_down;
    default: return role;
  }
}

/// Feed-forward words inside expert modules, attention words inside indexers, embeddings inside
/// layers.
Role in_context(Role role, const Words& words, int layer) {
  if (has(words, "indexer") && role != Role::norm) return Role::indexer;
  if (has(words, "compressor") && role != Role::norm) return Role::compressor;
  if (has(words, "experts") || has(words, "block_sparse_moe")) return routed(role);
  if (has(words, "shared_experts") || has(words, "shared_expert") || has(words, "shared_mlp"))
    return shared(role);
  const bool copy = role == Role::token_embedding || role == Role::output_head;
  return copy && layer != kNoLayer ? Role::next_token : role;
}

}  // namespace

void classify_checkpoint(StoredTensor& tensor) {
  const Words words = split(tensor.name, '.');
  tensor.layer = kNoLayer;
  if (has_any(words, kTowerWords)) {
    tensor.role = Role::vision;
    return;
  }
  if (words.front() == "mtp") {
    tensor.role = Role::next_token;
    return;
  }
  tensor.layer = layer_of(words);
  std::size_t last = words.size();
  while (last > 1 && is_parameter_word(words[last - 1])) --last;
  const Role role = role_of_module(words[last - 1], words);
  const bool small = role == Role::norm || role == Role::state_small;
  tensor.role =
      words.back() == "bias" && !small ? Role::bias : in_context(role, words, tensor.layer);
}

}  // namespace rigor::llm
