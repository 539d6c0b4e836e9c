#include <algorithm>

#include "estimate/speed/training_traffic.hpp"
#include "estimate/speed/transfer.hpp"
#include "place/machines.hpp"
#include "place/power.hpp"
#include "place/speed_figures.hpp"

namespace rigor::place {
namespace {

using estimate::Link;
using estimate::Rates;
using estimate::TrainingRig;
using estimate::TrainingTime;
using workload::Offload;
using workload::Placement;

TrainingRig machine_of(const Question& question, const Placement& placement,
                       const estimate::Executor& device,
                       const estimate::SpeedConstants& constants) {
  return {.device = device,
          .host = estimate::executor_of(question.host, constants),
          .link = detail::ring_link(question, placement, constants[estimate::Factor::train_wire]),
          .host_link = detail::slowest_slot(question),
          .network = rates_of(Link::machines, network_rate(question)).expected,
          .read = estimate::read_rates(question.host.drive).expected,
          .write = estimate::write_rates(question.host.drive).expected};
}

/// One step of a placement, of a task, on a machine.
TrainingTime step_of(const Question& question, const Placement& placement,
                     const workload::FineTune& task, const TrainingRig& machine) {
  const estimate::FineTuneCase input{*question.network,
                                     *question.engine,
                                     task,
                                     placement,
                                     question.accelerators,
                                     question.host,
                                     question.display_reserve,
                                     question.display_device};
  return estimate::training_step(input, machine);
}

/// The interval of calibrated rows, wider by what the network and the drive may reach.
void add_rates(const Question& question, const Placement& placement, const TrainingRig& machine,
               const Correction& range, TrainingSpeed& out) {
  const workload::FineTune& task = question.workload.finetune;
  TrainingRig slow = machine, fast = machine;
  const Rates network = rates_of(Link::machines, network_rate(question));
  const Rates read = estimate::read_rates(question.host.drive),
              write = estimate::write_rates(question.host.drive);
  slow.network = network.low;
  fast.network = network.high;
  slow.read = read.low;
  fast.read = read.high;
  slow.write = write.low;
  fast.write = write.high;
  const TrainingTime slowest = step_of(question, placement, task, slow);
  const TrainingTime fastest = step_of(question, placement, task, fast);
  const double expected = out.time.tokens_per_s();
  out.tokens = {range.factor * range.low * slowest.tokens_per_s(), expected,
                range.factor * range.high * fastest.tokens_per_s()};
  const double tokens = out.time.tokens;
  out.step = {tokens / out.tokens.high, tokens / expected, tokens / out.tokens.low};
  const double sample = task.sample_tokens > 0 ? task.sample_tokens : task.sequence;
  const auto scaled = [&](double factor) {
    return Ranged{factor * out.tokens.low, factor * expected, factor * out.tokens.high};
  };
  out.useful = scaled(out.time.useful);
  out.samples = scaled(out.time.useful / sample);
}

/// The same task on one device, and on one machine.
void compare(const Question& question, const Placement& placement, const TrainingRig& machine,
             TrainingSpeed& out) {
  workload::FineTune task = question.workload.finetune;
  task.machines = 1;
  out.one_machine = step_of(question, placement, task, machine).tokens_per_s();
  Placement single;
  single.optimizer = placement.optimizer;
  single.parameters = placement.parameters;
  out.alone = step_of(question, single, task, machine).tokens_per_s();
}

/// The power limit's own interval on top.
void widen(const Ranged& limit, TrainingSpeed& out) {
  for (Ranged* rate : {&out.tokens, &out.useful, &out.samples}) *rate = widened(*rate, limit);
  out.step = widened(out.step, detail::inverse(limit));
}

}  // namespace

std::string detail::traffic_needs(const Question& question, const Placement& placement) {
  const bool uses = placement.optimizer == Offload::nvme || placement.parameters == Offload::nvme;
  const hardware::Drive& drive = question.host.drive;
  if (uses && drive.name.empty())
    return "offload to nvme: the rig states no drive (a [[part]] of kind drive)";
  if (uses && (drive.read <= BytesPerSecond{} || drive.write <= BytesPerSecond{}))
    return "offload to nvme: how fast the " + drive.name + " reads and writes is unknown";
  if (question.workload.finetune.machines > 1 && network_rate(question) <= BytesPerSecond{})
    return "the network between the machines is unknown: the rig states no port; "
           "give network, for example \"10 Gbit/s\"";
  return {};
}

TrainingDevice training_device(const Question& question, const Placement& placement,
                               const estimate::Calibration& calibration) {
  RIGOR_ASSERT(placement.devices > 0);
  const hardware::Accelerator& device = question.accelerators[placement.accelerator(0)];
  TrainingDevice out;
  out.scope.engine = estimate::engine_name(*question.engine);
  out.scope.backend = "train";
  out.scope.family = estimate::family_of(device);
  out.scope.device = device.id;
  out.constants = calibration.resolve(out.scope);
  out.undisturbed = estimate::executor_of(device, out.constants, false);
  out.limit = limit_factor(question, placement, calibration.power(), estimate::Phase::training);
  return out;
}

double training_rate(const Question& question, const Placement& placement,
                     const TrainingDevice& device) {
  const TrainingRig machine = machine_of(
      question, placement, slowed(device.undisturbed, device.limit.expected), device.constants);
  return step_of(question, placement, question.workload.finetune, machine).tokens_per_s();
}

TrainingSpeed training_speed(const Question& question, const Placement& placement,
                             const estimate::Calibration& calibration) {
  const TrainingDevice prepared = training_device(question, placement, calibration);
  const hardware::Accelerator& device = question.accelerators[placement.accelerator(0)];
  const estimate::SpeedScope& scope = prepared.scope;
  const estimate::Executor& undisturbed = prepared.undisturbed;
  const Ranged& limit = prepared.limit;
  const TrainingRig machine =
      machine_of(question, placement, slowed(undisturbed, limit.expected), prepared.constants);
  TrainingSpeed out;
  out.time = step_of(question, placement, question.workload.finetune, machine);
  const workload::FineTune& task = question.workload.finetune;
  out.own = detail::own_correction(question, placement, scope,
                                   {.quantity = OwnQuantity::training,
                                    .form = std::string(workload::to_text(task.method)),
                                    .size = static_cast<double>(task.sequence) * task.micro_batch},
                                   calibration.range("training", scope));
  detail::divide(out.time, out.own.factor);
  add_rates(question, placement, machine, out.own, out);
  compare(question, placement, machine, out);
  out.one_machine *= out.own.factor;
  out.alone *= out.own.factor;
  if (question.workload.power_limit) widen(limit, out);
  const FlopsPerSecond used =
      out.tokens.expected * out.time.flop_per_token * Flops::from_base(1) / second;
  const double devices = 1.0 * placement.devices * question.workload.finetune.machines;
  out.utilisation = used / (devices * undisturbed.peak);
  const Seconds sent =
      out.time[estimate::StepTerm::communication] + out.time[estimate::StepTerm::network];
  out.communication = sent / out.time.total();
  out.support = calibration.support(scope);
  out.support_rows = calibration.support_rows(scope);
  out.supporter = out.support == estimate::Support::device ? device.name : scope.family;
  out.link_is_assumed = detail::links_are_assumed(question, placement);
  return out;
}

}  // namespace rigor::place
