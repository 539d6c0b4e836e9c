#include "llm/inventory.hpp"

namespace rigor::llm {

void add_delta_net(Inventory& out, const Architecture& a) {
  const DeltaNet& d = stated(a.delta_net);
  const Size hidden = a.hidden;
  const Size values = Size{d.value_heads} * d.value_dim;
  const Size mixed = 2 * Size{d.key_heads} * d.key_dim + values;
  out.matrix(Role::attention_qkv, hidden, mixed);
  out.matrix(Role::attention_gate, hidden, values);
  if (d.fused_beta_alpha) {
    out.matrix(Role::state_dt, hidden, 2 * Size{d.value_heads});
  } else {
    out.matrix(Role::state_dt, hidden, d.value_heads);
    out.matrix(Role::state_dt, hidden, d.value_heads);
  }
  out.matrix(Role::state_small, d.convolution, mixed);
  out.vector(Role::state_small, d.value_heads);  // A
  out.vector(Role::state_small, d.value_heads);  // step bias
  out.norm(Norm::rms, d.value_dim);
  out.matrix(Role::state_out, values, hidden);
}

void add_mamba1(Inventory& out, const Architecture& a) {
  const StateSpace& s = stated(a.state_space);
  const Size inner = s.inner;
  out.matrix(Role::state_in, a.hidden, 2 * inner);
  out.matrix(Role::state_small, s.convolution, inner);
  out.vector(Role::state_small, inner);  // convolution bias
  out.matrix(Role::state_x, inner, Size{s.dt_rank} + 2 * Size{s.state});
  out.matrix(Role::state_dt, s.dt_rank, inner);
  out.vector(Role::state_small, inner);           // step bias
  out.matrix(Role::state_small, s.state, inner);  // A
  out.vector(Role::state_small, inner);           // D
  out.matrix(Role::state_out, inner, a.hidden);
}

void add_mamba2(Inventory& out, const Architecture& a) {
  const StateSpace& s = stated(a.state_space);
  const Size inner = Size{s.heads} * s.head_dim;
  const Size mixed = inner + 2 * Size{s.groups} * s.state;
  out.matrix(Role::state_in, a.hidden, inner + mixed + s.heads);
  out.matrix(Role::state_small, s.convolution, mixed);
  out.vector(Role::state_small, mixed);    // convolution bias
  out.vector(Role::state_small, s.heads);  // step bias
  out.vector(Role::state_small, s.heads);  // A
  out.vector(Role::state_small, s.heads);  // D
  out.norm(Norm::rms, inner);
  out.matrix(Role::state_out, inner, a.hidden);
}

void add_short_convolution(Inventory& out, const Architecture& a) {
  const ShortConvolution& c = stated(a.short_convolution);
  out.matrix(Role::state_in, a.hidden, 3 * Size{c.width});
  out.matrix(Role::state_small, c.cache, c.width);
  out.matrix(Role::state_out, c.width, a.hidden);
}

}  // namespace rigor::llm
