#include <algorithm>
#include <cmath>
#include <cstdint>

#include "adapters/hf/hf_special.hpp"

namespace rigor::adapters {
namespace {

using llm::Architecture;
using llm::FeedForward;
using llm::Layer;
using llm::Mixer;
using llm::Reach;

void set_kv_heads(Architecture& a, int kv_heads) {
  for (Layer& layer : a.layers) layer.kv_heads = kv_heads;
}

int round_up(std::int64_t value, std::int64_t step) {
  return static_cast<int>((value + step - 1) / step * step);
}

/// One block of a network that was pruned layer by layer (nvidia/Llama-3_3-Nemotron-Super-49B-v1
/// config.json).
void apply_block(ConfigReader& block, const Architecture& a, Layer& layer) {
  std::optional<ConfigReader> attention = block.inside("attention");
  std::optional<ConfigReader> ffn = block.inside("ffn");
  if (!attention || !ffn) return block.complain("a block of block_configs lacks attention or ffn");
  const int sharing = attention->count({"n_heads_in_group"});
  if (attention->flag({"no_op"}) || attention->flag({"replace_with_linear"}) || sharing == 0) {
    layer.mixer = Mixer::none;
    layer.heads = layer.kv_heads = layer.head_dim = 0;
    if (attention->flag({"replace_with_linear"}))
      block.note("a block whose attention is replaced by a matrix");
  } else {
    layer.kv_heads = layer.heads / sharing;
  }
  constexpr double kWidest = 64;
  const double multiple = ffn->real({"ffn_mult"}, 0.0);
  layer.width = 0;
  if (ffn->flag({"no_op"}) || !(multiple > 0 && multiple <= kWidest)) {
    layer.feed_forward = FeedForward::none;
    if (ffn->flag({"replace_with_linear"}))
      block.note("a block whose feed-forward is replaced by a matrix");
  } else {
    layer.width = round_up(static_cast<std::int64_t>(2 * multiple * a.hidden / 3), 256);
  }
  for (const ConfigReader* part : {&*attention, &*ffn}) {
    if (!part->complaint().empty()) block.complain(part->complaint());
  }
}

}  // namespace

void before_learned_positions(ConfigReader&, Architecture& a) {
  a.learned_positions = a.context;
}

void before_chatglm(ConfigReader& config, Architecture& a) {
  a.qkv_bias = config.flag({"add_qkv_bias"});
  a.o_bias = a.mlp_bias = config.flag({"add_bias_linear"});
}

void before_cohere(ConfigReader& config, Architecture& a) {
  if (config.flag({"use_qk_norm"})) a.qk_norm = llm::QkNorm::full;
}

void before_falcon(ConfigReader& config, Architecture& a) {
  const bool newer = config.flag({"new_decoder_architecture"}) || config.has("n_head_kv");
  const bool parallel = newer || config.flag({"parallel_attn"}, true);
  a.norms_per_layer = newer && config.count({"num_ln_in_parallel_attn"}, 2) == 2 ? 2
                      : parallel                                                 ? 1
                                                                                 : 2;
  a.qkv_bias = a.o_bias = a.mlp_bias = config.flag({"bias"});
}

void after_falcon(ConfigReader& config, Architecture& a) {
  const bool newer = config.flag({"new_decoder_architecture"}) || config.has("n_head_kv");
  if (!newer && config.flag({"multi_query"}, true)) set_kv_heads(a, 1);
}

void after_gpt_bigcode(ConfigReader& config, Architecture& a) {
  if (config.flag({"multi_query"}, true)) set_kv_heads(a, 1);
}

void before_opt(ConfigReader& config, Architecture& a) {
  a.learned_positions = a.context + 2;
  if (!config.flag({"enable_bias"}, true)) a.qkv_bias = a.o_bias = a.mlp_bias = false;
  if (config.count({"word_embed_proj_dim"}, a.hidden) != a.hidden) {
    config.note(
        "the projection between embeddings of another width and the layers (word_embed_proj_dim)");
  }
}

void before_seed_oss(ConfigReader& config, Architecture& a) {
  a.qkv_bias = config.flag({"attention_bias"}, true);
  a.o_bias = config.flag({"attention_out_bias"});
}

void before_stablelm(ConfigReader& config, Architecture& a) {
  a.qkv_bias = config.flag({"use_qkv_bias"});
  if (config.flag({"qk_layernorm"})) a.qk_norm = llm::QkNorm::full;
  if (config.flag({"use_parallel_residual"})) a.norms_per_layer = 1;
}

void before_starcoder2(ConfigReader& config, Architecture& a) {
  if (!config.flag({"use_bias"}, true)) a.qkv_bias = a.o_bias = a.mlp_bias = false;
}

void after_nemotron_nas(ConfigReader& config, Architecture& a) {
  const JsonNode* node = config.find({"block_configs"});
  const JsonNode::List* blocks = node != nullptr ? node->list() : nullptr;
  if (blocks == nullptr || blocks->size() != a.layers.size())
    return config.complain("block_configs has not one entry per layer");
  for (std::size_t i = 0; i < blocks->size(); ++i) {
    ConfigReader block((*blocks)[i], config.file());
    apply_block(block, a, a.layers[i]);
    if (!block.complaint().empty()) return config.complain(block.complaint());
    for (const std::string& note : block.notes()) config.note(note);
  }
}

/// The first Qwen states the width of gate and up together.
void after_qwen1(ConfigReader&, Architecture& a) {
  for (Layer& layer : a.layers) layer.width /= 2;
}

/// Windows are off unless asked for, and then start at a layer.
void after_qwen2(ConfigReader& config, Architecture& a) {
  const int window = config.count({"sliding_window"});
  if (config.has("layer_types") || !config.flag({"use_sliding_window"}) || window == 0) return;
  const auto first = static_cast<std::size_t>(config.count({"max_window_layers"}));
  for (std::size_t i = std::min(first, a.layers.size()); i < a.layers.size(); ++i) {
    a.layers[i].reach = Reach::sliding;
    a.sliding_window = window;
  }
}

}  // namespace rigor::adapters
