#include <cstdint>

#include "adapters/hf/hf_special.hpp"

namespace rigor::adapters {
namespace {

using llm::Architecture;
using llm::FeedForward;
using llm::Layer;
using llm::StateSpace;

constexpr int kLargest = 1 << 30;

int bounded(std::int64_t value) {
  return static_cast<int>(std::min<std::int64_t>(value, kLargest));
}

/// A rank that may be written as "auto": a sixteenth of the hidden size.
int step_rank(ConfigReader& config, std::string_view name, int hidden) {
  const JsonNode* node = config.find({name});
  if (node == nullptr || node->text() != nullptr) return (hidden + 15) / 16;
  return config.count({name});
}

/// Weights of the original Mamba code are padded to a multiple of this many words.
void pad_vocabulary(ConfigReader& config, Architecture& a) {
  const int step = config.count({"pad_vocab_size_multiple"}, 1);
  if (step > 1) a.vocabulary = bounded((std::int64_t{a.vocabulary} + step - 1) / step * step);
}

}  // namespace

void before_granite_hybrid(ConfigReader& config, Architecture& a) {
  a.state_space = StateSpace{.heads = config.count({"mamba_n_heads"}),
                             .head_dim = config.count({"mamba_d_head"}),
                             .state = config.count({"mamba_d_state"}),
                             .groups = config.count({"mamba_n_groups"}, 1),
                             .convolution = config.count({"mamba_d_conv"}, 4)};
  const std::int64_t inner = std::int64_t{config.count({"mamba_expand"}, 2)} * a.hidden;
  if (a.state_space->head_dim == 0 && a.state_space->heads > 0) {  // "auto"
    a.state_space->head_dim = bounded(inner / a.state_space->heads);
  }
}

/// Without experts, what is called the shared one is the whole feed-forward.
void after_granite_hybrid(ConfigReader& config, Architecture& a) {
  const int width = config.count({"shared_intermediate_size", "intermediate_size"});
  for (Layer& layer : a.layers) {
    if (layer.feed_forward == FeedForward::dense) layer.width = width;
  }
}

void before_jamba(ConfigReader& config, Architecture& a) {
  a.state_space =
      StateSpace{.state = config.count({"mamba_d_state"}, 16),
                 .convolution = config.count({"mamba_d_conv"}, 4),
                 .inner = bounded(std::int64_t{config.count({"mamba_expand"}, 2)} * a.hidden),
                 .dt_rank = step_rank(config, "mamba_dt_rank", a.hidden)};
}

void before_lfm2(ConfigReader& config, Architecture& a) {
  a.short_convolution = llm::ShortConvolution{.cache = config.count({"conv_L_cache"}, 3),
                                              .width = config.count({"conv_dim"}, a.hidden)};
  if (a.experts) a.experts->correction_bias = config.flag({"use_expert_bias"}, true);
}

/// The width may be stated before it is cut to two thirds and rounded.
void after_lfm2(ConfigReader& config, Architecture& a) {
  if (!config.flag({"block_auto_adjust_ff_dim"})) return;
  const double multiplier = config.real({"block_ffn_dim_multiplier"}, 1.0);
  const std::int64_t step = config.count({"block_multiple_of"}, 256);
  if (!(multiplier > 0 && multiplier < 64) || step < 1)
    return config.complain("block_ffn_dim_multiplier is odd");
  const int stated = config.count({"block_ff_dim", "intermediate_size"});
  const std::int64_t two_thirds =
      2 * std::int64_t{stated} / 3;  // rounded down, as the code of the network does
  const auto cut = static_cast<std::int64_t>(multiplier * static_cast<double>(two_thirds));
  for (Layer& layer : a.layers) {
    if (layer.feed_forward == FeedForward::dense)
      layer.width = bounded((cut + step - 1) / step * step);
  }
}

void before_mamba(ConfigReader& config, Architecture& a) {
  const int inner = bounded(std::int64_t{config.count({"expand"}, 2)} * a.hidden);
  a.state_space = StateSpace{.state = config.count({"state_size", "d_state"}, 16),
                             .convolution = config.count({"conv_kernel", "d_conv"}, 4),
                             .inner = config.count({"intermediate_size"}, inner),
                             .dt_rank = step_rank(config, "time_step_rank", a.hidden)};
  pad_vocabulary(config, a);
}

void before_mamba2(ConfigReader& config, Architecture& a) {
  constexpr int kUsualHead = 64;
  const int head_dim = config.count({"head_dim"}, kUsualHead);
  const std::int64_t inner = std::int64_t{config.count({"expand"}, 2)} * a.hidden;
  a.state_space =
      StateSpace{.heads = config.count({"num_heads"}, head_dim > 0 ? bounded(inner / head_dim) : 0),
                 .head_dim = head_dim,
                 .state = config.count({"state_size", "d_state"}, 128),
                 .groups = config.count({"n_groups"}, 1),
                 .convolution = config.count({"conv_kernel", "d_conv"}, 4)};
  pad_vocabulary(config, a);
}

void before_nemotron_h(ConfigReader& config, Architecture& a) {
  a.mixer_or_feed_forward = true;
  a.state_space = StateSpace{.heads = config.count({"mamba_num_heads"}),
                             .head_dim = config.count({"mamba_head_dim"}),
                             .state = config.count({"ssm_state_size"}),
                             .groups = config.count({"n_groups"}, 1),
                             .convolution = config.count({"conv_kernel"}, 4)};
  if (!a.experts) return;
  a.gguf = "nemotron_h_moe";
  a.experts->correction_bias = true;
  if (config.has("moe_latent_size"))
    config.note("experts that work on a compressed hidden state (moe_latent_size)");
}

void before_qwen3_5(ConfigReader& config, Architecture& a) {
  a.output_gate = config.flag({"attn_output_gate"}, true);
  before_qwen_moe(config, a);
}

void before_qwen3_next(ConfigReader& config, Architecture& a) {
  before_qwen3_5(config, a);
  if (a.delta_net) a.delta_net->fused_beta_alpha = true;
}

}  // namespace rigor::adapters
