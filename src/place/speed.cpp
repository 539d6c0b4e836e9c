#include "place/speed.hpp"

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "estimate/speed/speed_case.hpp"

namespace rigor::place {
namespace {

using estimate::SpeedRange;
using estimate::SpeedScope;
using estimate::StepTime;

/// The slowest of the devices sets the pace.
template <class Link>
BytesPerSecond slowest(std::span<const hardware::Accelerator> devices, const Link& link) {
  BytesPerSecond least = link(devices.front());
  for (const hardware::Accelerator& device : devices) least = std::min(least, link(device));
  return least;
}

BytesPerSecond between(std::span<const hardware::Accelerator> devices) {
  return slowest(devices, [](const hardware::Accelerator& device) {
    return estimate::peer_bandwidth(device, false);
  });
}

/// Of a rate that is corrected already.
Ranged rate(double expected, const Correction& range) {
  return {range.low * expected, expected, range.high * expected};
}

Ranged duration(double expected, const Correction& range) {
  return {expected / range.high, expected, expected / range.low};
}

template <class Time>
void divide(Time& time, double factor) {
  for (Seconds& term : time.terms) term = term / factor;
}

/// What own measurements of this quantity say of the answer.
Correction own_correction(const Question& question, const workload::Placement& placement,
                          const SpeedScope& scope, OwnSetting asked, const SpeedRange& published) {
  if (question.own.empty()) return {.low = published.low, .high = published.high};
  asked.engine = scope.engine;
  asked.backend = scope.backend;
  asked.device = scope.device;
  asked.devices = std::max(1, placement.devices);
  for (int i = 1; i < placement.devices; ++i) {
    const std::string& other = question.accelerators[placement.accelerator(i)].id;
    if (other != scope.device) asked.device += "+" + other;  // own rows speak of equal devices
  }
  asked.ways = std::max(1, placement.tensor);
  asked.on_host =
      placement.devices > 0 && (placement.host_layers > 0 || placement.host_expert_layers > 0 ||
                                placement.optimizer == workload::Offload::host);
  asked.network = shape_of(*question.network);
  if (asked.form.empty()) asked.form = lower(question.network->quantization);
  return correction(question.own, asked, published.low, published.high);
}

}  // namespace

std::string speed_needs(const Question& question, const workload::Placement& placement) {
  const llm::Plan plan = question.network->architecture.plan;
  const bool generates = plan == llm::Plan::decoder || plan == llm::Plan::mamba ||
                         plan == llm::Plan::deepseek_v4 || plan == llm::Plan::t5;
  if (!generates || !question.network->architecture.causal)
    return "speed is estimated for networks that generate text";
  const bool trains = question.workload.kind == workload::Kind::finetune;
  if (trains && placement.devices == 0) return "training without an accelerator is not estimated";
  const bool host_works = placement.devices == 0 || placement.host_layers > 0 ||
                          placement.host_expert_layers > 0 ||
                          placement.optimizer == workload::Offload::host;
  if (host_works && question.host.bandwidth <= BytesPerSecond{})
    return "the bandwidth of the host's memory is unknown: the rig states no processor and memory";
  if (placement.devices == 0) return {};
  const auto first = placement.accelerator(0);
  const estimate::Executor device = estimate::executor_of(question.accelerators[first], {}, false);
  if (device.bandwidth <= BytesPerSecond{}) return "the bandwidth of the device is unknown";
  if (device.peak <= FlopsPerSecond{}) return "the rate of the device is unknown";
  return {};
}

estimate::SpeedRig speed_rig(const Question& question, const estimate::Calibration& calibration) {
  const std::string engine = estimate::engine_name(*question.engine);
  const bool half_sums = estimate::has_half_sums(question.engine->family);
  estimate::SpeedRig rig;
  const auto constants = [&](estimate::SpeedScope scope) {
    scope.flash_attention = question.workload.inference.flash_attention;
    scope.quantized_cache = question.workload.inference.key_type.quantized;
    return calibration.resolve(scope);
  };
  const auto resolve = [&](const hardware::Accelerator& device) {
    const estimate::SpeedScope scope = estimate::scope_of(device, engine, question.backend);
    return estimate::executor_of(device, constants(scope), half_sums);
  };
  for (const hardware::Accelerator& device : question.accelerators) {
    const bool same = !rig.devices.empty() && device.id == question.accelerators.front().id;
    rig.devices.push_back(same ? rig.devices.front() : resolve(device));
  }
  const estimate::SpeedScope host = estimate::scope_of(question.host, engine);
  rig.host = estimate::executor_of(question.host, constants(host));
  if (!question.accelerators.empty()) {
    rig.link = between(question.accelerators);
    rig.host_link = slowest(question.accelerators, estimate::slot_bandwidth);
  }
  return rig;
}

namespace {

/// Looks up what own measurements say, and puts it into the times.
void correct(const Question& question, const workload::Placement& placement,
             const SpeedScope& scope, const estimate::Calibration& calibration,
             InferenceSpeed& out) {
  const auto own = [&](OwnQuantity quantity, double size) {
    return own_correction(question, placement, scope, {.quantity = quantity, .size = size},
                          calibration.range(to_text(quantity), scope));
  };
  out.decode_own = own(OwnQuantity::decode, out.depth);
  out.prefill_own = own(OwnQuantity::prefill, out.prompt);
  out.aggregate_own = out.sequences > 1 ? own(OwnQuantity::output, out.sequences) : out.decode_own;
  divide(out.decode_step, out.decode_own.factor);
  divide(out.prompt_time, out.prefill_own.factor);
  divide(out.batch_step, out.aggregate_own.factor);
}

}  // namespace

InferenceSpeed inference_speed(const Question& question, const workload::Placement& placement,
                               const estimate::SpeedRig& rig,
                               const estimate::Calibration& calibration) {
  const workload::Inference& inference = question.workload.inference;
  const estimate::InferenceCase input{
      *question.network, *question.engine,         inference,
      placement,         question.accelerators,    question.host,
      question.backend,  question.display_reserve, question.display_device};
  const estimate::SpeedCase stages = estimate::speed_case(input, rig);
  constexpr double kUsualPrompt = 512;
  const auto context = static_cast<double>(inference.context);
  InferenceSpeed out;
  out.prompt = inference.prompt > 0 ? inference.prompt : std::min(kUsualPrompt, context);
  out.depth = std::min(out.prompt + kUsualPrompt / 2, context);
  out.sequences = inference.sequences;
  out.prompt_time = estimate::prefill(stages, out.prompt, 0);
  out.decode_step = estimate::decode_step(stages, 1, out.depth);
  const double copies = std::max(1, placement.replicas);
  const double together = std::max(1.0, out.sequences / copies);
  out.batch_step = estimate::decode_step(stages, together, out.depth);

  const bool on_host = placement.devices == 0;
  const auto first = placement.accelerator(0);
  const std::string engine = estimate::engine_name(*question.engine);
  const estimate::SpeedScope scope =
      on_host ? estimate::scope_of(question.host, engine)
              : estimate::scope_of(question.accelerators[first], engine, question.backend);
  out.support = calibration.support(scope);
  out.support_rows = calibration.support_rows(scope);
  out.supporter = out.support != estimate::Support::device ? scope.family
                  : on_host                                ? question.host.processor
                                                           : question.accelerators[first].name;
  out.link_is_assumed = placement.devices > 1;
  correct(question, placement, scope, calibration, out);
  const double prompt = out.prompt_time.total().in(second);
  const double step = out.decode_step.total().in(second);
  out.prefill = rate(out.prompt / prompt, out.prefill_own);
  out.first_token = duration(prompt + step, out.prefill_own);
  out.decode = rate(1 / step, out.decode_own);
  out.per_token = duration(step, out.decode_own);
  const Seconds round = estimate::round_time(
      stages, {.sequences = together, .prompt = out.prompt, .answer = kUsualPrompt});
  // Copies on one device take turns.
  const double at_once = copies / std::max(1, placement.copies);
  const double all =
      out.aggregate_own.factor * at_once * together * kUsualPrompt / round.in(second);
  out.aggregate = rate(all, out.aggregate_own);
  return out;
}

TrainingSpeed training_speed(const Question& question, const workload::Placement& placement,
                             const estimate::Calibration& calibration) {
  RIGOR_ASSERT(placement.devices > 0);
  const auto first = placement.accelerator(0);
  const hardware::Accelerator& device = question.accelerators[first];
  estimate::SpeedScope scope;
  scope.engine = estimate::engine_name(*question.engine);
  scope.backend = "train";
  scope.family = estimate::family_of(device);
  scope.device = device.id;
  const estimate::SpeedConstants constants = calibration.resolve(scope);
  const estimate::TrainingRig rig{
      .device = estimate::executor_of(device, constants, false),
      .host = estimate::executor_of(question.host, constants),
      .link = between(question.accelerators),
      .host_link = slowest(question.accelerators, estimate::slot_bandwidth)};
  const auto step_of = [&](const workload::Placement& p) {
    const estimate::FineTuneCase input{*question.network,          *question.engine,
                                       question.workload.finetune, p,
                                       question.accelerators,      question.host,
                                       question.display_reserve,   question.display_device};
    return estimate::training_step(input, rig);
  };
  TrainingSpeed out;
  out.time = step_of(placement);
  workload::Placement single;
  single.optimizer = placement.optimizer;
  single.parameters = placement.parameters;
  out.alone = step_of(single).tokens_per_s();
  const workload::FineTune& task = question.workload.finetune;
  out.own = own_correction(question, placement, scope,
                           {.quantity = OwnQuantity::training,
                            .form = std::string(workload::to_text(task.method)),
                            .size = static_cast<double>(task.sequence) * task.micro_batch},
                           calibration.range("training", scope));
  divide(out.time, out.own.factor);
  out.alone *= out.own.factor;
  const double rate_now = out.time.tokens_per_s();
  out.tokens = rate(rate_now, out.own);
  out.step = duration(out.time.total().in(second), out.own);
  out.samples = rate(rate_now / task.sequence, out.own);
  const FlopsPerSecond used = rate_now * out.time.flop_per_token * Flops::from_base(1) / second;
  out.utilisation = used / (static_cast<double>(placement.devices) * rig.device.peak);
  out.support = calibration.support(scope);
  out.support_rows = calibration.support_rows(scope);
  out.supporter = out.support == estimate::Support::device ? device.name : scope.family;
  out.link_is_assumed = placement.devices > 1;
  return out;
}

}  // namespace rigor::place
