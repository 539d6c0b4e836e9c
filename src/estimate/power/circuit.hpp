// The circuit a machine hangs on: what may be drawn for hours, and which power limit of the cards
// keeps to it. Layer 5.
//
// The 80 % rule and its source: docs/models/50-power-draw.md.
#pragma once

#include <functional>
#include <optional>

#include "hardware/electrical.hpp"

namespace rigor::estimate {

/// A load that lasts three hours or more may take this share of its breaker.
inline constexpr double kContinuousShare = 0.8;

struct Circuit {
  Volts mains = {};
  Amperes breaker = {};
  Watts other_load = {};  ///< of other things on it
};

/// Amperes that are left for the machine when it runs for hours; not below 0.
Amperes continuous_current(const Circuit& circuit);
/// The same as watts, at this power factor.
Watts continuous_power(const Circuit& circuit, double power_factor);

/// The highest limit at which `holds` is true: `highest`, a multiple of `step`, or `lowest`; empty
/// when it holds at none of them.
/// Requires: `holds` is true below a limit when it is true at it; step > 0; lowest <= highest.
std::optional<Watts> highest_limit(Watts lowest, Watts highest, Watts step,
                                   const std::function<bool(Watts limit)>& holds);

}  // namespace rigor::estimate
