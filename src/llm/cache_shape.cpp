#include "llm/cache_shape.hpp"

namespace rigor::llm {
namespace {

int window_of(const Architecture& a, const Layer& layer) {
  return layer.reach == Reach::full ? 0 : a.sliding_window;
}

/// Keys and values are one vector; compressed entries stand beside the window (CSA and HCA layers).
LayerCache latent_cache(const Architecture& a, const Layer& layer) {
  LayerCache cache{.keys = layer.head_dim, .window = a.sliding_window, .ratio = layer.compress};
  if (layer.compress > 0) cache.compressed_keys = layer.head_dim;
  if (layer.compress == kIndexedCompression)
    cache.compressed_index_keys = stated(a.deepseek_v4).index_dim;
  return cache;
}

/// The compressed vector serves as key and value; the rotary part is key only.
LayerCache mla_cache(const Mla& mla) {
  return {.keys = std::int64_t{mla.kv_rank} + mla.rope_dim,
          .index_keys = mla.index_heads > 0 ? mla.index_dim : 0};
}

}  // namespace

LayerCache layer_cache(const Architecture& a, const Layer& layer) {
  if (!a.causal || !layer.owns_cache) return {};
  if (a.plan == Plan::deepseek_v4) return latent_cache(a, layer);
  if (layer.mixer == Mixer::mla) return mla_cache(stated(a.mla));
  if (layer.mixer != Mixer::attention) return {};
  const std::int64_t width = std::int64_t{layer.kv_heads} * layer.head_dim;
  return {.keys = width, .values = width, .window = window_of(a, layer)};
}

RecurrentState recurrent_state(const Architecture& a, const Layer& layer) {
  switch (layer.mixer) {
    case Mixer::delta_net: {
      const DeltaNet& d = stated(a.delta_net);
      const std::int64_t values = std::int64_t{d.value_heads} * d.value_dim;
      return {values * d.key_dim, 2 * std::int64_t{d.key_heads} * d.key_dim + values,
              d.convolution};
    }
    case Mixer::mamba1: {
      const StateSpace& s = stated(a.state_space);
      return {std::int64_t{s.inner} * s.state, s.inner, s.convolution};
    }
    case Mixer::mamba2: {
      const StateSpace& s = stated(a.state_space);
      const std::int64_t inner = std::int64_t{s.heads} * s.head_dim;
      return {inner * s.state, inner + 2 * std::int64_t{s.groups} * s.state, s.convolution};
    }
    case Mixer::short_conv: {
      const ShortConvolution& c = stated(a.short_convolution);
      return {0, c.width, c.cache};
    }
    default: return {};
  }
}

int generating_layers(const Architecture& a) {
  if (!a.causal) return 0;
  const bool two_stacks = a.plan == Plan::t5 || a.plan == Plan::whisper;
  return two_stacks ? a.decoder_layers : static_cast<int>(a.layers.size());
}

}  // namespace rigor::llm
