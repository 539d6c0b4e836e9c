#include "llm/inventory.hpp"

namespace rigor::llm {
namespace {

void add_router(Inventory& out, const Architecture& a, const Experts& e) {
  out.linear(Role::router, a.hidden, e.count, bias_if(e.router_bias));
  if (e.correction_bias) out.vector(Role::bias, e.count);
  out.vector(Role::bias, e.router_extra);
}

/// Bias rows of all experts, stacked as their matrices are.
void add_expert_bias(Inventory& out, const Experts& e, Size elements) {
  if (e.expert_bias) out.stack(Role::bias, elements, 1, e.count);
}

void add_routed(Inventory& out, const Architecture& a, const Experts& e) {
  const Size width = e.width;
  if (e.fused_gate_up) {
    out.stack(Role::experts_gate, a.hidden, 2 * width, e.count);
    add_expert_bias(out, e, 2 * width);
  } else {
    if (a.gated) {
      out.stack(Role::experts_gate, a.hidden, width, e.count);
      add_expert_bias(out, e, width);
    }
    out.stack(Role::experts_up, a.hidden, width, e.count);
    add_expert_bias(out, e, width);
  }
  out.stack(Role::experts_down, width, a.hidden, e.count);
  add_expert_bias(out, e, a.hidden);
}

void add_shared(Inventory& out, const Architecture& a, const Experts& e) {
  if (a.gated) out.matrix(Role::shared_gate, a.hidden, e.shared_width);
  out.matrix(Role::shared_up, a.hidden, e.shared_width);
  out.matrix(Role::shared_down, e.shared_width, a.hidden);
  if (e.shared_gate) out.vector(Role::router, a.hidden);
}

}  // namespace

void add_dense(Inventory& out, const Architecture& a, Size width) {
  const Bias bias = bias_if(a.mlp_bias);
  if (a.fused_gate_up) {
    out.linear(Role::ffn_up, a.hidden, 2 * width, bias);
  } else {
    if (a.gated) out.linear(Role::ffn_gate, a.hidden, width, bias);
    out.linear(Role::ffn_up, a.hidden, width, bias);
  }
  out.linear(Role::ffn_down, width, a.hidden, bias);
}

void add_experts(Inventory& out, const Architecture& a) {
  const Experts& e = stated(a.experts);
  add_router(out, a, e);
  add_routed(out, a, e);
  add_shared(out, a, e);
}

}  // namespace rigor::llm
