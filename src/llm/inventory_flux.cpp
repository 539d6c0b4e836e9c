// FLUX.1: a diffusion transformer. `depth` layers keep image and text apart, `depth_single` join
// them. Shapes: black-forest-labs/flux src/flux/model.py as read by torchtitan.
#include "llm/inventory.hpp"

namespace rigor::llm {
namespace {

/// Width of the sinusoidal embedding of time and guidance.
constexpr Size kTimeWidth = 256;

/// Two linear maps that bring a conditioning vector to the hidden width.
void add_conditioning(Inventory& out, Size width, Size hidden) {
  out.linear(Role::other, width, hidden, Bias::with);
  out.linear(Role::other, hidden, hidden, Bias::with);
}

/// One of the two streams of a double layer: modulation, attention, feed-forward.
void add_stream(Inventory& out, const Architecture& a, const Layer& layer) {
  const Size hidden = a.hidden;
  out.linear(Role::other, hidden, 6 * hidden, Bias::with);
  out.linear(Role::attention_qkv, hidden, 3 * hidden, Bias::with);
  out.vector(Role::norm, layer.head_dim);
  out.vector(Role::norm, layer.head_dim);
  out.linear(Role::attention_output, hidden, hidden, Bias::with);
  out.linear(Role::ffn_up, hidden, layer.width, Bias::with);
  out.linear(Role::ffn_down, layer.width, hidden, Bias::with);
}

/// A joint layer: attention and feed-forward side by side in two fused matrices.
void add_single(Inventory& out, const Architecture& a, const Layer& layer) {
  const Size hidden = a.hidden;
  out.linear(Role::attention_qkv, hidden, 3 * hidden + layer.width, Bias::with);
  out.linear(Role::ffn_down, hidden + layer.width, hidden, Bias::with);
  out.vector(Role::norm, layer.head_dim);
  out.vector(Role::norm, layer.head_dim);
  out.linear(Role::other, hidden, 3 * hidden, Bias::with);
}

}  // namespace

void add_flux(Inventory& out, const Architecture& a) {
  const Flux& f = stated(a.flux);
  const Size hidden = a.hidden;
  out.linear(Role::other, f.in_channels, hidden, Bias::with);
  add_conditioning(out, kTimeWidth, hidden);
  add_conditioning(out, f.vector_in, hidden);
  if (f.guidance) add_conditioning(out, kTimeWidth, hidden);
  out.linear(Role::other, f.context_in, hidden, Bias::with);
  out.linear(Role::other, hidden, f.in_channels, Bias::with);
  out.linear(Role::other, hidden, 2 * hidden, Bias::with);  // last modulation
  for (std::size_t i = 0; i < a.layers.size(); ++i) {
    out.enter(static_cast<int>(i));
    if (static_cast<int>(i) < f.depth) {
      add_stream(out, a, a.layers[i]);
      add_stream(out, a, a.layers[i]);
    } else {
      add_single(out, a, a.layers[i]);
    }
  }
}

}  // namespace rigor::llm
