// Sound: adding sources, distance, and fans that turn slower. Levels are dB(A) at 1 m unless said
// otherwise. Layer 5.
//
// Formulas, derivation and limits: docs/models/51-heat-and-noise.md.
#pragma once

#include <optional>
#include <span>

#include "units/air.hpp"
#include "units/quantity.hpp"

namespace rigor::estimate {

/// Level of sources that know nothing of each other: 10 log10 of the sum of 10^(L/10).
/// Empty for no source.
std::optional<double> sum_of_levels(std::span<const double> levels);
/// Level of n equal sources. Requires: count >= 1.
double level_of(double one, int count);
/// Level at another distance, free field: 20 log10 of the distances' ratio less.
/// Requires: distances above 0.
double level_at(double level, Metres stated_at, Metres distance);
/// Level of a fan at a share of its speed: + 50 log10(share). Requires: share > 0.
double level_at_speed(double level, double share);

/// Share of full speed that a flow needs: flow grows in proportion to speed. Above 1: the fans
/// cannot. Never below `slowest`. Requires: full > 0.
double speed_for(AirFlow wanted, AirFlow full, double slowest);

}  // namespace rigor::estimate
