#include "adapters/gguf/gguf_layers.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace rigor::adapters {
namespace {

using llm::Architecture;
using llm::FeedForward;
using llm::Layer;
using llm::Mixer;
using llm::Reach;

Mixer mixer_of(const GgufNames& b) {
  if (b.has("attn_kv_a_mqa.weight")) return Mixer::mla;
  if (b.has("shortconv.in_proj.weight")) return Mixer::short_conv;
  if (b.has("ssm_ba.weight") || (b.has("ssm_beta.weight") && b.has("ssm_alpha.weight")))
    return Mixer::delta_net;
  if (b.has("ssm_x.weight")) return Mixer::mamba1;
  if (b.has("ssm_in.weight")) return Mixer::mamba2;
  const bool attends =
      b.has("attn_q.weight") || b.has("attn_qkv.weight") || b.has("attn_kv.weight");
  return attends ? Mixer::attention : Mixer::none;
}

FeedForward feed_forward_of(const GgufNames& b) {
  const bool dense = b.has("ffn_down.weight");
  const bool experts = b.has("ffn_down_exps.weight") || b.has("ffn_down.0.weight");
  if (dense && experts) return FeedForward::dense_and_experts;
  if (experts) return FeedForward::experts;
  return dense ? FeedForward::dense : FeedForward::none;
}

/// Which layers see a window only, as the file or else the family has it.
class WindowRule {
 public:
  WindowRule(const GgufFacts& facts, int context)
      : windows_(facts.family().windows),
        period_(facts.family().period),
        window_(facts.whole("attention.sliding_window", facts.family().window)),
        list_(facts.list("attention.sliding_window_pattern")) {
    const int stated = facts.whole("attention.sliding_window_pattern");
    if (stated > 0) period_ = stated;
    if (stated > 0 && windows_ == Windows::stated) windows_ = Windows::last_full;
    if (windows_ == Windows::every && context > 0 && window_ >= context) window_ = 0;
  }

  [[nodiscard]] int window() const { return window_; }
  [[nodiscard]] bool is_open() const {
    return window_ > 0 && windows_ == Windows::stated && list_ == nullptr;
  }
  [[nodiscard]] bool applies_to(std::size_t layer) const {
    if (window_ <= 0) return false;
    if (list_ != nullptr) return layer < list_->integers.size() && list_->integers[layer] != 0;
    return sees_window(windows_, period_, layer);
  }

 private:
  Windows windows_;
  int period_;
  int window_;
  const GgufList* list_;
};

/// The head dimension that the shapes show, or the one the metadata states.
int head_dim_of(const GgufNames& b, const Layer& layer, int stated) {
  const auto share = [&](std::int64_t rows, std::int64_t parts) {
    return rows > 0 && parts > 0 && rows % parts == 0 ? to_int(rows / parts) : stated;
  };
  if (b.has("attn_kv.weight")) return to_int(b.rows("attn_kv.weight"));
  if (b.has("attn_k.weight")) return share(b.rows("attn_k.weight"), layer.kv_heads);
  if (b.has("attn_qkv.weight")) {
    return share(b.rows("attn_qkv.weight"),
                 std::int64_t{layer.heads} + 2 * std::int64_t{layer.kv_heads});
  }
  return stated;
}

void set_heads(const GgufFacts& facts, const Architecture& a, std::size_t i, Layer& layer) {
  const GgufNames& b = facts.block(i);
  layer.heads = facts.whole_of_layer("attention.head_count", i);
  layer.kv_heads = facts.whole_of_layer("attention.head_count_kv", i, layer.heads);
  const int equal_share = layer.heads > 0 ? a.hidden / layer.heads : 0;
  int stated = facts.whole("attention.key_length", equal_share);
  if (layer.reach != Reach::full) stated = facts.whole("attention.key_length_swa", stated);
  if (layer.mixer == Mixer::mla) {
    layer.kv_heads = layer.heads;  // the file may count the one compressed head
    layer.head_dim = facts.whole("attention.key_length_mla", stated);
    return;
  }
  layer.head_dim = head_dim_of(b, layer, stated);
  layer.values_are_keys = b.has("attn_k.weight") && !b.has("attn_v.weight");
}

Layer derive(const GgufFacts& facts, const Architecture& a, const WindowRule& windows,
             std::size_t i) {
  const GgufNames& b = facts.block(i);
  Layer layer;
  layer.mixer = mixer_of(b);
  layer.feed_forward = feed_forward_of(b);
  layer.width = to_int(b.columns("ffn_down.weight"));
  const bool attends = layer.mixer == Mixer::attention || layer.mixer == Mixer::mla;
  if (attends && windows.applies_to(i)) layer.reach = facts.family().reach;
  if (attends) set_heads(facts, a, i, layer);
  layer.compress = to_int(b.extent("attn_compressor_ape.weight", 1));
  layer.hashed_router = b.has("ffn_gate_tid2eid.weight");
  return layer;
}

/// Layers from this one on read the cache of an earlier one.
std::size_t caching_layers(const GgufFacts& facts) {
  const int shared = facts.whole("attention.shared_kv_layers");
  if (shared > 0)
    return facts.layers() - std::min(facts.layers(), static_cast<std::size_t>(shared));
  const int fixed = facts.family().cached_layers;
  return fixed > 0 ? static_cast<std::size_t>(fixed) : facts.layers();
}

}  // namespace

void derive_layers(const GgufFacts& facts, Architecture& a,
                   std::vector<std::string>& undetermined) {
  const WindowRule windows(facts, a.context);
  const std::size_t caching = caching_layers(facts);
  for (std::size_t i = 0; i < facts.layers(); ++i) {
    a.layers.push_back(derive(facts, a, windows, i));
    a.layers.back().owns_cache = i < caching;
    if (a.layers.back().reach != Reach::full) a.sliding_window = windows.window();
  }
  if (!windows.is_open()) return;
  undetermined.push_back(
      fmt::format("which layers the sliding window of {} tokens applies to: all are counted as "
                  "seeing everything",
                  windows.window()));
}

}  // namespace rigor::adapters
