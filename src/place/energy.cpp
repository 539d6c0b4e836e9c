#include "place/energy.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "estimate/memory/inference_shard.hpp"

namespace rigor::place {
namespace {

using estimate::Phase;
using estimate::SpeedCase;

/// The common part of every answer; `missing` is set where there can be no figures.
PowerUse common(const Question& question, const workload::Placement& placement) {
  PowerUse use;
  if (placement.devices == 0) {
    use.missing = "nothing runs on a card";
    return use;
  }
  for (int i = 0; i < placement.devices; ++i) {
    const hardware::Accelerator& card = question.accelerators[placement.accelerator(i)];
    if (card.unified)
      use.missing = fmt::format("the power of {} is that of a whole machine", card.name);
    if (card.board_power <= Watts{})
      use.missing = fmt::format("the board power of {} is not known", card.name);
  }
  const hardware::Accelerator& first = question.accelerators[placement.accelerator(0)];
  use.limited = question.workload.power_limit.has_value();
  use.board = first.board_power;
  use.lowest = lowest_limit(first);
  use.limit = question.workload.power_limit.value_or(first.board_power);
  use.card = first.name;
  use.id = first.id;
  use.family = estimate::family_of(first);
  return use;
}

/// Watts of one card that is busy for a share of the time.
Ranged drawn(const Question& question, const hardware::Accelerator& card,
             const estimate::PowerCalibration& power, Phase phase, double busy, bool several) {
  const std::string family = estimate::family_of(card);
  const double limit = limit_share(question, card);
  const estimate::PowerFactor share = power.draw(phase, family, limit, several);
  const double idle = power.resolve(family).idle;
  const double board = card.board_power.in(watt);
  const auto mean = [&](double draw) { return board * (idle + std::max(0.0, draw - idle) * busy); };
  return {mean(share.low), mean(share.expected), mean(share.high)};
}

void add(Ranged& sum, const Ranged& more, double times) {
  sum.low += times * more.low;
  sum.expected += times * more.expected;
  sum.high += times * more.high;
}

PhasePower finished(const Question& question, const workload::Placement& placement,
                    const estimate::PowerCalibration& power, Phase phase, const Ranged& watts,
                    const Ranged& rate) {
  PhasePower out;
  const hardware::Accelerator& card = question.accelerators[placement.accelerator(0)];
  const std::string family = estimate::family_of(card);
  out.factor = limit_factor(question, placement, power, phase);
  out.watts = watts;
  out.joules = product(watts, {1 / rate.high, 1 / rate.expected, 1 / rate.low});
  out.support = power.support(phase, family);
  out.below_measured = limit_share(question, card) < power.resolve(family)[phase].lowest;
  return out;
}

/// What is asked of one phase: its stages, and the time that some of them take.
struct Work {
  Phase phase;
  double together = 1;  ///< sequences in a step
};

Seconds time_of(const SpeedCase& stages, const Work& work, const InferenceSpeed& speed) {
  if (work.phase == Phase::prefill) return prefill(stages, speed.prompt, 0).total();
  return decode_step(stages, work.together, speed.depth).total();
}

/// Watts of one copy's cards: each is busy while its own stage works.
Ranged copy_watts(const Question& question, const workload::Placement& placement,
                  const SpeedCase& stages, const estimate::SpeedRig& rig, const Work& work,
                  const estimate::PowerCalibration& power, const InferenceSpeed& speed) {
  const Seconds total = time_of(stages, work, speed);
  const bool several = estimate::devices_of_copy(placement) > 1;
  Ranged watts;
  int place = 0;
  for (int i = 0; i < stages.stages; ++i) {
    const estimate::SpeedStage& stage = stages.stage[static_cast<std::size_t>(i)];
    if (stage.executor == &rig.host) continue;
    SpeedCase alone = stages;
    alone.stage[0] = stage;
    alone.stages = 1;
    const double busy = std::min(1.0, time_of(alone, work, speed) / total);
    const hardware::Accelerator& card = question.accelerators[placement.accelerator(place)];
    add(watts, drawn(question, card, power, work.phase, busy, several), stage.ways);
    place += stage.ways;
  }
  return watts;
}

}  // namespace

PowerUse inference_power(const Question& question, const workload::Placement& placement,
                         const estimate::SpeedRig& rig, const estimate::Calibration& calibration,
                         const InferenceSpeed& speed) {
  PowerUse use = common(question, placement);
  if (!use.missing.empty()) return use;
  const estimate::PowerCalibration& power = calibration.power();
  const auto of = [&](const Work& work, double copies, const Ranged& rate) {
    const SpeedCase stages = stages_of(question, placement, rig, work.phase);
    Ranged watts;
    add(watts, copy_watts(question, placement, stages, rig, work, power, speed), copies);
    return finished(question, placement, power, work.phase, watts, rate);
  };
  use.decode = of({Phase::decode}, 1, speed.decode);
  use.prefill = of({Phase::prefill}, 1, speed.prefill);
  if (speed.sequences == 1) return use;
  const double copies = std::max(1, placement.replicas);
  const double on_a_device = std::max(1, placement.copies);
  const double together = std::max(1.0, speed.sequences / copies);
  use.output = of({Phase::output, together}, copies / on_a_device, speed.aggregate);
  return use;
}

PowerUse training_power(const Question& question, const workload::Placement& placement,
                        const estimate::Calibration& calibration, const TrainingSpeed& speed) {
  using estimate::StepTerm;
  PowerUse use = common(question, placement);
  if (!use.missing.empty()) return use;
  Seconds waits = speed.time[StepTerm::bubble] + speed.time[StepTerm::transfer];
  if (placement.optimizer == workload::Offload::host) waits += speed.time[StepTerm::optimizer];
  const double busy = 1 - waits / speed.time.total();
  Ranged watts;
  for (int i = 0; i < placement.devices; ++i) {
    const hardware::Accelerator& card = question.accelerators[placement.accelerator(i)];
    add(watts, drawn(question, card, calibration.power(), Phase::training, busy, false), 1);
  }
  use.training =
      finished(question, placement, calibration.power(), Phase::training, watts, speed.tokens);
  return use;
}

}  // namespace rigor::place
