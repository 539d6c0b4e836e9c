#include "place/work_power.hpp"

#include <algorithm>

#include "estimate/memory/inference_shard.hpp"
#include "estimate/speed/training_traffic.hpp"
#include "estimate/speed/transfer.hpp"

namespace rigor::place {
namespace {

using estimate::Phase;
using estimate::PowerCase;
using hardware::Activity;

constexpr Seconds kHour = 3600 * second;

Activity activity_of(Phase phase) {
  switch (phase) {
    case Phase::prefill: return Activity::prefill;
    case Phase::training: return Activity::training;
    default: return Activity::decode;
  }
}

/// Idle draw of so many of the rig's cards, the mean of them each.
Range<Watts> waiting(const PowerCase& machine, int cards) {
  const int all = estimate::card_limits(machine.rig).cards;
  if (all == 0 || cards <= 0) return {};
  const double part = static_cast<double>(std::min(cards, all)) / all;
  const estimate::Draw idle = estimate::rig_draw(machine.rig, Activity::idle);
  return part * idle.at(hardware::Component::card);
}

struct Busy {
  const PhasePower* power;
  const Ranged* rate;
  Phase phase;
  int cards;  ///< that work
};

WorkPhase on_machine(const PowerCase& machine, const Busy& busy) {
  const PhasePower& own = *busy.power;
  WorkPhase result;
  result.phase = busy.phase;
  result.rate = *busy.rate;
  const int all = estimate::card_limits(machine.rig).cards;
  const Range<Watts> cards =
      Range<Watts>{own.watts.low * watt, own.watts.expected * watt, own.watts.high * watt} +
      waiting(machine, all - busy.cards);
  const Volts mains = machine.site.voltage.value_or(estimate::kUsualMains);
  const auto plan = estimate::feed_plan(machine.rig, mains);
  result.power = estimate::activity_power(machine, plan, activity_of(busy.phase), cards);
  const std::optional<Range<Watts>>& wall = result.power.feed.wall;
  if (!wall) return result;
  const Ranged watts = {wall->low.in(watt), wall->expected.in(watt), wall->high.in(watt)};
  const Ranged& rate = result.rate;
  result.joules = product(watts, {1 / rate.high, 1 / rate.expected, 1 / rate.low});
  return result;
}

/// Copies on cards of their own generate at the same time, one stream each.
WorkPhase every_copy(const PowerCase& machine, const workload::Placement& placement,
                     const PhasePower& one, const Ranged& rate) {
  const double apart =
      static_cast<double>(std::max(1, placement.replicas)) / std::max(1, placement.copies);
  const auto times = [&](const Ranged& of) {
    return Ranged{apart * of.low, apart * of.expected, apart * of.high};
  };
  PhasePower all = one;
  all.watts = times(one.watts);
  const Ranged together = times(rate);
  const int cards = static_cast<int>(apart) * estimate::devices_of_copy(placement);
  return on_machine(machine, {&all, &together, Phase::decode, cards});
}

std::optional<double> hours_of(const Question& question, const WorkPower& work) {
  const workload::Workload& asked = question.workload;
  if (asked.hours_per_month) return asked.hours_per_month;
  if (!asked.tokens_per_month || work.phases.empty()) return std::nullopt;
  const double rate = work.phases.front().rate.expected;
  return rate > 0 ? std::optional(*asked.tokens_per_month / rate / kHour.in(second)) : std::nullopt;
}

/// What the machine takes from the wall in the phase that fills its hours.
std::optional<Range<Watts>> wall_of(const WorkPower& work) {
  if (work.phases.empty()) return std::nullopt;
  return work.phases.front().power.feed.wall;
}

/// What training goes on from.
Bytes checkpoint_of(const Question& question, const workload::Placement& placement) {
  return estimate::checkpoint_bytes(
      {*question.network, *question.engine, question.workload.finetune, placement,
       question.accelerators, question.host, question.display_reserve, question.display_device});
}

Range<Joules> energy(const Range<Watts>& watts, double hours) {
  const Seconds time = hours * kHour;
  return {watts.low * time, watts.expected * time, watts.high * time};
}

}  // namespace

WorkPower inference_work(const Question& question, const workload::Placement& placement,
                         const estimate::Calibration& calibration, const PowerCase& machine) {
  WorkPower work;
  work.name = question.workload.name;
  const estimate::SpeedRig rig = speed_rig(question, calibration);
  const InferenceSpeed speed = inference_speed(question, placement, rig, calibration);
  const PowerUse use = inference_power(question, placement, rig, calibration, speed);
  work.missing = use.missing;
  if (!work.missing.empty()) return work;
  const int copy = estimate::devices_of_copy(placement);
  if (use.output) {
    work.phases.push_back(
        on_machine(machine, {&*use.output, &speed.aggregate, Phase::output, placement.devices}));
  } else if (use.decode) {
    work.phases.push_back(every_copy(machine, placement, *use.decode, speed.decode));
  }
  if (use.prefill)
    work.phases.push_back(
        on_machine(machine, {&*use.prefill, &speed.prefill, Phase::prefill, copy}));
  work.hours = hours_of(question, work);
  return work;
}

WorkPower training_work(const Question& question, const workload::Placement& placement,
                        const estimate::Calibration& calibration, const PowerCase& machine) {
  WorkPower work;
  work.name = question.workload.name;
  const TrainingSpeed speed = training_speed(question, placement, calibration);
  const PowerUse use = training_power(question, placement, calibration, speed);
  work.missing = use.missing;
  if (!work.missing.empty() || !use.training) return work;
  work.phases.push_back(
      on_machine(machine, {&*use.training, &speed.tokens, Phase::training, placement.devices}));
  work.hours = hours_of(question, work);
  if (question.host.drive.write > BytesPerSecond{})
    work.drive = estimate::write_rates(question.host.drive).expected;
  work.checkpoint = checkpoint_of(question, placement);
  return work;
}

std::optional<PowerMonth> power_month(const std::vector<WorkPower>& work,
                                      const estimate::PowerSheet& sheet,
                                      const hardware::Site& site) {
  const std::optional<Range<Watts>>& idle = sheet.at(Activity::idle).feed.wall;
  if (!idle) return std::nullopt;
  PowerMonth month;
  if (site.hours_on) month.on = site.hours_on->in(kHour);
  for (const WorkPower& one : work) {
    const std::optional<Range<Watts>> wall = wall_of(one);
    if (!one.hours || !wall) continue;
    month.busy += *one.hours;
    month.energy += energy(*wall, *one.hours);
  }
  month.is_too_long = month.busy > month.on;
  month.idle = std::max(0.0, month.on - month.busy);
  month.energy += energy(*idle, month.idle);
  if (site.cooling_cop && site.cooling_season)
    month.cooling = (*site.cooling_season / *site.cooling_cop) * month.energy;
  return month;
}

namespace {

using estimate::LoadFit;

LoadFit cover_fit(const Range<Seconds>& needed, const Range<Seconds>& lasts) {
  if (lasts.expected < needed.expected) return LoadFit::over;
  return lasts.low < needed.high ? LoadFit::tight : LoadFit::fits;
}

/// Under one load, of the whole machine.
UpsCover cover_of(const hardware::Ups& ups, double part, const Range<Watts>& wall,
                  const WorkPower* work, const PowerCase& machine) {
  UpsCover cover;
  cover.ups = &ups;
  const Range<Seconds> shutdown =
      machine.site.shutdown_time ? exactly(*machine.site.shutdown_time) : machine.habits->shutdown;
  if (work != nullptr && work->checkpoint > Bytes{}) {
    cover.work = work->name;
    cover.checkpoint = work->checkpoint;
    if (work->drive <= BytesPerSecond{}) cover.missing = "no drive states how fast it writes";
  }
  cover.needed = estimate::required_runtime(
      cover.checkpoint, work != nullptr ? work->drive : BytesPerSecond{}, shutdown);
  const estimate::BatteryHabits habits = estimate::battery_habits(*machine.habits, ups);
  const auto runtime = estimate::ups_runtime(ups, part * wall, habits);
  if (!runtime) {
    cover.missing = "neither runtimes nor the battery of the UPS are known";
    return cover;
  }
  cover.lasts = runtime->time;
  cover.fit = cover_fit(cover.needed, cover.lasts);
  return cover;
}

/// An answer before none, the shortest reserve first.
bool is_worse(const UpsCover& one, const UpsCover& other) {
  const auto reserve = [](const UpsCover& c) { return c.lasts.expected - c.needed.expected; };
  return one.missing.empty() == other.missing.empty() ? reserve(one) < reserve(other)
                                                      : !one.missing.empty();
}

}  // namespace

std::vector<UpsCover> ups_cover(const std::vector<WorkPower>& work,
                                const estimate::PowerSheet& sheet, const PowerCase& machine) {
  std::vector<UpsCover> covers;
  const std::vector<hardware::Ups>& all = machine.rig.electrical->ups;
  for (const hardware::Ups& ups : all) {
    const double part = 1.0 / static_cast<double>(all.size());
    std::optional<UpsCover> worst;
    for (const WorkPower& one : work) {
      const std::optional<Range<Watts>> wall = wall_of(one);
      if (!wall) continue;
      const UpsCover cover = cover_of(ups, part, *wall, &one, machine);
      if (!worst || is_worse(cover, *worst)) worst = cover;
    }
    const std::optional<Range<Watts>>& training = sheet.at(Activity::training).feed.wall;
    if (!worst && training) worst = cover_of(ups, part, *training, nullptr, machine);
    if (worst) covers.push_back(*worst);
  }
  return covers;
}

}  // namespace rigor::place
