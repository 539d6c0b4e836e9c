#include "adapters/gguf/gguf_parts.hpp"

#include <algorithm>
#include <array>

namespace rigor::adapters {
namespace {

using llm::Architecture;
using llm::FeedForward;
using llm::Layer;
using llm::Mixer;

constexpr std::array<std::string_view, 10> kBlockNorms = {
    "attn_norm.weight",           "attn_norm_2.weight",    "ffn_norm.weight",
    "post_attention_norm.weight", "post_ffw_norm.weight",  "attn_output_norm.weight",
    "layer_output_norm.weight",   "pre_ffw_norm_2.weight", "post_ffw_norm_1.weight",
    "post_ffw_norm_2.weight"};

int quotient(std::int64_t whole, std::int64_t parts) {
  return parts > 0 ? to_int(whole / parts) : 0;
}

const Layer* first_layer(const Architecture& a, Mixer mixer) {
  const auto found = std::find_if(a.layers.begin(), a.layers.end(),
                                  [&](const Layer& layer) { return layer.mixer == mixer; });
  return found == a.layers.end() ? nullptr : &*found;
}

const GgufNames& block_of(const GgufFacts& facts, const Architecture& a, const Layer& layer) {
  return facts.block(static_cast<std::size_t>(&layer - a.layers.data()));
}

int halves(const Layer& layer) {
  return (layer.mixer != Mixer::none ? 1 : 0) + (layer.feed_forward != FeedForward::none ? 1 : 0);
}

/// Norms of a whole layer: one with half the blocks has half the norms.
void derive_norms(const GgufFacts& facts, Architecture& a) {
  const auto fullest =
      std::max_element(a.layers.begin(), a.layers.end(),
                       [](const Layer& x, const Layer& y) { return halves(x) < halves(y); });
  if (fullest != a.layers.end() && halves(*fullest) > 0) {
    const GgufNames& b = block_of(facts, a, *fullest);
    const auto present = std::count_if(kBlockNorms.begin(), kBlockNorms.end(),
                                       [&](std::string_view name) { return b.has(name); });
    a.norms_per_layer = to_int(present) * 2 / halves(*fullest);
  }
  const GgufNames& g = facts.globals();
  const bool bias = g.has("output_norm.bias") || g.has("token_embd_norm.bias");
  const bool rms = facts.states("attention.layer_norm_rms_epsilon") ||
                   !facts.states("attention.layer_norm_epsilon");
  a.norm = bias ? llm::Norm::layer : rms ? llm::Norm::rms : llm::Norm::layer_without_bias;
  a.mixer_or_feed_forward = std::all_of(a.layers.begin(), a.layers.end(),
                                        [](const Layer& layer) { return halves(layer) == 1; }) &&
                            a.plan == llm::Plan::decoder;
}

llm::QkNorm qk_norm_of(const GgufNames& b, const Layer& layer) {
  const std::int64_t weights = b.elements("attn_q_norm.weight");
  if (weights == 0) return llm::QkNorm::none;
  return weights == layer.head_dim ? llm::QkNorm::head : llm::QkNorm::full;
}

void derive_attention(const GgufFacts& facts, Architecture& a) {
  const Layer* layer = first_layer(a, Mixer::attention);
  if (layer == nullptr) return;
  const GgufNames& b = block_of(facts, a, *layer);
  const std::int64_t answers = std::int64_t{layer->heads} * layer->head_dim;
  a.fused_qkv = b.has("attn_qkv.weight");
  a.qkv_bias = b.has("attn_q.bias") || b.has("attn_qkv.bias");
  a.o_bias = b.has("attn_output.bias");
  a.sinks = b.has("attn_sinks.weight");
  a.qk_norm = qk_norm_of(b, *layer);
  a.output_gate = b.rows("attn_q.weight") == 2 * answers || b.rows("attn_gate.weight") == answers;
}

void derive_feed_forward(const GgufFacts& facts, Architecture& a) {
  const GgufNames& dense = facts.first_with("ffn_down.weight");
  const std::int64_t width = dense.columns("ffn_down.weight");
  a.mlp_bias = dense.has("ffn_up.bias");
  a.fused_gate_up =
      width > 0 && !dense.has("ffn_gate.weight") && dense.rows("ffn_up.weight") == 2 * width;
  constexpr std::array<std::string_view, 5> kGates = {"ffn_gate.weight", "ffn_gate_exps.weight",
                                                      "ffn_gate_up_exps.weight",
                                                      "ffn_gate_shexp.weight", "ffn_gate.0.weight"};
  a.gated = a.fused_gate_up ||
            std::any_of(kGates.begin(), kGates.end(),
                        [&](std::string_view name) { return !facts.first_with(name).empty(); });
}

void derive_experts(const GgufFacts& facts, Architecture& a) {
  const bool numbered = facts.first_with("ffn_down_exps.weight").empty();  // files of 2023
  const GgufNames& b = facts.first_with(numbered ? "ffn_down.0.weight" : "ffn_down_exps.weight");
  if (b.empty()) return;
  llm::Experts e;
  e.count = numbered ? facts.whole("expert_count") : to_int(b.extent("ffn_down_exps.weight", 2));
  e.used = facts.whole("expert_used_count", e.count);
  e.width = to_int(b.columns(numbered ? "ffn_down.0.weight" : "ffn_down_exps.weight"));
  e.shared_width = to_int(b.columns("ffn_down_shexp.weight"));
  e.shared_gate = b.has("ffn_gate_inp_shexp.weight");
  e.correction_bias =
      a.plan == llm::Plan::decoder && (b.has("exp_probs_b.bias") || b.has("exp_probs_b.weight"));
  e.expert_bias = b.has("ffn_down_exps.bias");
  e.router_bias = b.has("ffn_gate_inp.bias");
  e.fused_gate_up = b.has("ffn_gate_up_exps.weight");
  if (b.has("ffn_gate_inp.scale")) {
    e.router_extra = b.elements("ffn_gate_inp.scale") + b.elements("ffn_down_exps.scale");
  }
  a.experts = e;
}

void derive_mla(const GgufFacts& facts, Architecture& a) {
  const Layer* layer = first_layer(a, Mixer::mla);
  if (layer == nullptr) return;
  const GgufNames& b = block_of(facts, a, *layer);
  const std::int64_t queries =
      b.rows(b.has("attn_q_b.weight") ? "attn_q_b.weight" : "attn_q.weight");
  llm::Mla m;
  m.q_rank = to_int(b.rows("attn_q_a.weight"));
  m.kv_rank = to_int(b.elements("attn_kv_a_norm.weight"));
  m.rope_dim = to_int(b.rows("attn_kv_a_mqa.weight") - m.kv_rank);
  m.nope_dim = to_int(std::int64_t{quotient(queries, layer->heads)} - m.rope_dim);
  m.v_dim = quotient(b.columns("attn_output.weight"), layer->heads);
  m.index_heads = to_int(b.rows("indexer.proj.weight"));
  m.index_dim = to_int(b.rows("indexer.attn_k.weight"));
  m.index_top = facts.whole("attention.indexer.top_k");
  a.mla = m;
}

void derive_delta_net(const GgufFacts& facts, Architecture& a) {
  const Layer* layer = first_layer(a, Mixer::delta_net);
  if (layer == nullptr) return;
  const GgufNames& b = block_of(facts, a, *layer);
  llm::DeltaNet d;
  d.value_heads = to_int(b.elements("ssm_a"));
  d.value_dim = to_int(b.elements("ssm_norm.weight"));
  d.key_dim = facts.whole("ssm.state_size", d.value_dim);
  d.key_heads = facts.whole("ssm.group_count");
  d.convolution = to_int(b.columns("ssm_conv1d.weight"));
  d.fused_beta_alpha = b.has("ssm_ba.weight");
  a.delta_net = d;
}

void derive_state_space(const GgufFacts& facts, Architecture& a) {
  const Layer* first = first_layer(a, Mixer::mamba1);
  const Layer* second = first_layer(a, Mixer::mamba2);
  if (first == nullptr && second == nullptr) return;
  const GgufNames& b = block_of(facts, a, first != nullptr ? *first : *second);
  const std::int64_t inner = b.columns("ssm_out.weight");
  llm::StateSpace s;
  s.convolution = to_int(b.columns("ssm_conv1d.weight"));
  s.state = facts.whole("ssm.state_size");
  if (first != nullptr) {
    s.inner = to_int(inner);
    s.dt_rank = to_int(b.columns("ssm_dt.weight"));
    s.state = to_int(b.columns("ssm_a"));
  } else {
    s.heads = to_int(b.elements("ssm_a"));
    s.head_dim = quotient(inner, s.heads);
    s.groups = facts.whole("ssm.group_count", 1);
  }
  a.state_space = s;
}

void derive_short_convolution(const GgufFacts& facts, Architecture& a) {
  const GgufNames& b = facts.first_with("shortconv.in_proj.weight");
  if (b.empty()) return;
  a.short_convolution =
      llm::ShortConvolution{.cache = to_int(b.columns("shortconv.conv.weight")),
                            .width = to_int(b.columns("shortconv.out_proj.weight"))};
}

void derive_deepseek_v4(const GgufFacts& facts, Architecture& a) {
  if (a.plan != llm::Plan::deepseek_v4 || a.layers.empty()) return;
  const GgufNames& b = facts.block(0);
  const GgufNames& indexed = facts.first_with("indexer.proj.weight");
  llm::DeepSeekV4 v;
  v.q_rank = to_int(b.rows("attn_q_a.weight"));
  const std::int64_t queries = b.rows("attn_q_b.weight");
  v.o_groups = quotient(queries, b.columns("attn_output_a.weight"));
  v.o_rank = quotient(b.rows("attn_output_a.weight"), v.o_groups);
  v.rope_dim = facts.whole("rope.dimension_count");
  v.index_heads = to_int(indexed.rows("indexer.proj.weight"));
  v.index_dim = quotient(indexed.rows("indexer.attn_q_b.weight"), v.index_heads);
  v.index_top = facts.whole("attention.indexer.top_k");
  v.hyper = to_int(facts.globals().elements("output_hc_base.weight"));
  a.deepseek_v4 = v;
}

void derive_per_layer(const GgufFacts& facts, Architecture& a) {
  const GgufNames& g = facts.globals();
  const GgufNames& b = facts.first_with("inp_gate.weight");
  if (!b.empty()) {
    a.per_layer_embedding =
        llm::PerLayerEmbedding{.width = to_int(b.rows("inp_gate.weight")),
                               .vocabulary = to_int(g.rows("per_layer_token_embd.weight"))};
  }
  if (g.has("altup_proj.weight")) {
    a.alt_up = llm::AltUp{.inputs = to_int(g.extent("altup_proj.weight", 2) + 1),
                          .laurel_rank = to_int(b.rows("laurel_l.weight"))};
  }
  a.scalars_per_layer =
      to_int(facts.first_with("layer_output_scale.weight").elements("layer_output_scale.weight"));
}

llm::MtpKind prediction_kind(const GgufFamily& family) {
  if (family.plan == llm::Plan::deepseek_v4) return llm::MtpKind::deepseek_v4;
  return family.name.starts_with("qwen") ? llm::MtpKind::qwen : llm::MtpKind::deepseek;
}

void derive_prediction(const GgufFacts& facts, Architecture& a) {
  if (facts.prediction_layers() == 0) return;
  a.mtp = llm::Mtp{
      .kind = prediction_kind(facts.family()),
      .layers = to_int(static_cast<std::int64_t>(facts.prediction_layers())),
      .stores_embedding_copies = facts.block(facts.layers()).has("nextn.embed_tokens.weight")};
}

void derive_globals(const GgufFacts& facts, Architecture& a) {
  const GgufNames& g = facts.globals();
  a.tied_embeddings = !g.has("output.weight");
  a.head_bias = g.has("output.bias");
  a.learned_positions = to_int(g.rows("position_embd.weight"));
  a.token_types = to_int(g.rows("token_types.weight"));
  a.rope_factors = to_int(g.elements("rope_freqs.weight") + g.elements("rope_factors_long.weight") +
                          g.elements("rope_factors_short.weight"));
  const bool encoder = a.plan == llm::Plan::bert || a.plan == llm::Plan::nomic_bert;
  a.causal = facts.flag("attention.causal", !encoder);
}

}  // namespace

void derive_parts(const GgufFacts& facts, Architecture& a) {
  derive_globals(facts, a);
  derive_norms(facts, a);
  derive_attention(facts, a);
  derive_feed_forward(facts, a);
  derive_experts(facts, a);
  derive_mla(facts, a);
  derive_delta_net(facts, a);
  derive_state_space(facts, a);
  derive_short_convolution(facts, a);
  derive_deepseek_v4(facts, a);
  derive_per_layer(facts, a);
  derive_prediction(facts, a);
  a.decoder_layers = to_int(static_cast<std::int64_t>(facts.decoder_layers()));
}

}  // namespace rigor::adapters
