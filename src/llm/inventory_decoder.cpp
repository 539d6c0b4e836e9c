#include <algorithm>

#include "base/result.hpp"
#include "llm/inventory.hpp"

namespace rigor::llm {
namespace {

/// A layer without mixer, or without feed-forward, lacks the norms of that half (Nemotron NAS).
int block_norms(const Architecture& a, const Layer& layer) {
  const int halves =
      (layer.mixer != Mixer::none ? 1 : 0) + (layer.feed_forward != FeedForward::none ? 1 : 0);
  return a.norms_per_layer > 1 ? a.norms_per_layer * halves / 2 : a.norms_per_layer;
}

void add_mixer(Inventory& out, const Architecture& a, const Layer& layer) {
  switch (layer.mixer) {
    case Mixer::none: return;
    case Mixer::attention: return add_attention(out, a, layer);
    case Mixer::mla: return add_mla(out, a, layer);
    case Mixer::delta_net: return add_delta_net(out, a);
    case Mixer::mamba1: return add_mamba1(out, a);
    case Mixer::mamba2: return add_mamba2(out, a);
    case Mixer::short_conv: return add_short_convolution(out, a);
  }
}

void add_feed_forward(Inventory& out, const Architecture& a, const Layer& layer) {
  const FeedForward kind = layer.feed_forward;
  if (kind == FeedForward::dense || kind == FeedForward::dense_and_experts) {
    add_dense(out, a, layer.width);
  }
  if (kind == FeedForward::experts || kind == FeedForward::dense_and_experts) add_experts(out, a);
}

void add_per_layer_input(Inventory& out, const Architecture& a) {
  const Size width = stated(a.per_layer_embedding).width;
  out.matrix(Role::per_layer_gate, a.hidden, width);
  out.matrix(Role::per_layer_gate, width, a.hidden);
  out.norm(Norm::rms, a.hidden);
}

void add_alt_up(Inventory& out, const Architecture& a) {
  const AltUp& alt = stated(a.alt_up);
  const Size hidden = a.hidden;
  const Size inputs = alt.inputs;
  out.matrix(Role::per_layer_projection, inputs, inputs);           // correction
  out.matrix(Role::per_layer_projection, inputs, inputs * inputs);  // prediction
  out.matrix(Role::per_layer_projection, hidden, inputs);           // router
  out.norm(Norm::rms, hidden);
  out.vector(Role::norm, hidden);  // correction scale
  out.matrix(Role::per_layer_projection, hidden, alt.laurel_rank);
  out.matrix(Role::per_layer_projection, alt.laurel_rank, hidden);
  out.norm(Norm::rms, hidden);
}

void add_globals(Inventory& out, const Architecture& a) {
  const Size hidden = a.hidden;
  const Size layers = static_cast<Size>(a.layers.size());
  out.matrix(Role::token_embedding, hidden, a.vocabulary);
  out.matrix(Role::position_embedding, hidden, a.learned_positions);
  if (a.per_layer_embedding) {
    const PerLayerEmbedding& p = stated(a.per_layer_embedding);
    out.matrix(Role::per_layer_embedding, layers * p.width, p.vocabulary);
    out.matrix(Role::per_layer_projection, hidden, layers * p.width);
    out.norm(Norm::rms, p.width);
  }
  if (a.alt_up) {
    out.matrix(Role::per_layer_projection, hidden, hidden * (stated(a.alt_up).inputs - 1));
    out.matrix(Role::per_layer_projection, hidden, hidden * (stated(a.alt_up).inputs - 1));
  }
  out.norm(a.norm, hidden);
  if (!a.tied_embeddings) out.matrix(Role::output_head, hidden, a.vocabulary);
  if (a.head_bias) out.vector(Role::bias, a.vocabulary);
}

/// An MTP layer is built like the last layer that attends.
Layer mtp_layer(const Architecture& a) {
  const auto attends = [](const Layer& layer) {
    return layer.mixer == Mixer::attention || layer.mixer == Mixer::mla;
  };
  const auto last = std::find_if(a.layers.rbegin(), a.layers.rend(), attends);
  RIGOR_ASSERT(last != a.layers.rend());
  return *last;
}

}  // namespace

void add_layer(Inventory& out, const Architecture& a, const Layer& layer) {
  for (int i = 0; i < block_norms(a, layer); ++i) out.norm(a.norm, a.hidden);
  add_mixer(out, a, layer);
  add_feed_forward(out, a, layer);
  out.vector(Role::bias, a.scalars_per_layer);
  if (a.per_layer_embedding) add_per_layer_input(out, a);
  if (a.alt_up) add_alt_up(out, a);
}

void add_decoder(Inventory& out, const Architecture& a) {
  add_globals(out, a);
  for (std::size_t i = 0; i < a.layers.size(); ++i) {
    out.enter(static_cast<int>(i));
    add_layer(out, a, a.layers[i]);
  }
}

void add_mtp(Inventory& out, const Architecture& a) {
  const Size hidden = a.hidden;
  const Mtp& mtp = stated(a.mtp);
  for (int i = 0; i < mtp.layers; ++i) {
    out.enter(static_cast<int>(a.layers.size()) + i);
    add_layer(out, a, mtp_layer(a));
    out.matrix(Role::next_token, 2 * hidden, hidden);
    for (int norm = 0; norm < 3; ++norm) out.norm(a.norm, hidden);
    if (!mtp.stores_embedding_copies) continue;
    out.matrix(Role::next_token, hidden, a.vocabulary);
    out.matrix(Role::next_token, hidden, a.vocabulary);
  }
}

}  // namespace rigor::llm
