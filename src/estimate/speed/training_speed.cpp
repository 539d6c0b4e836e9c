#include "estimate/speed/training_speed.hpp"

#include <algorithm>
#include <cmath>

#include "estimate/memory/training_states.hpp"
#include "estimate/speed/training_padding.hpp"
#include "estimate/speed/training_traffic.hpp"

namespace rigor::estimate {
namespace {

using workload::Checkpointing;
using workload::FineTune;
using workload::Method;
using workload::Offload;
using workload::Placement;
using workload::Sharding;

constexpr Flops flop = Flops::from_base(1);

/// How often each pass runs, in forward passes.
struct Passes {
  double backward = 2;  ///< gradients of inputs and of weights
  double recompute = 0;
  double attention = 1 + 2.5;  ///< flash attention's backward pass computes scores again
  int layers_run = 2;          ///< times every layer's weights are read
};

Passes passes_of(const FineTune& f) {
  Passes passes;
  passes.backward = f.method == Method::full ? 2 - f.frozen_share : 1;
  const bool again =
      f.checkpointing == Checkpointing::full || f.checkpointing == Checkpointing::offloaded;
  if (again) passes.recompute = 1;
  if (f.checkpointing == Checkpointing::selective) passes.recompute = 0.35;
  if (again) passes.attention += 1;
  passes.layers_run += again ? 1 : 0;
  return passes;
}

/// Of one token's forward pass.
struct Forward {
  double matrices = 0, attention = 0;
};

Forward forward_of(const FineTuneCase& input) {
  const Operations& o = input.network.operations;
  const FineTune& f = input.finetune;
  Forward out{.matrices = 2 * o.active_elements()};
  const bool whole = f.attention == workload::Attention::eager;
  const double length = lengths_of(f).attended;
  for (int i = 0; i < o.attention_kinds; ++i) {
    const AttentionKind& kind = o.attention[static_cast<std::size_t>(i)];
    const double causal = whole ? length : 0.5 * length;
    const double seen = kind.window > 0 ? std::min<double>(kind.window, causal) : causal;
    // While training, latent keys are expanded; the widths of all heads then count.
    out.attention += 2 * kind.layers * kind.expanded * seen;
  }
  return out;
}

FlopsPerSecond peak_of(const FineTuneCase& input, const Executor& device) {
  return input.finetune.recipe == workload::Recipe::fp32 ? device.plain : device.peak;
}

/// Quantized matrices are read, expanded and read again in every pass over a layer.
Seconds expand(const FineTuneCase& input, const Executor& device, int layers_run) {
  if (input.finetune.method != Method::qlora) return {};
  constexpr double kBytes = 0.5 + 2 + 2;
  const Placement& p = input.placement;
  const double elements = input.network.sum.linear_elements / (p.tensor * p.pipeline);
  return layers_run * kBytes * elements * byte /
         (device.constants[Factor::train_dequant] * device.bandwidth);
}

void step_optimizer(const FineTuneCase& input, const TrainingRig& rig, TrainingTime& time) {
  const Placement& p = input.placement;
  const TrainingStates s = states_before_offload(input);
  const bool full = input.finetune.method == Method::full;
  const Bytes weights = full ? s.weights : s.adapter;
  const Bytes moved = 2.0 * (s.optimizer + s.master) + s.gradients + 2.0 * weights;
  if (p.parameters != Offload::none && rig.host_link > BytesPerSecond{}) {
    // Every pass over the layers fetches the device's share again.
    const double passes =
        passes_of(input.finetune).layers_run * std::max(1, input.finetune.accumulation);
    time[StepTerm::transfer] += passes * (s.weights + s.adapter) / rig.host_link;
  }
  if (p.optimizer == Offload::none) {
    time[StepTerm::optimizer] =
        moved / (rig.device.constants[Factor::train_optimizer] * rig.device.bandwidth);
    return;
  }
  // Every process steps its share on the host; all of them share its memory.
  const double processes = p.tensor * p.pipeline * p.data * p.context;
  const SpeedConstants& k = rig.host.constants;
  if (rig.host.bandwidth > BytesPerSecond{}) {
    time[StepTerm::optimizer] =
        processes * moved / (k[Factor::train_optimizer] * rig.host.bandwidth);
  }
  if (rig.host_link > BytesPerSecond{})
    time[StepTerm::transfer] += (s.gradients + weights) / rig.host_link;
}

/// Of what `ways` devices hold together, the part that each gets from others; routed experts stand
/// on every `expert`-th device only.
double foreign_share(const FineTuneCase& input, double ways) {
  const Operations& o = input.network.operations;
  const double experts = std::max(1, input.placement.expert);
  const double routed = o.of(Operation::experts).elements / input.network.elements();
  const double copies = std::max(1.0, ways / experts);
  return (1 - routed) * (ways - 1) / ways + routed * (copies - 1) / copies;
}

/// Tokens to the devices of their experts and back, in every pass; gradients go the same way.
Bytes sent_to_experts(const FineTuneCase& input, double micro_tokens) {
  const Placement& p = input.placement;
  const Operations& o = input.network.operations;
  if (p.expert <= 1 || o.expert_layers == 0) return {};
  const double away = (p.expert - 1.0) / p.expert;
  const double passes = 2 * (2 + passes_of(input.finetune).recompute);
  const double layers = 1.0 * o.expert_layers / p.pipeline;
  return passes * layers * o.experts_used * away * 2.0 * micro_tokens *
         input.network.architecture.hidden * byte;
}

/// Bytes every device sends in one step.
Bytes sent(const FineTuneCase& input, double micro_tokens) {
  const Placement& p = input.placement;
  const FineTune& f = input.finetune;
  const double ways = sharding_ways(p);
  const double micro_steps = std::max(1, f.accumulation);
  const double trained = trained_parameters(input.network, f) / (p.tensor * p.pipeline);
  const double share = foreign_share(input, ways);
  Bytes bytes = micro_steps * sent_to_experts(input, micro_tokens);
  if (ways > 1 && shards_parameters(p)) {
    const double per_weight = f.method == Method::qlora ? matrix_bytes(f) : 2.0;
    const double weights = input.network.elements() / (p.tensor * p.pipeline);
    bytes += micro_steps * 2.0 * share * per_weight * weights * byte;
    bytes += micro_steps * share * 2.0 * trained * byte;
  } else if (ways > 1) {
    bytes += 2.0 * share * 2.0 * trained * byte;
  }
  if (p.tensor > 1) {
    const double sums = 4.0 * input.network.operations.layers / p.pipeline;
    const double around = 2.0 * (p.tensor - 1) / p.tensor;
    const double hidden = input.network.architecture.hidden;
    bytes += micro_steps * sums * around * 2.0 * micro_tokens * hidden * byte;
  }
  return bytes;
}

void communicate(const FineTuneCase& input, const TrainingRig& rig, double micro_tokens,
                 Seconds computing, TrainingTime& time) {
  if (rig.link <= BytesPerSecond{}) return;
  const SpeedConstants& k = rig.device.constants;
  const Seconds all = sent(input, micro_tokens) / (k[Factor::train_wire] * rig.link);
  const double exposed = std::min(1.0, k[Factor::train_exposed]);
  const Seconds hidden = (1 - exposed) * all;
  time[StepTerm::communication] = exposed * all + std::max(Seconds{}, hidden - computing);
}

/// Kernels of one layer's forward pass; the backward pass has twice as many.
constexpr double kLayerKernels = 40;

Seconds launches(const FineTuneCase& input, const TrainingRig& rig, const Passes& passes) {
  const double layers = input.network.operations.layers / input.placement.pipeline;
  const double adapters = input.finetune.method == Method::full ? 1.0 : 2.0;
  return kLayerKernels * adapters * layers * (3 + passes.recompute) *
         rig.device.constants[Factor::train_launch] * second;
}

void compute(const FineTuneCase& input, const TrainingRig& rig, double micro_tokens,
             TrainingTime& time) {
  const FineTune& f = input.finetune;
  const Placement& p = input.placement;
  const SpeedConstants& k = rig.device.constants;
  const Passes passes = passes_of(f);
  const Forward forward = forward_of(input);
  const double micro_steps = std::max(1, f.accumulation);
  const double share = 1.0 / (p.tensor * p.pipeline);
  const double saturation = micro_tokens / (micro_tokens + k[Factor::train_half]);
  const FlopsPerSecond peak = peak_of(input, rig.device);
  const FlopsPerSecond rate = k[Factor::train_compute] * saturation * peak;
  const Seconds one = share * forward.matrices * micro_tokens * flop / rate;
  const Seconds attention = share * passes.attention * forward.attention * micro_tokens * flop /
                            (k[Factor::train_attention] * peak);
  const Seconds expanded = expand(input, rig.device, passes.layers_run);
  time[StepTerm::forward] = micro_steps * one;
  time[StepTerm::backward] = micro_steps * passes.backward * one;
  time[StepTerm::recompute] = micro_steps * passes.recompute * one;
  time[StepTerm::attention] = micro_steps * attention;
  time[StepTerm::dequantize] = micro_steps * expanded;
  const Seconds work = (1 + passes.backward + passes.recompute) * one + attention + expanded;
  const Seconds started = launches(input, rig, passes);
  const Seconds both = std::hypot(work.in(second), started.in(second)) * second;
  time[StepTerm::launch] = micro_steps * (both - work);
  time.flop_per_token = (1 + passes.backward) * forward.matrices + 3 * forward.attention;
}

}  // namespace

std::string_view to_text(StepTerm term) {
  switch (term) {
    case StepTerm::forward: return "forward";
    case StepTerm::backward: return "backward";
    case StepTerm::recompute: return "recomputed forward";
    case StepTerm::attention: return "attention";
    case StepTerm::dequantize: return "expanding weights";
    case StepTerm::optimizer: return "optimizer";
    case StepTerm::communication: return "between devices";
    case StepTerm::transfer: return "to and from the host";
    case StepTerm::bubble: return "pipeline bubble";
    case StepTerm::launch: return "kernel launches";
    case StepTerm::network: return "between machines";
    case StepTerm::storage: return "to and from the drive";
    case StepTerm::loading: return "waiting for data";
    case StepTerm::saving: return "writing checkpoints";
  }
  return {};
}

Seconds TrainingTime::total() const {
  Seconds sum;
  for (const Seconds term : terms) sum += term;
  return sum;
}

TrainingTime training_step(const FineTuneCase& input, const TrainingRig& rig) {
  const Placement& p = input.placement;
  const FineTune& f = input.finetune;
  const Lengths lengths = lengths_of(f);
  const double micro_tokens = lengths.computed * f.micro_batch / std::max(1, p.context);
  const double micro_steps = std::max(1, f.accumulation);
  TrainingTime time;
  time.tokens = micro_tokens * p.context * micro_steps * p.data * std::max(1, f.machines);
  time.useful = lengths.useful;
  compute(input, rig, micro_tokens, time);
  const Seconds computing = time.total();
  if (p.pipeline > 1) time[StepTerm::bubble] = (p.pipeline - 1) / micro_steps * computing;
  communicate(input, rig, micro_tokens, computing, time);
  step_optimizer(input, rig, time);
  time[StepTerm::network] = between_machines(input, rig, computing / micro_steps, time.exchanged);
  time[StepTerm::storage] = offload_to_drive(input, rig, passes_of(f).layers_run * micro_steps);
  load_and_save(input, rig, time);
  return time;
}

}  // namespace rigor::estimate
