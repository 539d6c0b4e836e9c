#include "adapters/model/architecture_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace rigor::adapters {
namespace {

using llm::Architecture;
using llm::FeedForward;
using llm::Layer;
using llm::Mixer;
using llm::Plan;

// The bounds of the catalogue: an order of magnitude above anything published.
constexpr std::int64_t kMostLayers = 1024;
constexpr std::int64_t kMostWords = 1 << 23;
constexpr std::int64_t kMostTokens = 1 << 27;
constexpr std::int64_t kWidest = 1 << 20;
constexpr std::int64_t kWidestHidden = 1 << 18;
constexpr std::int64_t kMostExperts = 1 << 13;
constexpr std::int64_t kMost = 1 << 16;
constexpr std::int64_t kMostHeads = 1 << 12;
constexpr std::int64_t kWidestExperts = 1LL
                                        << 31;  // of one layer; keeps parameter counts below 2^62

struct Bound {
  std::string_view what;
  std::int64_t value;
  std::int64_t low;
  std::int64_t high;
};

/// The first value out of its bounds.
template <std::size_t N>
std::string outside(const std::array<Bound, N>& bounds) {
  for (const Bound& b : bounds) {
    if (b.value < b.low || b.value > b.high) return fmt::format("{} is {}", b.what, b.value);
  }
  return {};
}

std::string in_scalars(const Architecture& a) {
  return outside(std::array{
      Bound{"the vocabulary", a.vocabulary, 1, kMostWords},
      Bound{"the hidden size", a.hidden, 1, kWidestHidden},
      Bound{"the number of layers", static_cast<std::int64_t>(a.layers.size()), 1, kMostLayers},
      Bound{"the number of decoder layers", a.decoder_layers, 0, kMostLayers},
      Bound{"the context", a.context, 0, kMostTokens},
      Bound{"the sliding window", a.sliding_window, 0, kMostTokens},
      Bound{"the number of learned positions", a.learned_positions, 0, kMostTokens},
      Bound{"the number of token types", a.token_types, 0, kMost},
      Bound{"the number of rotary factors", a.rope_factors, 0, kMost},
      Bound{"the number of norms in a layer", a.norms_per_layer, 0, 16},
      Bound{"the number of scalars in a layer", a.scalars_per_layer, 0, 16},
      Bound{"the number of mel bins", a.mel_bins, 0, kMost},
      Bound{"the number of audio positions", a.audio_positions, 0, kWidest},
  });
}

std::string in_experts(const Architecture& a) {
  if (!a.experts) return {};
  const llm::Experts& e = *a.experts;
  std::string wrong = outside(std::array{
      Bound{"the number of experts", e.count, 1, kMostExperts},
      Bound{"the number of experts used", e.used, 1, e.count},
      Bound{"the width of an expert", e.width, 1, kWidest},
      Bound{"the width of the shared experts", e.shared_width, 0, kWidest},
      Bound{"the number of further router parameters", e.router_extra, 0, kWidest},
  });
  if (wrong.empty() && std::int64_t{e.count} * e.width > kWidestExperts) {
    return fmt::format("the width of all experts together is {}", std::int64_t{e.count} * e.width);
  }
  return wrong;
}

std::string in_mla(const Architecture& a) {
  if (!a.mla) return {};
  const llm::Mla& m = *a.mla;
  std::string wrong = outside(std::array{
      Bound{"the query rank", m.q_rank, 0, kMost}, Bound{"the key-value rank", m.kv_rank, 1, kMost},
      Bound{"the rotary width", m.rope_dim, 0, kMost}, Bound{"the key width", m.nope_dim, 1, kMost},
      Bound{"the value width", m.v_dim, 1, kMost},
      Bound{"the number of indexer heads", m.index_heads, 0, kMost},
      Bound{"the indexer's width", m.index_dim, 0, kMost},
      Bound{"the indexer's choice", m.index_top, 0, kMostTokens}});
  if (wrong.empty() && m.index_heads > 0 && m.q_rank == 0)
    return "an indexer without compressed queries";
  return wrong;
}

std::string in_recurrent(const Architecture& a) {
  if (a.delta_net) {
    const llm::DeltaNet& d = *a.delta_net;
    std::string wrong = outside(
        std::array{Bound{"the number of DeltaNet key heads", d.key_heads, 1, kMostHeads},
                   Bound{"the number of DeltaNet value heads", d.value_heads, 1, kMostHeads},
                   Bound{"the DeltaNet key width", d.key_dim, 1, kMostHeads},
                   Bound{"the DeltaNet value width", d.value_dim, 1, kMostHeads},
                   Bound{"the DeltaNet convolution", d.convolution, 1, 64}});
    if (!wrong.empty()) return wrong;
  }
  if (a.short_convolution) {
    std::string wrong = outside(std::array{
        Bound{"the short convolution", a.short_convolution->cache, 1, 64},
        Bound{"the width of the short convolution", a.short_convolution->width, 1, kWidest}});
    if (!wrong.empty()) return wrong;
  }
  if (!a.state_space) return {};
  const llm::StateSpace& s = *a.state_space;
  if ((s.heads == 0) == (s.inner == 0))
    return "a state space with neither heads nor an inner width";
  return outside(std::array{
      Bound{"the number of state-space heads", s.heads, 0, kMostHeads},
      Bound{"the width of a state-space head", s.head_dim, s.heads > 0 ? 1 : 0, kMost},
      Bound{"the state size", s.state, 1, kMost},
      Bound{"the number of state groups", s.groups, 1, kMost},
      Bound{"the state-space convolution", s.convolution, 1, 64},
      Bound{"the inner width", s.inner, 0, kWidest}, Bound{"the step rank", s.dt_rank, 0, kMost}});
}

std::string in_extras(const Architecture& a) {
  if (a.per_layer_embedding) {
    std::string wrong = outside(std::array{
        Bound{"the width of the per-layer embedding", a.per_layer_embedding->width, 1, kMost},
        Bound{"the vocabulary of the per-layer embedding", a.per_layer_embedding->vocabulary, 1,
              kMostWords}});
    if (!wrong.empty()) return wrong;
  }
  if (a.alt_up) {
    std::string wrong =
        outside(std::array{Bound{"the number of AltUp inputs", a.alt_up->inputs, 1, 64},
                           Bound{"the LAuReL rank", a.alt_up->laurel_rank, 1, kMost}});
    if (!wrong.empty()) return wrong;
  }
  if (a.mtp && (a.mtp->layers < 1 || a.mtp->layers > 64)) {
    return fmt::format("the number of prediction layers is {}", a.mtp->layers);
  }
  if (!a.deepseek_v4) return {};
  const llm::DeepSeekV4& v = *a.deepseek_v4;
  return outside(std::array{Bound{"the query rank", v.q_rank, 1, kMost},
                            Bound{"the output rank", v.o_rank, 1, kMost},
                            Bound{"the number of output groups", v.o_groups, 1, kMost},
                            Bound{"the rotary width", v.rope_dim, 0, kMost},
                            Bound{"the number of indexer heads", v.index_heads, 0, kMost},
                            Bound{"the indexer's width", v.index_dim, 0, kMost},
                            Bound{"the indexer's choice", v.index_top, 0, kMostTokens},
                            Bound{"the number of residual streams", v.hyper, 1, 64}});
}

std::string in_vision(const Architecture& a) {
  if (!a.vision) return {};
  const llm::Vision& v = *a.vision;
  return outside(std::array{
      Bound{"the image encoder's hidden size", v.hidden, 1, kMost},
      Bound{"its width", v.width, 1, kWidest}, Bound{"its depth", v.depth, 1, kMostLayers},
      Bound{"its number of heads", v.heads, 1, kMost}, Bound{"its patch size", v.patch, 1, 1024},
      Bound{"its merge size", v.merge, 0, 64},
      Bound{"its temporal patch size", v.temporal_patch, 0, 64},
      Bound{"its number of positions", v.positions, 0, kWidest},
      Bound{"its output", v.output, 0, kMost}, Bound{"its image size", v.image, 0, kMost},
      Bound{"its projector", v.projector, 0, kMost},
      Bound{"its head width", v.head_dim, 0, kMost}});
}

bool has_table(const Architecture& a, Mixer mixer) {
  switch (mixer) {
    case Mixer::none:
    case Mixer::attention: return true;
    case Mixer::mla: return a.mla.has_value();
    case Mixer::delta_net: return a.delta_net.has_value();
    case Mixer::mamba1: return a.state_space && a.state_space->inner > 0;
    case Mixer::mamba2: return a.state_space && a.state_space->heads > 0;
    case Mixer::short_conv: return a.short_convolution.has_value();
  }
  return false;
}

std::string in_attention(const Layer& layer) {
  if (layer.mixer != Mixer::attention && layer.mixer != Mixer::mla) return {};
  if (layer.heads < 1 || layer.heads > kMostHeads) return fmt::format("has {} heads", layer.heads);
  if (layer.head_dim < 1 || layer.head_dim > kMost)
    return fmt::format("has heads of width {}", layer.head_dim);
  if (layer.kv_heads < 1 || layer.kv_heads > layer.heads || layer.heads % layer.kv_heads != 0) {
    return fmt::format("has {} heads for {} key-value heads", layer.heads, layer.kv_heads);
  }
  return {};
}

std::string in_layer(const Architecture& a, const Layer& layer) {
  const FeedForward kind = layer.feed_forward;
  const bool dense = kind == FeedForward::dense || kind == FeedForward::dense_and_experts;
  const bool routed = kind == FeedForward::experts || kind == FeedForward::dense_and_experts;
  if (!has_table(a, layer.mixer)) return "is of a kind whose dimensions are not stated";
  if (routed && !a.experts) return "has experts whose dimensions are not stated";
  if (layer.width < (dense ? 1 : 0) || layer.width > kWidest) {
    return fmt::format("has a feed-forward width of {}", layer.width);
  }
  if (layer.reach != llm::Reach::full && a.sliding_window == 0)
    return "has a window that is not stated";
  return in_attention(layer);
}

std::string in_plan(const Architecture& a) {
  if ((a.plan == Plan::deepseek_v4) != a.deepseek_v4.has_value())
    return "the DeepSeek-V4 dimensions are missing";
  if (a.plan == Plan::deepseek_v4 && !a.experts) return "the experts' dimensions are missing";
  const bool attends = std::any_of(a.layers.begin(), a.layers.end(), [](const Layer& layer) {
    return layer.mixer == Mixer::attention || layer.mixer == Mixer::mla;
  });
  if (a.mtp && !attends) return "prediction layers without a layer that attends";
  const bool two_stacks = a.plan == Plan::t5 || a.plan == Plan::whisper;
  if (!two_stacks && a.decoder_layers > 0) return "a second stack of layers";
  return {};
}

}  // namespace

std::string contradiction(const Architecture& a) {
  for (const auto check :
       {in_scalars, in_experts, in_mla, in_recurrent, in_extras, in_vision, in_plan}) {
    if (std::string wrong = check(a); !wrong.empty()) return wrong;
  }
  for (std::size_t i = 0; i < a.layers.size(); ++i) {
    if (std::string wrong = in_layer(a, a.layers[i]); !wrong.empty())
      return fmt::format("layer {} {}", i, wrong);
  }
  return {};
}

}  // namespace rigor::adapters
