#include "estimate/speed/training_traffic.hpp"

#include <algorithm>

#include "estimate/memory/training_host.hpp"
#include "estimate/memory/training_states.hpp"

namespace rigor::estimate {
namespace {

using workload::FineTune;
using workload::Method;
using workload::Offload;
using workload::Placement;

constexpr double kTokenBytes = 4;  // a 32-bit token number; English text has about as many bytes

/// What one process gets through torch.save onto a fast drive: 0.65 GB/s (DeepSpeed issue 7368),
/// 0.5 to 0.7 GB/s (DeepSpeedExamples, plain Python file I/O).
constexpr BytesPerSecond kSerialised = BytesPerSecond::from_base(0.65e9);

double processes(const Placement& p) {
  return p.tensor * p.pipeline * p.data * p.context;
}

/// Bytes of a gradient on the wire, or of a parameter that is averaged, per trained element.
double sent_bytes(const FineTuneCase& input) {
  constexpr double kGradient = 2.0;
  return input.finetune.sync_every > 1 ? std::max(kGradient, trained_bytes(input).weight)
                                       : kGradient;
}

}  // namespace

Seconds between_machines(const FineTuneCase& input, const TrainingRig& rig, Seconds hides,
                         Bytes& exchanged) {
  const FineTune& f = input.finetune;
  exchanged = {};
  if (f.machines <= 1) return {};
  // A ring: every machine sends all but its own part twice, to be summed and to be spread.
  const double around = 2.0 * (f.machines - 1) / f.machines;
  exchanged = around * sent_bytes(input) * trained_parameters(input.network, f) * byte;
  if (rig.network <= BytesPerSecond{}) return {};
  const Seconds all = exchanged / rig.network;
  if (f.sync_every > 1) return all / f.sync_every;
  const double exposed = std::min(1.0, rig.device.constants[Factor::train_exposed]);
  return exposed * all + std::max(Seconds{}, (1 - exposed) * all - hides);
}

Seconds offload_to_drive(const FineTuneCase& input, const TrainingRig& rig, double passes) {
  const Placement& p = input.placement;
  if (rig.read <= BytesPerSecond{} || rig.write <= BytesPerSecond{}) return {};
  const TrainingStates s = states_before_offload(input);
  Bytes read, written;
  if (p.optimizer == Offload::nvme) {
    // Gradients wait there too, until their part of the optimizer steps.
    const Bytes both = s.optimizer + s.master + host_gradients(input, s.gradients);
    read += both;
    written += both;
  }
  if (p.parameters == Offload::nvme) {
    read += passes * (s.weights + s.adapter);
    written += input.finetune.method == Method::full ? s.weights : s.adapter;
  }
  return processes(p) * (read / rig.read + written / rig.write);
}

Bytes checkpoint_bytes(const FineTuneCase& input) {
  const Placement undivided;
  const TrainingStates s = states_before_offload(
      {input.network, input.engine, input.finetune, undivided, input.accelerators, input.host});
  const bool full = input.finetune.method == Method::full;
  return (full ? s.weights : s.adapter) + s.optimizer + s.master;
}

void load_and_save(const FineTuneCase& input, const TrainingRig& rig, TrainingTime& time) {
  const FineTune& f = input.finetune;
  const Placement& p = input.placement;
  const double tokens = time.useful * time.tokens / std::max(1, f.machines);
  const double sample = f.sample_tokens > 0 ? f.sample_tokens : f.sequence;
  time.data =
      f.sample_bytes > Bytes{} ? tokens / sample * f.sample_bytes : tokens * kTokenBytes * byte;
  if (rig.read > BytesPerSecond{}) {
    // Samples are fetched ahead; the drive has the step for it, less what offloading takes of it.
    const Seconds others = time.total() - time[StepTerm::storage];
    time[StepTerm::loading] = std::max(Seconds{}, time.data / rig.read - others);
  }
  if (f.save_every <= 0) return;
  time.checkpoint = checkpoint_bytes(input);
  if (rig.write <= BytesPerSecond{}) return;
  const double writers = shards_optimizer(p) ? processes(p) : 1.0;
  time[StepTerm::saving] =
      time.checkpoint / std::min(rig.write, writers * kSerialised) / f.save_every;
}

}  // namespace rigor::estimate
