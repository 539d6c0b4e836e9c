#include "estimate/power/ups.hpp"

#include <algorithm>
#include <cmath>

#include "base/result.hpp"

namespace rigor::estimate {
namespace {

using hardware::RuntimePoint;
using hardware::Ups;

/// b of t ~ P^-b through two points.
double exponent(const RuntimePoint& a, const RuntimePoint& b) {
  return std::log(a.time / b.time) / std::log(b.load / a.load);
}

Seconds along(const RuntimePoint& from, double power, Watts load) {
  return std::pow(from.load / load, power) * from.time;
}

/// The same below the first point: from half its load on a battery loses no more than by Peukert's
/// law, and the exponent of heavy loads would promise too much.
Seconds below(const RuntimePoint& first, double power, double gentle, Watts load) {
  const Watts half = 0.5 * first.load;
  if (load >= half) return along(first, power, load);
  return along({half, along(first, power, half)}, std::min(power, gentle), load);
}

Runtime through_points(const std::vector<RuntimePoint>& points, Watts load,
                       const BatteryHabits& habits) {
  Runtime result;
  double power = habits.peukert.expected;
  const RuntimePoint* from = &points.front();
  if (points.size() == 1) {
    result.basis = RuntimeBasis::one_point;
  } else {
    std::size_t i = 1;
    while (i + 1 < points.size() && load > points[i].load) ++i;
    from = load > points[i].load ? &points[i] : &points[i - 1];
    power = exponent(points[i - 1], points[i]);
    const bool inside = load >= points.front().load && load <= points.back().load;
    result.basis = inside ? RuntimeBasis::between : RuntimeBasis::beyond;
  }
  const bool is_below = load < points.front().load;
  const Seconds fresh =
      is_below ? below(*from, power, habits.peukert.expected, load) : along(*from, power, load);
  // Published runtimes are of a fresh battery; what has aged lost capacity.
  result.time = {std::pow(habits.age.low, power) * fresh, fresh, fresh};
  return result;
}

}  // namespace

UpsLoad ups_load(const Ups& ups, const Range<Watts>& load, const Range<double>& power_factor) {
  UpsLoad result;
  result.watts = rising(load, [&](Watts watts) { return watts / ups.power; });
  result.volt_amperes = {load.low / (power_factor.high * ups.apparent_power),
                         load.expected / (power_factor.expected * ups.apparent_power),
                         load.high / (power_factor.low * ups.apparent_power)};
  return result;
}

Seconds peukert_time(Joules energy, Watts load, double exponent) {
  return std::pow(energy / (load * kPeukertHours), exponent) * kPeukertHours;
}

std::optional<Runtime> ups_runtime(const Ups& ups, Watts load, const BatteryHabits& habits) {
  RIGOR_ASSERT(load > Watts{});
  if (!ups.runtime.empty()) return through_points(ups.runtime, load, habits);
  if (ups.battery <= Joules{}) return std::nullopt;
  // Loads of a UPS draw more than the 20-hour rate, so that a greater exponent means less time.
  const auto lasts = [&](double age, double inverter, double power) {
    return peukert_time(age * ups.battery, load / inverter, power);
  };
  Runtime result;
  result.basis = RuntimeBasis::battery;
  result.time = {lasts(habits.age.low, habits.inverter.low, habits.peukert.high),
                 lasts(habits.age.expected, habits.inverter.expected, habits.peukert.expected),
                 lasts(habits.age.high, habits.inverter.high, habits.peukert.low)};
  return result;
}

std::optional<Runtime> ups_runtime(const Ups& ups, const Range<Watts>& load,
                                   const BatteryHabits& habits) {
  const std::optional<Runtime> low = ups_runtime(ups, load.high, habits);
  const std::optional<Runtime> expected = ups_runtime(ups, load.expected, habits);
  const std::optional<Runtime> high = ups_runtime(ups, load.low, habits);
  if (!low || !expected || !high) return std::nullopt;
  return Runtime{{low->time.low, expected->time.expected, high->time.high}, expected->basis};
}

Range<Seconds> required_runtime(Bytes checkpoint, BytesPerSecond rate,
                                const Range<Seconds>& shutdown) {
  const Seconds writing = rate > BytesPerSecond{} ? checkpoint / rate : Seconds{};
  return exactly(writing) + shutdown;
}

}  // namespace rigor::estimate
