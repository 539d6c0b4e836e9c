#include "adapters/hf/hf_parts.hpp"

#include <algorithm>

namespace rigor::adapters {
namespace {

using llm::Architecture;

void read_biases(ConfigReader& config, const HfFamily& family, Architecture& a) {
  a.qkv_bias = family.qkv_bias;
  a.o_bias = family.o_bias;
  const bool stated = config.has("attention_bias") || config.has("use_bias");
  if (stated && !family.qkv_bias) {
    a.qkv_bias = config.flag({"attention_bias", "use_bias"});
    a.o_bias = a.qkv_bias && family.bias_scope == BiasScope::all;
  }
  a.mlp_bias = family.mlp_bias || config.flag({"mlp_bias"});
  a.head_bias = config.flag({"lm_head_bias"}, family.head_bias);
}

/// Elements of the rope_freqs tensors that a conversion to GGUF adds.
int rope_factors(ConfigReader& config, int head_dim) {
  for (const std::string_view name : {"rope_scaling", "rope_parameters"}) {
    std::optional<ConfigReader> scaling = config.inside(name);
    if (!scaling) continue;
    const std::string kind = scaling->text({"rope_type", "type"});
    if (kind == "llama3") return head_dim / 2;
    const JsonNode* long_factors = scaling->find({"long_factor"});
    if (long_factors != nullptr && long_factors->list() != nullptr) {
      return 2 * static_cast<int>(std::min<std::size_t>(long_factors->list()->size(), 1 << 15));
    }
  }
  return 0;
}

/// How many experts a token is sent to: one number, or one per layer.
int experts_used(ConfigReader& config) {
  return config.count_of_layer({"num_experts_per_tok", "num_experts_per_token", "moe_topk",
                                "top_k_experts", "moe_top_k", "moe_k", "num_selected_experts"},
                               0);
}

int shared_width(ConfigReader& config, int expert_width) {
  const int stated =
      config.count({"shared_expert_intermediate_size", "moe_shared_expert_intermediate_size",
                    "shared_intermediate_size"});
  if (stated > 0) return stated;
  const int experts = config.count_of_layer(
      {"n_shared_experts", "num_shared_experts", "num_shared_expert", "moe_num_shared_experts"}, 0);
  return static_cast<int>(std::min<std::int64_t>(std::int64_t{experts} * expert_width, 1 << 30));
}

void read_experts(ConfigReader& config, Architecture& a) {
  llm::Experts e;
  e.count =
      config.count({"num_experts", "num_local_experts", "n_routed_experts", "moe_num_experts"});
  if (e.count <= 1) return;
  e.used = experts_used(config);
  e.width = config.count_of_layer(
      {"moe_intermediate_size", "expert_intermediate_size", "expert_ffn_hidden_size"}, 0);
  if (e.width == 0) e.width = config.count_of_layer({"intermediate_size"}, 0);
  e.shared_width = shared_width(config, e.width);
  a.experts = e;
}

void read_mla(ConfigReader& config, Architecture& a) {
  if (!config.has("kv_lora_rank")) return;
  llm::Mla m;
  m.q_rank = config.count({"q_lora_rank"});
  m.kv_rank = config.count({"kv_lora_rank"});
  m.rope_dim = config.count({"qk_rope_head_dim"});
  m.nope_dim = config.count({"qk_nope_head_dim"});
  m.v_dim = config.count({"v_head_dim"}, m.nope_dim);
  m.index_heads = config.count({"index_n_heads"});
  m.index_dim = config.count({"index_head_dim"});
  m.index_top = config.count({"index_topk"});
  a.mla = m;
}

void read_delta_net(ConfigReader& config, Architecture& a) {
  if (!config.has("linear_num_value_heads")) return;
  a.delta_net = llm::DeltaNet{.key_heads = config.count({"linear_num_key_heads"}),
                              .value_heads = config.count({"linear_num_value_heads"}),
                              .key_dim = config.count({"linear_key_head_dim"}),
                              .value_dim = config.count({"linear_value_head_dim"}),
                              .convolution = config.count({"linear_conv_kernel_dim"}, 4)};
}

void read_prediction(ConfigReader& config, Architecture& a) {
  llm::Mtp mtp;
  mtp.layers = config.count({"mtp_num_hidden_layers", "num_nextn_predict_layers"});
  if (mtp.layers == 0) return;
  const bool qwen = config.has("mtp_num_hidden_layers");
  mtp.kind = qwen ? llm::MtpKind::qwen : llm::MtpKind::deepseek;
  mtp.stores_embedding_copies = !qwen;
  a.mtp = mtp;
}

}  // namespace

void read_hf_scalars(ConfigReader& config, const HfFamily& family, Architecture& a) {
  a.family = family.family;
  a.gguf = family.gguf;
  a.plan = family.plan;
  a.norm = family.norm;
  a.norms_per_layer = family.norms;
  a.qk_norm = family.qk_norm;
  a.gated = family.gated;
  a.fused_qkv = family.fused_qkv;
  a.fused_gate_up = family.fused_gate_up;
  a.vocabulary = config.count({"padded_vocab_size", "vocab_size"}, family.defaults.vocabulary);
  a.hidden = config.count({"hidden_size", "n_embd", "d_model", "model_dim"});
  a.context = config.count(
      {"max_position_embeddings", "n_positions", "seq_length", "max_sequence_length", "n_ctx"},
      family.defaults.context);
  a.sliding_window =
      config.count({"sliding_window", "sliding_window_size", "attention_chunk_size"});
  a.tied_embeddings =
      config.flag({"tie_word_embeddings", "tie_embedding", "tie_embeddings"}, family.tied);
  read_biases(config, family, a);
  const int heads = std::max(1, config.count({"num_attention_heads"}, 1));
  a.rope_factors = rope_factors(config, config.count({"head_dim"}, a.hidden / heads));
}

void read_hf_tables(ConfigReader& config, Architecture& a) {
  read_experts(config, a);
  read_mla(config, a);
  read_delta_net(config, a);
  read_prediction(config, a);
}

}  // namespace rigor::adapters
