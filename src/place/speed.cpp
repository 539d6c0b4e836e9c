#include "place/speed.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "estimate/speed/speed_case.hpp"
#include "estimate/speed/transfer.hpp"
#include "place/power.hpp"
#include "place/speed_figures.hpp"

namespace rigor::place {

using estimate::Phase;
using estimate::SpeedRange;
using estimate::SpeedScope;

namespace {

/// The power limit's own interval on top.
void widen(const Question& question, const workload::Placement& placement,
           const estimate::Calibration& calibration, InferenceSpeed& speed) {
  const auto factor = [&](Phase phase) {
    return limit_factor(question, placement, calibration.power(), phase);
  };
  const Ranged prefills = factor(Phase::prefill), decodes = factor(Phase::decode);
  speed.prefill = widened(speed.prefill, prefills);
  speed.first_token = widened(speed.first_token, detail::inverse(prefills));
  speed.decode = widened(speed.decode, decodes);
  speed.per_token = widened(speed.per_token, detail::inverse(decodes));
  const Phase serving = speed.sequences > 1 ? Phase::output : Phase::decode;
  speed.aggregate = widened(speed.aggregate, factor(serving));
  if (speed.speculation.drafted > 0)
    speed.speculation.plain = widened(speed.speculation.plain, decodes);
}

/// What the network may reach: its part of each time, by the rates' own interval.
void widen_by_network(const Question& question, InferenceSpeed& speed) {
  const estimate::Rates rates = rates_of(estimate::Link::ethernet, network_rate(question));
  const double slow = rates.expected / rates.low - 1, fast = 1 - rates.expected / rates.high;
  const auto factor = [&](const estimate::StepTime& time) {
    const double share = time[estimate::TimeTerm::network] / time.total();
    return Ranged{1 / (1 + share * slow), 1, 1 / (1 - share * fast)};
  };
  const Ranged decodes = factor(speed.decode_step), prompts = factor(speed.prompt_time);
  speed.decode = widened(speed.decode, decodes);
  speed.per_token = widened(speed.per_token, detail::inverse(decodes));
  speed.prefill = widened(speed.prefill, prompts);
  speed.first_token = widened(speed.first_token, detail::inverse(prompts));
  speed.aggregate = widened(speed.aggregate, factor(speed.batch_step));
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
                          placement.optimizer != workload::Offload::none;
  if (host_works && question.host.bandwidth <= BytesPerSecond{})
    return "the bandwidth of the host's memory is unknown: the rig states no processor and memory";
  if (trains) {
    if (std::string missing = detail::traffic_needs(question, placement); !missing.empty())
      return missing;
  }
  if (machines_of(question) > 1 && network_rate(question) <= BytesPerSecond{})
    return "the network between the machines is unknown: the rig states no port; "
           "give network, for example \"10 Gbit/s\"";
  if (placement.devices == 0) return {};
  const auto first = placement.accelerator(0);
  const estimate::Executor device = estimate::executor_of(question.accelerators[first], {}, false);
  if (device.bandwidth <= BytesPerSecond{}) return "the bandwidth of the device is unknown";
  if (device.peak <= FlopsPerSecond{}) return "the rate of the device is unknown";
  return {};
}

namespace {

estimate::SpeedConstants constants_of(const Question& question,
                                      const estimate::Calibration& calibration, SpeedScope scope) {
  scope.flash_attention = question.workload.inference.flash_attention;
  scope.quantized_cache = question.workload.inference.key_type.quantized;
  return calibration.resolve(scope);
}

/// A device's constants. Over machines those of rows that speak of that, but for what cards of one
/// machine exchange.
estimate::SpeedConstants device_constants(const Question& question,
                                          const estimate::Calibration& calibration,
                                          const hardware::Accelerator& device) {
  const std::string engine = estimate::engine_name(*question.engine);
  const SpeedScope own = estimate::scope_of(device, engine, question.backend);
  const estimate::SpeedConstants alone = constants_of(question, calibration, own);
  estimate::SpeedConstants constants =
      constants_of(question, calibration, detail::scope_over_machines(question, own, calibration));
  for (const estimate::Factor f : {estimate::Factor::hop, estimate::Factor::wire})
    constants[f] = alone[f];
  return constants;
}

void add_devices(const Question& question, const estimate::Calibration& calibration,
                 estimate::SpeedRig& rig) {
  const bool half_sums = estimate::has_half_sums(question.engine->family);
  for (std::size_t i = 0; i < question.accelerators.size(); ++i) {
    const hardware::Accelerator& device = question.accelerators[i];
    const bool same = i > 0 && device.id == question.accelerators.front().id;
    rig.devices.push_back(
        same ? rig.devices.front()
             : estimate::executor_of(device, device_constants(question, calibration, device),
                                     half_sums));
    const double wire = rig.devices.back().constants[estimate::Factor::wire];
    rig.peers.push_back(detail::device_link(question, i, wire));
  }
  if (rig.devices.empty()) return;
  rig.host_link = detail::slowest_slot(question);
  detail::join_machines(question, calibration, rig.devices.front().constants, rig);
}

}  // namespace

estimate::SpeedRig speed_rig(const Question& question, const estimate::Calibration& calibration) {
  estimate::SpeedRig rig;
  add_devices(question, calibration, rig);
  for (int i = 0; i < estimate::kPhases; ++i) {
    rig.limited[static_cast<std::size_t>(i)] = limited_devices(
        question, rig.devices, calibration.power(), static_cast<estimate::Phase>(i));
  }
  const estimate::SpeedScope host =
      estimate::scope_of(question.host, estimate::engine_name(*question.engine));
  rig.host = estimate::executor_of(question.host, constants_of(question, calibration, host));
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

namespace {

/// Looks up what own measurements say, and puts it into the times.
void correct(const Question& question, const workload::Placement& placement,
             const SpeedScope& scope, const estimate::Calibration& calibration,
             InferenceSpeed& out) {
  const auto own = [&](OwnQuantity quantity, double size) {
    return detail::own_correction(question, placement, scope, {.quantity = quantity, .size = size},
                                  calibration.range(to_text(quantity), scope));
  };
  out.decode_own = own(OwnQuantity::decode, out.depth);
  out.prefill_own = own(OwnQuantity::prefill, out.prompt);
  out.aggregate_own = out.sequences > 1 ? own(OwnQuantity::output, out.sequences) : out.decode_own;
  detail::divide(out.decode_step, out.decode_own.factor);
  detail::divide(out.prompt_time, out.prefill_own.factor);
  detail::divide(out.batch_step, out.aggregate_own.factor);
}

/// Whose measurements stand behind the answer.
SpeedScope set_support(const Question& question, const workload::Placement& placement,
                       const estimate::Calibration& calibration, InferenceSpeed& out) {
  const bool on_host = placement.devices == 0;
  const auto first = placement.accelerator(0);
  const std::string engine = estimate::engine_name(*question.engine);
  const SpeedScope scope =
      on_host ? estimate::scope_of(question.host, engine)
              : detail::scope_over_machines(
                    question,
                    estimate::scope_of(question.accelerators[first], engine, question.backend),
                    calibration);
  out.support = calibration.support(scope);
  out.support_rows = calibration.support_rows(scope);
  out.supporter = out.support != estimate::Support::device ? scope.family
                  : on_host                                ? question.host.processor
                                                           : question.accelerators[first].name;
  out.link_is_assumed = detail::links_are_assumed(question, placement);
  return scope;
}

/// Plain rates and times, from the corrected times of the answer and what all users are served.
void set_rates(double served, InferenceSpeed& out) {
  const double prompt = out.prompt_time.total().in(second);
  const double step = out.decode_step.total().in(second);
  out.network = out.decode_step[estimate::TimeTerm::network] / out.decode_step.total();
  out.prefill = detail::rate(out.prompt / prompt, out.prefill_own);
  out.first_token = detail::duration(prompt + step, out.prefill_own);
  out.decode = detail::rate(1 / step, out.decode_own);
  out.per_token = detail::duration(step, out.decode_own);
  out.aggregate = detail::rate(out.aggregate_own.factor * served, out.aggregate_own);
}

/// The rates with drafts; the shares of a step carry what own measurements say of plain ones.
void add_drafts(Speculation drafts, InferenceSpeed& out) {
  drafts.plain = out.decode;
  detail::divide(drafts.draft, out.decode_own.factor);
  detail::divide(drafts.verify, out.decode_own.factor);
  out.decode = product(out.decode, drafts.speed_up);
  out.per_token = detail::inverse(out.decode);
  out.aggregate = product(out.aggregate, drafts.speed_up_together);
  out.speculation = std::move(drafts);
}

}  // namespace

double detail::Serving::rate() const {
  return requests * round.answer / estimate::round_time(stages, round).in(second);
}

detail::Serving detail::serving_of(const Question& question, const workload::Placement& placement,
                                   const estimate::SpeedRig& rig) {
  const workload::Inference& inference = question.workload.inference;
  // What is not stated is what people usually send, within the context.
  constexpr double kUsual = 512;
  const auto context = static_cast<double>(inference.context);
  const double copies = std::max(1, placement.replicas);
  Serving out;
  out.stages =
      stages_of(question, placement, rig, inference.sequences > 1 ? Phase::output : Phase::decode);
  out.round.sequences = std::max(1.0, inference.sequences / copies);
  out.round.prompt = inference.prompt > 0 ? inference.prompt : std::min(kUsual, context);
  out.round.answer = inference.answer > 0 ? inference.answer : kUsual;
  out.depth = std::min(out.round.prompt + out.round.answer / 2, context);
  // Copies on one device take turns.
  out.requests = copies / std::max(1, placement.copies) * out.round.sequences;
  return out;
}

InferenceSpeed inference_speed(const Question& question, const workload::Placement& placement,
                               const estimate::SpeedRig& rig,
                               const estimate::Calibration& calibration) {
  const workload::Inference& inference = question.workload.inference;
  const estimate::SpeedCase stages = stages_of(question, placement, rig, Phase::decode);
  const detail::Serving serving = detail::serving_of(question, placement, rig);
  const bool drafts = inference.draft_tokens > 0;
  InferenceSpeed out;
  out.prompt = serving.round.prompt;
  out.answer = serving.round.answer;
  out.depth = serving.depth;
  out.sequences = inference.sequences;
  out.prompt_time =
      estimate::prefill(stages_of(question, placement, rig, Phase::prefill), out.prompt, 0);
  if (drafts) {
    const estimate::Draft reader = draft_of(question, placement, rig, Phase::prefill);
    out.prompt_time += estimate::draft_prefill(reader, out.prompt, 0);
  }
  out.decode_step = estimate::decode_step(stages, 1, out.depth);
  out.batch_step = estimate::decode_step(serving.stages, serving.round.sequences, out.depth);
  const SpeedScope scope = set_support(question, placement, calibration, out);
  correct(question, placement, scope, calibration, out);
  set_rates(serving.rate(), out);
  if (drafts) {
    add_drafts(
        speculation(question, placement, rig, {stages, serving.stages, serving.round, out.depth}),
        out);
  }
  if (machines_of(question) > 1) widen_by_network(question, out);
  if (question.workload.power_limit && placement.devices > 0)
    widen(question, placement, calibration, out);
  return out;
}

}  // namespace rigor::place
