#include "estimate/power/power_limit.hpp"

#include <algorithm>
#include <cmath>

#include "base/result.hpp"

namespace rigor::estimate {
namespace {

constexpr std::array<std::string_view, kPhases> kNames = {"decode", "output", "prefill", "training",
                                                          "stress"};

/// Time of a unit of work at a clock over the time at full clock: what waits for the cores grows,
/// what waits for memory stays, with the rounded corner of the roofline.
double slowdown(const PowerCurve& curve, double clock) {
  const double stays = 1 - curve.core * curve.core;
  const double grows = curve.core / clock;
  return std::sqrt(stays + grows * grows);
}

}  // namespace

std::string_view to_text(Phase phase) {
  return kNames[static_cast<std::size_t>(phase)];
}

std::optional<Phase> parse_phase(std::string_view name) {
  const auto found = std::find(kNames.begin(), kNames.end(), name);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<Phase>(found - kNames.begin());
}

double clock_share(const PowerCurve& curve, double limit) {
  const double dynamic = (limit - curve.fixed) / (curve.bite - curve.fixed);
  if (dynamic >= 1) return 1;
  const double at_knee = curve.knee * curve.knee * curve.knee;
  const double clock =
      dynamic >= at_knee ? std::cbrt(dynamic) : dynamic / (curve.knee * curve.knee);
  return std::max(kLeastClock, clock);
}

double rate_share(const PowerCurve& curve, double limit) {
  RIGOR_ASSERT(limit > 0);
  if (limit >= 1) return 1;
  return slowdown(curve, clock_share(curve, 1)) / slowdown(curve, clock_share(curve, limit));
}

double rate_share(const PowerConstants& constants, Phase phase, double limit) {
  const double own = rate_share(constants[phase], limit);
  if (phase != Phase::decode && phase != Phase::output) return own;
  return std::max(own, rate_share(constants[Phase::prefill], limit));
}

double draw_share(const PowerConstants& constants, Phase phase, double limit) {
  return std::min({constants[phase].draw, limit, 1.0});
}

}  // namespace rigor::estimate
