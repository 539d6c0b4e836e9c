#include "estimate/memory/training_activations.hpp"

#include <algorithm>

#include "estimate/memory/adapters.hpp"

namespace rigor::estimate {
namespace {

using workload::Attention;
using workload::Checkpointing;
using workload::Constant;
using workload::FineTune;
using workload::Kernels;
using workload::Method;
using workload::Recipe;

constexpr BytesPerToken kEach = byte / token;
constexpr double kFloat = 4.0;

bool trains_all(const FineTuneCase& input) {
  return input.finetune.method == Method::full;
}

/// Share of the layers whose weights are trained: only those keep the inputs of their matrices.
double trained_share(const FineTuneCase& input) {
  return trains_all(input) ? 1 - input.finetune.frozen_share : 0.0;
}

/// Kernels that fuse normalisation, and LayerNorm's own, keep their input; the others a copy in
/// F32.
bool norms_are_fused(const FineTuneCase& input) {
  return input.finetune.norms != Kernels::eager || input.engine.number(Constant::fused_norms) > 0 ||
         input.network.architecture.norm != llm::Norm::rms;
}

double norm_bytes(const FineTuneCase& input, const LayerWidths& w) {
  const double b = activation_bytes(input.finetune);
  if (norms_are_fused(input)) return b * w.norms * w.hidden;
  return (kFloat + b * trained_share(input)) * w.norms * w.hidden;
}

/// Softmax in F32 and its copy.
double score_bytes(const FineTuneCase& input, const LayerWidths& w) {
  if (input.finetune.attention != Attention::eager) return 0;
  const double b = activation_bytes(input.finetune);
  return w.heads * input.finetune.sequence * (kFloat + b);
}

double attention_bytes(const FineTuneCase& input, const LayerWidths& w) {
  const double b = activation_bytes(input.finetune);
  const double projected = w.queries + w.keys + w.values;
  double kept = projected + w.answers;
  if (input.finetune.attention == Attention::eager) kept = projected + 2 * w.answers;
  if (input.finetune.attention == Attention::flash_repeated) {
    kept = std::max(kept, w.queries + 3 * w.answers);
  }
  if (w.queries <= 0) kept = w.recurrent;
  const double exchanged = input.placement.all_to_all ? 3 : 1;  // before and after each exchange
  return b * kept * exchanged + score_bytes(input, w);
}

/// Gate, its activation and the up projection; fused kernels recompute one of them.
double feed_forward_bytes(const FineTuneCase& input, const LayerWidths& w) {
  const double b = activation_bytes(input.finetune);
  const bool fused = input.finetune.feed_forward == Kernels::fused;
  const double widths = input.network.architecture.gated ? (fused ? 2 : 3) : 1;
  const double gathers = trains_all(input) ? 2 : 1;
  return b * (widths * w.feed_forward + gathers * w.routed * w.hidden);
}

/// Inputs of matrices that are trained; a frozen matrix keeps none.
double input_bytes(const FineTuneCase& input, const LayerWidths& w) {
  const double b = activation_bytes(input.finetune);
  return trained_share(input) * b * (w.halves * w.hidden + w.feed_forward);
}

/// With dropout every adapted matrix keeps its dropped input and the mask; F32 adapters without
/// autocast keep an F32 copy; else the input itself is kept once.
double adapter_input_bytes(const FineTuneCase& input, const LayerWidths& w) {
  const FineTune& f = input.finetune;
  if (f.method == Method::full) return 0;
  const AdapterInputs inputs = adapter_inputs(input.network.architecture, w, f.targets);
  const bool casts = f.recipe == Recipe::bf16 && input.engine.number(Constant::adapter_bytes) > 2;
  const bool drops = f.dropout > 0;
  if (!casts && !drops) return 2 * inputs.distinct;
  return inputs.matrices * ((casts ? kFloat : 2) + (drops ? 1 : 0));
}

/// Dropout of the network's own: masks of the two hidden states and of the scores.
double mask_bytes(const FineTuneCase& input, const LayerWidths& w) {
  if (!trains_all(input) || input.finetune.dropout <= 0) return 0;
  const bool scores = input.finetune.attention == Attention::eager;
  return w.halves * w.hidden + (scores ? w.heads * input.finetune.sequence : 0.0);
}

double transient_bytes(const FineTuneCase& input, const LayerWidths& w) {
  const double b = activation_bytes(input.finetune);
  double widths = input.network.architecture.gated ? 3 : 2;
  if (input.finetune.feed_forward == Kernels::fused) widths = 1.5;
  double scores = 0;
  if (input.finetune.attention == Attention::eager) {
    scores = w.heads * input.finetune.sequence * (kFloat + 2 * b);
  }
  return b * (widths * w.live + 3 * w.hidden) + scores;
}

LayerActivations activations_of(const FineTuneCase& input, const LayerWidths& w) {
  const double b = activation_bytes(input.finetune);
  const double mlp = feed_forward_bytes(input, w);
  const double inputs = input_bytes(input, w);
  LayerActivations out;
  out.saved = (norm_bytes(input, w) + inputs + attention_bytes(input, w) + mlp +
               adapter_input_bytes(input, w) + mask_bytes(input, w)) *
              kEach;
  out.feed_forward = (mlp + trained_share(input) * b * w.feed_forward) * kEach;
  const double projected = w.queries + w.keys + w.values + 2 * w.hidden + 2 * w.feed_forward;
  out.selected = (b / 2 * (projected + w.recurrent) + b * w.answers) * kEach;
  out.transient = transient_bytes(input, w) * kEach;
  return out;
}

/// What the forward pass keeps of one layer.
BytesPerToken kept_bytes(const FineTuneCase& input, const LayerActivations& layer) {
  const double hidden = input.network.architecture.hidden;
  const BytesPerToken state = hidden_bytes(input) * hidden * kEach;
  switch (input.finetune.checkpointing) {
    case Checkpointing::none: return layer.saved;
    case Checkpointing::full: return state;
    case Checkpointing::selective: return std::min(layer.saved, state + layer.selected);
    case Checkpointing::offloaded: return {};
  }
  return {};
}

/// What is alive while one layer's backward pass runs: under checkpointing all of it comes back
/// first.
BytesPerToken live_bytes(const FineTuneCase& input, const LayerActivations& layer) {
  constexpr double kTile = 16;  // hidden states around a slice of a tiled feed-forward
  const double hidden = input.network.architecture.hidden;
  if (input.finetune.checkpointing == Checkpointing::none) return layer.transient;
  if (input.finetune.feed_forward == Kernels::tiled) {
    return layer.saved - layer.feed_forward + kTile * hidden * kEach;
  }
  // The layer's input is its checkpoint; a fused norm keeps no other copy of it.
  const bool shared = norms_are_fused(input) && input.network.architecture.norm == llm::Norm::rms &&
                      input.finetune.checkpointing == Checkpointing::full;
  const BytesPerToken input_copy = activation_bytes(input.finetune) * hidden * kEach;
  return layer.saved + layer.transient - (shared ? input_copy : BytesPerToken{});
}

}  // namespace

double activation_bytes(const FineTune& finetune) {
  return finetune.recipe == Recipe::fp32 ? 4.0 : 2.0;
}

double hidden_bytes(const FineTuneCase& input) {
  const double plain = activation_bytes(input.finetune);
  const bool raised = input.finetune.method == Method::qlora &&
                      input.placement.sharding != workload::Sharding::fsdp;
  return raised ? std::max(plain, input.engine.number(Constant::quantized_hidden_bytes)) : plain;
}

Tokens tokens_per_device(const FineTuneCase& input) {
  const FineTune& f = input.finetune;
  return 1.0 * f.sequence * f.micro_batch / input.placement.context * token;
}

LayerActivations layer_activations(const FineTuneCase& input, const llm::Layer& layer) {
  return activations_of(input, layer_widths(input.network.architecture, layer));
}

namespace {

/// Over all layers: what they keep together, and what the largest needs while it runs.
struct StackActivations {
  BytesPerToken kept, live;
};

StackActivations stack_activations(const FineTuneCase& input) {
  StackActivations sums;
  for (const LayerKind& kind : input.network.kinds) {
    const auto example = static_cast<std::size_t>(kind.example);
    const LayerActivations one =
        layer_activations(input, input.network.architecture.layers[example]);
    sums.kept += kind.count * kept_bytes(input, one);
    sums.live = std::max(sums.live, live_bytes(input, one));
  }
  return sums;
}

}  // namespace

TrainingActivations training_activations(const FineTuneCase& input) {
  const workload::Placement& p = input.placement;
  const FineTune& f = input.finetune;
  const Tokens tokens = tokens_per_device(input) / p.tensor;
  const StackActivations sums = stack_activations(input);
  const double in_flight = std::clamp(f.accumulation, 1, p.pipeline);
  const double layers = static_cast<double>(input.network.layers.size()) / p.pipeline;
  const double hidden = input.network.architecture.hidden;
  const Bytes state = hidden_bytes(input) * hidden * kEach * tokens;

  TrainingActivations out;
  out.kept = sums.kept * tokens * (in_flight / p.pipeline);
  out.layer = sums.live * tokens;
  const bool frozen_fsdp = p.sharding == workload::Sharding::fsdp && !trains_all(input) &&
                           input.engine.number(Constant::fsdp_version) == 1;
  if (frozen_fsdp && f.checkpointing != Checkpointing::none) {
    out.input_gradients = state * std::max(0.0, layers - 2);
  }
  if (f.checkpointing == Checkpointing::offloaded) out.on_host = state * layers * in_flight;
  return out;
}

}  // namespace rigor::estimate
