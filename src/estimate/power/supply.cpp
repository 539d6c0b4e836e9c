#include "estimate/power/supply.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/result.hpp"

namespace rigor::estimate {
namespace {

using hardware::EfficiencyPoint;
using hardware::Supply;

constexpr double kLeast = 0.5, kMost = 0.99;

/// The voltage of the curve that is nearest as a ratio.
Volts nearest_voltage(std::span<const EfficiencyPoint> curve, Volts mains) {
  Volts best = curve.front().voltage;
  for (const EfficiencyPoint& point : curve) {
    const double distance = std::abs(std::log(point.voltage / mains));
    if (distance < std::abs(std::log(best / mains))) best = point.voltage;
  }
  return best;
}

double on_line(const EfficiencyPoint& a, const EfficiencyPoint& b, double load) {
  return a.efficiency + (b.efficiency - a.efficiency) * (load - a.load) / (b.load - a.load);
}

/// Losses stay those of the first point.
double below(const EfficiencyPoint& first, double load) {
  const double lost = first.load * (1 / first.efficiency - 1);
  return load / (load + lost);
}

double at(std::span<const EfficiencyPoint> curve, double load) {
  if (load <= curve.front().load) return below(curve.front(), load);
  if (curve.size() == 1) return curve.front().efficiency;
  std::size_t i = 1;
  while (i + 1 < curve.size() && load > curve[i].load) ++i;
  return on_line(curve[i - 1], curve[i], load);
}

/// Requires: the supply has a curve.
Range<double> known_efficiency(const Supply& supply, double load, Volts mains) {
  const Volts voltage = nearest_voltage(supply.curve, mains);
  std::vector<EfficiencyPoint> curve;
  for (const EfficiencyPoint& point : supply.curve) {
    if (point.voltage == voltage) curve.push_back(point);
  }
  std::sort(curve.begin(), curve.end(),
            [](const EfficiencyPoint& a, const EfficiencyPoint& b) { return a.load < b.load; });
  if (load <= 0) return exactly(0.0);
  const double share = at(curve, load);
  const auto kept = [&](double margin) {
    const double floor = std::min(kLeast, share);
    return std::clamp(share + margin * std::min(1.0, load / curve.front().load), floor, kMost);
  };
  return rising(supply.margin, kept);
}

}  // namespace

LoadFit load_fit(const Range<double>& share) {
  if (share.expected > 1) return LoadFit::over;
  return share.high > 1 ? LoadFit::tight : LoadFit::fits;
}

Watts rated_power(const Supply& supply, Volts mains) {
  return mains < kLowLine && supply.low_line > Watts{} ? supply.low_line : supply.power;
}

std::optional<Range<double>> efficiency(const Supply& supply, double load, Volts mains) {
  RIGOR_ASSERT(load >= 0);
  if (supply.curve.empty()) return std::nullopt;
  return known_efficiency(supply, load, mains);
}

SupplyState supply_state(const Supply& supply, Range<Watts> dc, Volts mains) {
  SupplyState state;
  state.dc = dc;
  state.rated = rated_power(supply, mains);
  state.load = rising(dc, [&](Watts watts) { return watts / state.rated; });
  if (supply.curve.empty() || dc.low <= Watts{}) return state;
  const auto of = [&](Watts watts) {
    return known_efficiency(supply, watts / supply.power, mains);
  };
  const Range<double> low = of(dc.low), expected = of(dc.expected), high = of(dc.high);
  state.efficiency = {std::min(low.low, high.low), expected.expected,
                      std::max(low.high, high.high)};
  state.wall = {dc.low / low.high, dc.expected / expected.expected, dc.high / high.low};
  return state;
}

Range<Amperes> mains_current(const Range<Watts>& wall, Volts mains,
                             const Range<double>& power_factor) {
  return {wall.low / (power_factor.high * mains), wall.expected / (power_factor.expected * mains),
          wall.high / (power_factor.low * mains)};
}

std::vector<int> share_loads(std::span<const Watts> loads, std::span<const Watts> ratings,
                             std::vector<Watts> carried) {
  RIGOR_ASSERT(!ratings.empty());
  std::vector<std::size_t> order(loads.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return loads[a] > loads[b]; });
  std::vector<Watts>& sums = carried;
  sums.resize(ratings.size());
  std::vector<int> result(loads.size());
  for (const std::size_t load : order) {
    std::size_t best = 0;
    const auto after = [&](std::size_t i) { return (sums[i] + loads[load]) / ratings[i]; };
    for (std::size_t i = 1; i < ratings.size(); ++i) {
      if (after(i) < after(best)) best = i;
    }
    sums[best] += loads[load];
    result[load] = static_cast<int>(best);
  }
  return result;
}

}  // namespace rigor::estimate
