#include "estimate/power/circuit.hpp"

#include <algorithm>
#include <cmath>

#include "base/result.hpp"

namespace rigor::estimate {

Amperes continuous_current(const Circuit& circuit) {
  const Amperes others = circuit.other_load / circuit.mains;
  return std::max(Amperes{}, kContinuousShare * circuit.breaker - others);
}

Watts continuous_power(const Circuit& circuit, double power_factor) {
  return power_factor * (continuous_current(circuit) * circuit.mains);
}

std::optional<Watts> highest_limit(Watts lowest, Watts highest, Watts step,
                                   const std::function<bool(Watts limit)>& holds) {
  RIGOR_ASSERT(step > Watts{} && lowest <= highest);
  if (holds(highest)) return highest;
  // Steps count from zero, so that limits are round numbers.
  const auto first = static_cast<long>(std::ceil(highest / step)) - 1;
  for (long k = first; k > 0 && static_cast<double>(k) * step >= lowest; --k) {
    const Watts limit = static_cast<double>(k) * step;
    if (holds(limit)) return limit;
  }
  return holds(lowest) ? std::optional(lowest) : std::nullopt;
}

}  // namespace rigor::estimate
