#include "llm/stored_model.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

namespace rigor::llm {
namespace {

struct NamedRole {
  std::string_view name;
  Role role;
};

// Names of ggml-org/llama.cpp gguf-py/gguf/constants.py and src/llama-arch.cpp, without "blk.N."
// and ending.
constexpr auto kGgufRoles = std::to_array<NamedRole>({
    {"token_embd", Role::token_embedding},
    {"position_embd", Role::position_embedding},
    {"token_types", Role::position_embedding},
    {"attn_rel_b", Role::position_embedding},
    {"cross_attn_rel_b", Role::position_embedding},
    {"per_layer_token_embd", Role::per_layer_embedding},
    {"per_layer_model_proj", Role::per_layer_projection},
    {"altup_proj", Role::per_layer_projection},
    {"altup_unembd_proj", Role::per_layer_projection},
    {"altup_correct_coef", Role::per_layer_projection},
    {"altup_correct_scale", Role::norm},
    {"altup_predict_coef", Role::per_layer_projection},
    {"altup_router", Role::per_layer_projection},
    {"laurel_l", Role::per_layer_projection},
    {"laurel_r", Role::per_layer_projection},
    {"inp_gate", Role::per_layer_gate},
    {"proj", Role::per_layer_gate},
    {"output", Role::output_head},
    {"attn_q", Role::attention_q},
    {"attn_k", Role::attention_k},
    {"attn_v", Role::attention_v},
    {"attn_qkv", Role::attention_qkv},
    {"attn_output", Role::attention_output},
    {"attn_o", Role::attention_output},
    {"attn_out", Role::attention_output},
    {"cross_attn_q", Role::attention_q},
    {"cross_attn_k", Role::attention_k},
    {"cross_attn_v", Role::attention_v},
    {"cross_attn_o", Role::attention_output},
    {"attn_gate", Role::attention_gate},
    {"attn_sinks", Role::bias},
    {"attn_q_a", Role::mla_q_a},
    {"attn_q_b", Role::mla_q_b},
    {"attn_kv_a_mqa", Role::mla_kv_a},
    {"attn_kv", Role::mla_kv_a},
    {"attn_kv_b", Role::mla_kv_b},
    {"attn_k_b", Role::mla_k_b},
    {"attn_v_b", Role::mla_v_b},
    {"attn_output_a", Role::mla_o_a},
    {"attn_output_b", Role::mla_o_b},
    {"attn_compressor_kv", Role::compressor},
    {"attn_compressor_gate", Role::compressor},
    {"attn_compressor_ape", Role::compressor},
    {"indexer_compressor_kv", Role::compressor},
    {"indexer_compressor_gate", Role::compressor},
    {"indexer_compressor_ape", Role::compressor},
    {"indexer.proj", Role::indexer},
    {"indexer.attn_k", Role::indexer},
    {"indexer.attn_q_b", Role::indexer},
    {"ffn_gate", Role::ffn_gate},
    {"ffn_up", Role::ffn_up},
    {"ffn_down", Role::ffn_down},
    {"ffn_gate_exps", Role::experts_gate},
    {"ffn_gate_up_exps", Role::experts_gate},
    {"ffn_up_exps", Role::experts_up},
    {"ffn_down_exps", Role::experts_down},
    {"ffn_gate_chexps", Role::experts_gate},
    {"ffn_up_chexps", Role::experts_up},
    {"ffn_down_chexps", Role::experts_down},
    {"ffn_gate_shexp", Role::shared_gate},
    {"ffn_up_shexp", Role::shared_up},
    {"ffn_down_shexp", Role::shared_down},
    {"ffn_gate_inp", Role::router},
    {"ffn_gate_inp_shexp", Role::router},
    {"ffn_gate_tid2eid", Role::state_small},
    {"exp_probs_b", Role::bias},
    {"layer_output_scale", Role::bias},
    {"ssm_in", Role::state_in},
    {"ssm_out", Role::state_out},
    {"ssm_x", Role::state_x},
    {"ssm_dt", Role::state_dt},
    {"ssm_ba", Role::state_dt},
    {"ssm_beta", Role::state_dt},
    {"ssm_alpha", Role::state_dt},
    {"ssm_conv1d", Role::state_small},
    {"ssm_conv1d_q", Role::state_small},
    {"ssm_conv1d_k", Role::state_small},
    {"ssm_conv1d_v", Role::state_small},
    {"ssm_a", Role::state_small},
    {"ssm_d", Role::state_small},
    {"shortconv.in_proj", Role::state_in},
    {"shortconv.out_proj", Role::state_out},
    {"shortconv.conv", Role::state_small},
    {"hc_attn_fn", Role::state_small},
    {"hc_attn_base", Role::state_small},
    {"hc_attn_scale", Role::state_small},
    {"hc_ffn_fn", Role::state_small},
    {"hc_ffn_base", Role::state_small},
    {"hc_ffn_scale", Role::state_small},
    {"output_hc_fn", Role::state_small},
    {"output_hc_base", Role::state_small},
    {"output_hc_scale", Role::state_small},
    {"nextn.eh_proj", Role::next_token},
    {"nextn.embed_tokens", Role::next_token},
    {"nextn.shared_head_head", Role::next_token},
});

constexpr int kLastLayer = 9999;
constexpr std::array<std::string_view, 5> kOtherTowers = {"v.", "mm.", "a.", "resampler.", "s."};
constexpr std::array<std::string_view, 3> kLayerStems = {"blk.", "enc.blk.", "dec.blk."};
constexpr std::array<std::string_view, 4> kEndings = {".weight", ".bias", ".scale", ".input_scale"};

/// Takes "12." off the front; kNoLayer when there is no such number.
int take_number(std::string_view& text) {
  int number = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string_view rest = text.substr(static_cast<std::size_t>(end - text.data()));
  if (code != std::errc() || number < 0 || number > kLastLayer || !rest.starts_with('.'))
    return kNoLayer;
  text = rest.substr(1);
  return number;
}

/// Takes "blk.12." off the front and returns the 12.
int take_layer(std::string_view& name) {
  for (const std::string_view stem : kLayerStems) {
    if (!name.starts_with(stem)) continue;
    std::string_view rest = name.substr(stem.size());
    const int layer = take_number(rest);
    if (layer != kNoLayer) name = rest;
    return layer;
  }
  return kNoLayer;
}

/// Takes ".weight" and the like off the back; files of 2023 also number the experts:
/// "ffn_up.7.weight".
std::string_view take_ending(std::string_view& name) {
  std::string_view ending;
  for (const std::string_view candidate : kEndings) {
    if (!name.ends_with(candidate)) continue;
    ending = candidate.substr(1);
    name.remove_suffix(candidate.size());
  }
  return ending;
}

bool take_expert_number(std::string_view& name) {
  const std::size_t last = name.find_last_not_of("0123456789");
  if (last == std::string_view::npos || last + 1 == name.size() || name[last] != '.') return false;
  name = name.substr(0, last);
  return true;
}

Role routed(Role role) {
  switch (role) {
    case Role::ffn_gate: return Role::experts_gate;
    case Role::ffn_up: return Role::experts_up;
    case Role::ffn_down: return Role::experts_down;
    default: return role;
  }
}

Role role_of(std::string_view name) {
  const bool numbered = take_expert_number(name);
  if (name.find("norm") != std::string_view::npos) return Role::norm;
  for (const NamedRole& known : kGgufRoles) {
    if (known.name == name) return numbered ? routed(known.role) : known.role;
  }
  return Role::other;
}

/// A vector beside a matrix belongs to the small tensors; convolution biases stay with their
/// kernel.
Role beside(Role role) {
  switch (role) {
    case Role::norm:
    case Role::state_small:
    case Role::other: return role;
    case Role::state_dt: return Role::state_small;
    default: return Role::bias;
  }
}

}  // namespace

Bytes StoredModel::size() const {
  Bytes sum;
  for (const StoredTensor& tensor : tensors) sum += tensor.size;
  return sum;
}

void classify_gguf(StoredTensor& tensor) {
  std::string_view name = tensor.name;
  tensor.layer = kNoLayer;
  const auto prefixes = [&](std::string_view stem) { return name.starts_with(stem); };
  if (std::any_of(kOtherTowers.begin(), kOtherTowers.end(), prefixes)) {
    tensor.role = Role::vision;
    return;
  }
  tensor.layer = take_layer(name);
  if (tensor.layer == kNoLayer && (name.starts_with("enc.") || name.starts_with("dec.")))
    name.remove_prefix(4);
  const std::string_view ending = take_ending(name);
  const Role role = role_of(name);
  tensor.role = ending == "weight" || ending.empty() ? role : beside(role);
}

}  // namespace rigor::llm
