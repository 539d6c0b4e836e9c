// Quantities of air and of heat that leaves through walls. Layer 1.
#pragma once

#include "units/quantity.hpp"

namespace rigor {

using SquareMetres = Quantity<Dimension{.length = 2}>;
using CubicMetres = Quantity<Dimension{.length = 3}>;
using AirFlow = Quantity<Dimension{.time = -1, .length = 3}>;
using WattsPerKelvin = Quantity<Dimension{.time = -1, .energy = 1, .temperature = -1}>;

inline constexpr Metres metre = Metres::from_base(1);
inline constexpr CubicMetres cubic_metre = CubicMetres::from_base(1);
inline constexpr AirFlow cubic_metre_per_hour = cubic_metre / (3600.0 * second);
/// Cubic foot per minute: 0.3048^3 m3 in 60 s.
inline constexpr AirFlow CFM = 0.3048 * 0.3048 * 0.3048 * cubic_metre / (60.0 * second);

}  // namespace rigor
