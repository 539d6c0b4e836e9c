#include "estimate/memory/adapters.hpp"

namespace rigor::estimate {
namespace {

using llm::Architecture;
using llm::Mixer;
using workload::FineTune;
using workload::Method;
using workload::Target;
using Targets = std::array<bool, workload::kTargets>;

bool has(const Targets& targets, Target target) {
  return targets[static_cast<std::size_t>(target)];
}
bool reads_hidden(const Targets& targets) {
  return has(targets, Target::q) || has(targets, Target::k) || has(targets, Target::v);
}

/// Matrices that read the hidden state in a layer that attends. A fused one has one adapter.
double attention_width(const Architecture& a, const LayerWidths& w, const Targets& targets) {
  double width = 0;
  if (a.fused_qkv) {
    if (reads_hidden(targets)) width += w.hidden + w.queries + w.keys + w.values;
  } else {
    if (has(targets, Target::q)) width += w.hidden + w.queries;
    if (has(targets, Target::k)) width += w.hidden + w.keys;
    if (has(targets, Target::v)) width += w.hidden + w.values;
  }
  return width;
}

/// Low-rank projections have an adapter for each of their two steps.
double latent_width(const Architecture& a, const LayerWidths& w, const Targets& targets) {
  const llm::Mla& mla = llm::stated(a.mla);
  double width = 0;
  if (has(targets, Target::q)) {
    width += mla.q_rank > 0 ? w.hidden + 2.0 * mla.q_rank + w.queries : w.hidden + w.queries;
  }
  if (has(targets, Target::k)) width += w.hidden + mla.kv_rank + mla.rope_dim;
  if (has(targets, Target::v)) {
    width += mla.kv_rank + w.values + w.heads * mla.nope_dim;
  }
  return width;
}

double mixer_width(const Architecture& a, const llm::Layer& layer, const Targets& targets) {
  const LayerWidths w = layer_widths(a, layer);
  if (layer.mixer == Mixer::none) return 0;
  double width = 0;
  if (layer.mixer == Mixer::attention) {
    width = attention_width(a, w, targets);
  } else if (layer.mixer == Mixer::mla && a.mla) {
    width = latent_width(a, w, targets);
  } else if (has(targets, Target::q)) {
    width = w.hidden + w.mixer_input;
  }
  if (has(targets, Target::o)) width += w.answers + w.hidden;
  return width;
}

double feed_forward_width(const Architecture& a, double width, const Targets& targets) {
  const double one = a.hidden + width;
  double sum = 0;
  if (a.gated && !a.fused_gate_up && has(targets, Target::gate)) sum += one;
  if (has(targets, Target::up)) sum += a.fused_gate_up ? a.hidden + 2 * width : one;
  if (has(targets, Target::down)) sum += one;
  return sum;
}

double feed_forward_width(const Architecture& a, const llm::Layer& layer, const Targets& targets) {
  double sum = layer.width > 0 ? feed_forward_width(a, layer.width, targets) : 0.0;
  const bool routed = layer.feed_forward == llm::FeedForward::experts ||
                      layer.feed_forward == llm::FeedForward::dense_and_experts;
  if (!routed || !a.experts) return sum;
  sum += a.experts->count * feed_forward_width(a, a.experts->width, targets);
  if (a.experts->shared_width > 0) sum += feed_forward_width(a, a.experts->shared_width, targets);
  return sum;
}

}  // namespace

double adapter_width(const Network& network, const Targets& targets) {
  const Architecture& a = network.architecture;
  double width = 0;
  for (const LayerKind& kind : network.kinds) {
    const llm::Layer& layer = a.layers[static_cast<std::size_t>(kind.example)];
    width += kind.count * (mixer_width(a, layer, targets) + feed_forward_width(a, layer, targets));
  }
  return width;
}

double adapter_elements(const Network& network, const FineTune& finetune) {
  if (finetune.method == Method::full) return 0;
  if (finetune.adapter_parameters > 0) return finetune.adapter_parameters;
  return finetune.rank * adapter_width(network, finetune.targets);
}

AdapterInputs adapter_inputs(const Architecture& architecture, const LayerWidths& widths,
                             const Targets& targets) {
  AdapterInputs inputs;
  const bool mixes = widths.answers > 0;
  const bool one_matrix = architecture.fused_qkv || widths.mixer_input > 0;
  const int readers =
      static_cast<int>(has(targets, Target::q)) + has(targets, Target::k) + has(targets, Target::v);
  if (mixes && readers > 0) {
    inputs.matrices += (one_matrix ? 1 : readers) * widths.hidden;
    inputs.distinct += widths.hidden;
  }
  if (mixes && has(targets, Target::o)) inputs.matrices += widths.answers;
  if (widths.feed_forward <= 0) return inputs;
  const int gates = static_cast<int>(architecture.gated && !architecture.fused_gate_up &&
                                     has(targets, Target::gate)) +
                    has(targets, Target::up);
  inputs.matrices += gates * widths.hidden;
  if (gates > 0) inputs.distinct += widths.hidden;
  if (has(targets, Target::down)) {
    inputs.matrices += widths.feed_forward;
    inputs.distinct += widths.feed_forward;
  }
  return inputs;
}

}  // namespace rigor::estimate
