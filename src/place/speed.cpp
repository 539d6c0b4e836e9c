#include "place/speed.hpp"

#include <algorithm>
#include <cmath>

#include "estimate/speed/speed_case.hpp"
#include "place/power.hpp"

namespace rigor::place {
namespace {

using estimate::Phase;
using estimate::SpeedRange;
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

Ranged rate(double expected, const SpeedRange& range) {
  return {range.low * expected, expected, range.high * expected};
}

Ranged duration(double expected, const SpeedRange& range) {
  return {expected / range.high, expected, expected / range.low};
}

Ranged inverse(const Ranged& factor) {
  return {1 / factor.high, 1 / factor.expected, 1 / factor.low};
}

/// The power limit's own interval on top.
void widen(const Question& question, const workload::Placement& placement,
           const estimate::Calibration& calibration, InferenceSpeed& speed) {
  const auto factor = [&](Phase phase) {
    return limit_factor(question, placement, calibration.power(), phase);
  };
  const Ranged prefills = factor(Phase::prefill), decodes = factor(Phase::decode);
  speed.prefill = widened(speed.prefill, prefills);
  speed.first_token = widened(speed.first_token, inverse(prefills));
  speed.decode = widened(speed.decode, decodes);
  speed.per_token = widened(speed.per_token, inverse(decodes));
  const Phase serving = speed.sequences > 1 ? Phase::output : Phase::decode;
  speed.aggregate = widened(speed.aggregate, factor(serving));
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
  for (int i = 0; i < estimate::kPhases; ++i) {
    rig.limited[static_cast<std::size_t>(i)] = limited_devices(
        question, rig.devices, calibration.power(), static_cast<estimate::Phase>(i));
  }
  const estimate::SpeedScope host = estimate::scope_of(question.host, engine);
  rig.host = estimate::executor_of(question.host, constants(host));
  if (!question.accelerators.empty()) {
    rig.link = between(question.accelerators);
    rig.host_link = slowest(question.accelerators, estimate::slot_bandwidth);
  }
  return rig;
}

estimate::SpeedCase stages_of(const Question& question, const workload::Placement& placement,
                              const estimate::SpeedRig& rig, estimate::Phase phase) {
  const estimate::InferenceCase input{
      *question.network, *question.engine,         question.workload.inference,
      placement,         question.accelerators,    question.host,
      question.backend,  question.display_reserve, question.display_device};
  return estimate::speed_case(input, rig, phase);
}

InferenceSpeed inference_speed(const Question& question, const workload::Placement& placement,
                               const estimate::SpeedRig& rig,
                               const estimate::Calibration& calibration) {
  const workload::Inference& inference = question.workload.inference;
  const Phase serving = inference.sequences > 1 ? Phase::output : Phase::decode;
  const estimate::SpeedCase stages = stages_of(question, placement, rig, Phase::decode);
  const estimate::SpeedCase batches = stages_of(question, placement, rig, serving);
  constexpr double kUsualPrompt = 512;
  const auto context = static_cast<double>(inference.context);
  InferenceSpeed out;
  out.prompt = inference.prompt > 0 ? inference.prompt : std::min(kUsualPrompt, context);
  out.depth = std::min(out.prompt + kUsualPrompt / 2, context);
  out.sequences = inference.sequences;
  out.prompt_time =
      estimate::prefill(stages_of(question, placement, rig, Phase::prefill), out.prompt, 0);
  out.decode_step = estimate::decode_step(stages, 1, out.depth);
  const double copies = std::max(1, placement.replicas);
  const double together = std::max(1.0, out.sequences / copies);
  out.batch_step = estimate::decode_step(batches, together, out.depth);

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
  const SpeedRange decodes = calibration.range("decode", scope);
  const SpeedRange prefills = calibration.range("prefill", scope);
  const double prompt = out.prompt_time.total().in(second);
  const double step = out.decode_step.total().in(second);
  out.prefill = rate(out.prompt / prompt, prefills);
  out.first_token = duration(prompt + step, prefills);
  out.decode = rate(1 / step, decodes);
  out.per_token = duration(step, decodes);
  const Seconds round = estimate::round_time(
      batches, {.sequences = together, .prompt = out.prompt, .answer = kUsualPrompt});
  // Copies on one device take turns.
  const double at_once = copies / std::max(1, placement.copies);
  const double all = at_once * together * kUsualPrompt / round.in(second);
  out.aggregate = rate(all, out.sequences > 1 ? calibration.range("output", scope) : decodes);
  if (question.workload.power_limit && !on_host) widen(question, placement, calibration, out);
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
  const Ranged limit = limit_factor(question, placement, calibration.power(), Phase::training);
  const estimate::Executor undisturbed = estimate::executor_of(device, constants, false);
  const estimate::TrainingRig rig{
      .device = slowed(undisturbed, limit.expected),
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
  const SpeedRange range = calibration.range("training", scope);
  const double rate_now = out.time.tokens_per_s();
  out.tokens = rate(rate_now, range);
  out.step = duration(out.time.total().in(second), range);
  out.samples = rate(rate_now / question.workload.finetune.sequence, range);
  if (question.workload.power_limit) {
    out.tokens = widened(out.tokens, limit);
    out.step = widened(out.step, inverse(limit));
    out.samples = widened(out.samples, limit);
  }
  const FlopsPerSecond used = rate_now * out.time.flop_per_token * Flops::from_base(1) / second;
  out.utilisation = used / (static_cast<double>(placement.devices) * undisturbed.peak);
  out.support = calibration.support(scope);
  out.support_rows = calibration.support_rows(scope);
  out.supporter = out.support == estimate::Support::device ? device.name : scope.family;
  out.link_is_assumed = placement.devices > 1;
  return out;
}

}  // namespace rigor::place
