#include "estimate/memory/training_widths.hpp"

#include <algorithm>

namespace rigor::estimate {
namespace {

using llm::Architecture;
using llm::FeedForward;
using llm::Layer;
using llm::Mixer;

void set_attention(LayerWidths& w, const Architecture& a, const Layer& layer) {
  w.heads = layer.heads;
  w.answers = w.heads * layer.head_dim;
  w.queries = a.output_gate ? 2 * w.answers : w.answers;
  w.keys = 1.0 * layer.kv_heads * layer.head_dim;
  w.values = w.keys;
}

/// While training, latent keys and values are expanded to all heads.
void set_latent_attention(LayerWidths& w, const llm::Mla& mla, const Layer& layer) {
  w.heads = layer.heads;
  w.queries = w.heads * (mla.nope_dim + mla.rope_dim);
  w.keys = w.queries;
  w.values = w.heads * mla.v_dim;
  w.answers = w.values;
}

/// Input projection, convolution and output; the scan itself is recomputed by its kernel.
void set_recurrent(LayerWidths& w, const Architecture& a, const Layer& layer) {
  if (layer.mixer == Mixer::delta_net && a.delta_net) {
    const double values = 1.0 * a.delta_net->value_heads * a.delta_net->value_dim;
    const double mixed = 2.0 * a.delta_net->key_heads * a.delta_net->key_dim + values;
    w.mixer_input = mixed + values;
    w.recurrent = w.mixer_input + mixed + 2 * values;
    w.answers = values;
  } else if (layer.mixer == Mixer::short_conv && a.short_convolution) {
    w.answers = a.short_convolution->width;
    w.mixer_input = 3 * w.answers;
    w.recurrent = 6 * w.answers;
  } else if (a.state_space) {
    const llm::StateSpace& s = *a.state_space;
    const double mixed = s.heads > 0 ? 2.0 * s.groups * s.state : 0.0;
    w.answers = s.heads > 0 ? 1.0 * s.heads * s.head_dim : s.inner;
    w.mixer_input = 2 * w.answers + mixed + s.heads;
    w.recurrent = w.mixer_input + w.answers + mixed + 2 * w.answers;
  }
}

void set_mixer(LayerWidths& w, const Architecture& a, const Layer& layer) {
  switch (layer.mixer) {
    case Mixer::none: return;
    case Mixer::attention: set_attention(w, a, layer); break;
    case Mixer::mla:
      if (a.mla) set_latent_attention(w, *a.mla, layer);
      break;
    default: set_recurrent(w, a, layer);
  }
  w.halves += 1;
}

void set_feed_forward(LayerWidths& w, const Architecture& a, const Layer& layer) {
  const FeedForward kind = layer.feed_forward;
  if (kind == FeedForward::none) return;
  w.halves += 1;
  w.feed_forward = w.live = layer.width;
  w.largest_matrix = layer.width;
  if (kind == FeedForward::dense || !a.experts) return;
  const llm::Experts& e = *a.experts;
  w.feed_forward += 1.0 * e.used * e.width + e.shared_width;
  w.live += 1.0 * e.used * e.width / std::max(1, e.count) + e.shared_width;
  w.routed = e.used;
  w.largest_matrix = std::max(w.largest_matrix, 1.0 * std::max(e.width, e.shared_width));
}

}  // namespace

bool same_widths(const Layer& a, const Layer& b) {
  return a.mixer == b.mixer && a.feed_forward == b.feed_forward && a.heads == b.heads &&
         a.kv_heads == b.kv_heads && a.head_dim == b.head_dim && a.width == b.width;
}

LayerWidths layer_widths(const Architecture& architecture, const Layer& layer) {
  LayerWidths w;
  w.hidden = architecture.hidden;
  set_mixer(w, architecture, layer);
  set_feed_forward(w, architecture, layer);
  w.norms = architecture.norms_per_layer * w.halves / 2;
  w.largest_matrix = w.hidden * std::max({w.largest_matrix, w.queries, w.mixer_input});
  return w;
}

}  // namespace rigor::estimate
