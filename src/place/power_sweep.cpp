#include "place/power_sweep.hpp"

#include <algorithm>
#include <cmath>

#include "base/result.hpp"

namespace rigor::place {
namespace {

using estimate::PowerCase;

constexpr int kSteps = 11;

std::vector<Watts> limits_of(const estimate::CardLimits& ends) {
  std::vector<Watts> limits = {ends.lowest};
  for (int i = 1; i < kSteps; ++i) {
    const Watts exact =
        ends.lowest + (static_cast<double>(i) / kSteps) * (ends.highest - ends.lowest);
    const Watts round = std::round(exact / estimate::kLimitStep) * estimate::kLimitStep;
    if (round > limits.back() && round < ends.highest) limits.push_back(round);
  }
  if (ends.highest > limits.back()) limits.push_back(ends.highest);
  return limits;
}

/// The machine with its cards at a limit, doing the workload; empty without figures of power.
std::optional<SweepPoint> point_at(Watts limit, Question question,
                                   const workload::Placement& placement,
                                   const estimate::Calibration& calibration, PowerCase machine) {
  const hardware::Electrical limited = estimate::with_card_limit(*machine.rig.electrical, limit);
  machine.rig.electrical = &limited;
  question.workload.power_limit = limit;
  const bool trains = question.workload.kind == workload::Kind::finetune;
  const WorkPower work = trains ? training_work(question, placement, calibration, machine)
                                : inference_work(question, placement, calibration, machine);
  if (work.phases.empty()) return std::nullopt;
  return SweepPoint{limit, work.phases.front()};
}

}  // namespace

std::size_t knee_of(const std::vector<double>& x, const std::vector<double>& y) {
  RIGOR_ASSERT(!x.empty() && x.size() == y.size());
  const std::size_t last = x.size() - 1;
  const double width = x[last] - x[0], height = y[last] - y[0];
  if (width <= 0 || height <= 0) return 0;  // more limit gives nothing
  std::size_t best = last;
  double farthest = 1e-9;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double above = (y[i] - y[0]) / height - (x[i] - x[0]) / width;
    if (above <= farthest) continue;
    farthest = above;
    best = i;
  }
  return best;
}

std::optional<Sweep> power_sweep(const Question& question, const workload::Placement& placement,
                                 const estimate::Calibration& calibration,
                                 const PowerCase& machine) {
  const estimate::CardLimits ends = estimate::card_limits(machine.rig);
  if (ends.cards == 0 || placement.devices == 0) return std::nullopt;
  Sweep sweep;
  std::vector<double> limits, rates;
  for (const Watts limit : limits_of(ends)) {
    std::optional<SweepPoint> point = point_at(limit, question, placement, calibration, machine);
    if (!point) return std::nullopt;
    sweep.points.push_back(std::move(*point));
    limits.push_back(limit.in(watt));
    rates.push_back(sweep.points.back().work.rate.expected);
  }
  sweep.knee = knee_of(limits, rates);
  const auto energy = [](const SweepPoint& point) {
    const WorkPhase& work = point.work;
    return work.joules ? work.joules->expected
                       : work.power.draw.total.expected.in(watt) / work.rate.expected;
  };
  const auto least = std::min_element(
      sweep.points.begin(), sweep.points.end(),
      [&](const SweepPoint& a, const SweepPoint& b) { return energy(a) < energy(b); });
  sweep.least = static_cast<std::size_t>(least - sweep.points.begin());
  return sweep;
}

}  // namespace rigor::place
