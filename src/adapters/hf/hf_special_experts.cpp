#include <algorithm>

#include "adapters/hf/hf_special.hpp"

namespace rigor::adapters {
namespace {

using llm::Architecture;
using llm::FeedForward;
using llm::Layer;
using llm::Reach;

constexpr int kFullEvery = 4;  // Llama 4: three chunked layers, then one that sees everything

void correct_router(Architecture& a) {
  if (a.experts) a.experts->correction_bias = true;
}

}  // namespace

void before_corrected_router(ConfigReader&, Architecture& a) {
  correct_router(a);
}

void before_deepseek(ConfigReader& config, Architecture& a) {
  if (config.text({"model_type"}) != "deepseek_v2") correct_router(a);
}

void before_deepseek_v4(ConfigReader& config, Architecture& a) {
  a.deepseek_v4 = llm::DeepSeekV4{.q_rank = config.count({"q_lora_rank"}),
                                  .o_rank = config.count({"o_lora_rank"}),
                                  .o_groups = config.count({"o_groups"}),
                                  .rope_dim = config.count({"qk_rope_head_dim"}),
                                  .index_heads = config.count({"index_n_heads"}),
                                  .index_dim = config.count({"index_head_dim"}),
                                  .index_top = config.count({"index_topk"}),
                                  .hyper = config.count({"hc_mult"})};
  if (a.mtp) a.mtp = llm::Mtp{.kind = llm::MtpKind::deepseek_v4, .layers = a.mtp->layers};
}

void after_deepseek_v4(ConfigReader& config, Architecture& a) {
  const auto hashed = static_cast<std::size_t>(config.count({"num_hash_layers"}));
  for (std::size_t i = 0; i < a.layers.size(); ++i) {
    a.layers[i].reach = Reach::sliding;
    a.layers[i].compress = config.count_of_layer({"compress_ratios"}, i);
    a.layers[i].hashed_router = i < hashed;
  }
  a.sliding_window = config.count({"sliding_window"});
}

void before_glm4_moe(ConfigReader& config, Architecture& a) {
  if (config.flag({"use_qk_norm"})) a.qk_norm = llm::QkNorm::head;
  correct_router(a);
}

void before_gpt_oss(ConfigReader&, Architecture& a) {
  a.sinks = true;
  if (a.experts) a.experts->expert_bias = a.experts->router_bias = true;
}

void before_hunyuan(ConfigReader& config, Architecture& a) {
  if (config.flag({"use_qk_norm"}, true)) a.qk_norm = llm::QkNorm::head;
  a.gguf = a.experts ? "hunyuan-moe" : "hunyuan-dense";
  const bool shared = config.flag({"use_mixed_mlp_moe"}, true);
  if (a.experts && !shared) a.experts->shared_width = 0;
}

void before_llama4(ConfigReader& config, Architecture& a) {
  a.sliding_window = config.count({"attention_chunk_size"});
  if (a.experts) a.experts->shared_width = a.experts->width;
}

void after_llama4(ConfigReader& config, Architecture& a) {
  const int dense = config.count({"intermediate_size_mlp"});
  const std::vector<int> rotary =
      config.counts("no_rope_layers");  // 1 where there IS rotary embedding
  a.sliding_window = config.count({"attention_chunk_size"});
  for (std::size_t i = 0; i < a.layers.size(); ++i) {
    Layer& layer = a.layers[i];
    if (layer.feed_forward == FeedForward::dense && dense > 0) layer.width = dense;
    const bool full = i < rotary.size() ? rotary[i] == 0 : (i + 1) % kFullEvery == 0;
    if (!config.has("layer_types"))
      layer.reach = full || a.sliding_window == 0 ? Reach::full : Reach::chunked;
  }
}

void before_minimax(ConfigReader& config, Architecture& a) {
  if (config.flag({"use_qk_norm"}, true)) a.qk_norm = llm::QkNorm::full;
  if (a.experts) a.experts->correction_bias = config.flag({"use_routing_bias"}, true);
}

void before_qwen_moe(ConfigReader&, Architecture& a) {
  if (a.experts) a.experts->shared_gate = a.experts->shared_width > 0;
}

}  // namespace rigor::adapters
