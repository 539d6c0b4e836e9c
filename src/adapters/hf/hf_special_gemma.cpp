#include <algorithm>

#include "adapters/hf/hf_special.hpp"

namespace rigor::adapters {
namespace {

using llm::Architecture;
using llm::FeedForward;
using llm::Layer;
using llm::Reach;

void read_per_layer_embedding(ConfigReader& config, Architecture& a) {
  const int width = config.count({"hidden_size_per_layer_input"});
  if (width == 0) return;
  a.per_layer_embedding = llm::PerLayerEmbedding{
      .width = width, .vocabulary = config.count({"vocab_size_per_layer_input"}, a.vocabulary)};
}

/// The dense feed-forward and the experts both run in every layer.
void read_parallel_experts(ConfigReader& config, Architecture& a) {
  if (!a.experts || !config.flag({"enable_moe_block"}, true)) {
    a.experts.reset();
    return;
  }
  a.norms_per_layer = 7;
  a.experts->shared_width = 0;
  a.experts->fused_gate_up = true;
  a.experts->router_extra = std::int64_t{a.hidden} + a.experts->count;
}

/// What layers that see everything have of their own.
void widen_full_layer(ConfigReader& config, Layer& layer) {
  layer.head_dim = config.count({"global_head_dim"}, layer.head_dim);
  const bool alike = config.flag({"attention_k_eq_v"});
  const int kv_heads = config.count({"num_global_key_value_heads"}, layer.kv_heads);
  if (alike) layer.kv_heads = kv_heads;
  layer.values_are_keys = alike;
}

}  // namespace

void before_gemma3n(ConfigReader& config, Architecture& a) {
  read_per_layer_embedding(config, a);
  a.alt_up = llm::AltUp{.inputs = config.count({"altup_num_inputs"}, 4),
                        .laurel_rank = config.count({"laurel_rank"}, 64)};
}

void before_gemma4(ConfigReader& config, Architecture& a) {
  read_per_layer_embedding(config, a);
  read_parallel_experts(config, a);
  a.scalars_per_layer = 1;
  a.rope_factors = config.count({"global_head_dim"}) / 2;
}

/// The last layers read the cache of an earlier one; their projections stay in the checkpoint.
void after_shared_caches(ConfigReader& config, Architecture& a) {
  const auto shared = static_cast<std::size_t>(config.count({"num_kv_shared_layers"}));
  const std::size_t owning = a.layers.size() - std::min(shared, a.layers.size());
  for (std::size_t i = owning; i < a.layers.size(); ++i) a.layers[i].owns_cache = false;
}

void after_gemma4(ConfigReader& config, Architecture& a) {
  after_shared_caches(config, a);
  if (!a.layers.empty() && !config.has("layer_types")) a.layers.back().reach = Reach::full;
  const bool wide = config.flag({"use_double_wide_mlp"});
  const int width = config.count_of_layer({"intermediate_size"}, 0);
  for (Layer& layer : a.layers) {
    if (layer.reach == Reach::full) widen_full_layer(config, layer);
    if (a.experts) layer.feed_forward = FeedForward::dense_and_experts;
    layer.width = wide && !layer.owns_cache ? 2 * std::min(width, 1 << 29) : width;
  }
}

}  // namespace rigor::adapters
