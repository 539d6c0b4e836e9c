#include "estimate/power/noise.hpp"

#include <algorithm>
#include <cmath>

#include "base/result.hpp"

namespace rigor::estimate {
namespace {

constexpr double kBel = 10;          // decibels
constexpr double kPressure = 20;     // decibels per decade of distance
constexpr double kFanExponent = 50;  // decibels per decade of speed

}  // namespace

std::optional<double> sum_of_levels(std::span<const double> levels) {
  if (levels.empty()) return std::nullopt;
  double power = 0;
  for (const double level : levels) power += std::pow(10, level / kBel);
  return kBel * std::log10(power);
}

double level_of(double one, int count) {
  RIGOR_ASSERT(count >= 1);
  return one + kBel * std::log10(count);
}

double level_at(double level, Metres stated_at, Metres distance) {
  RIGOR_ASSERT(stated_at > Metres{} && distance > Metres{});
  return level - kPressure * std::log10(distance / stated_at);
}

double level_at_speed(double level, double share) {
  RIGOR_ASSERT(share > 0);
  return level + kFanExponent * std::log10(share);
}

double speed_for(AirFlow wanted, AirFlow full, double slowest) {
  RIGOR_ASSERT(full > AirFlow{});
  return std::max(slowest, wanted / full);
}

}  // namespace rigor::estimate
