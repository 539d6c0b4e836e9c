// Heat and the air that carries it: flow for a temperature rise, what a radiator takes, how warm a
// room becomes. Layer 5.
//
// Formulas, derivation and limits: docs/models/51-heat-and-noise.md.
#pragma once

#include "units/air.hpp"
#include "units/quantity.hpp"
#include "units/range.hpp"

namespace rigor::estimate {

/// Degrees Celsius of air for which flows are stated when the site says nothing.
inline constexpr double kUsualAmbient = 22;

/// Density of dry air by the standard atmosphere (ISO 2533), kg/m3. Valid from -400 to 5,000 m and
/// -20 to 60 degrees Celsius.
double air_density(Metres altitude, double celsius);

/// Flow that carries `heat` off while its air warms by `rise`. At 1.2 kg/m3 this is 1.757 CFM for
/// each watt per kelvin. Requires: rise > 0.
AirFlow airflow(Watts heat, Kelvins rise, Metres altitude, double celsius);
/// The rise of that much air. Requires: flow > 0.
Kelvins air_rise(Watts heat, AirFlow flow, Metres altitude, double celsius);

/// Heat a radiator gives to the air. `section`: watts of one 120 mm section with the water 10 K
/// above the air; grows with the area of a section, with the number of sections, and in proportion
/// to the difference. Requires: fan_size > 0.
Watts radiator_capacity(Metres length, Metres fan_size, Watts section, Kelvins difference);

/// A room that heats up.
struct Room {
  CubicMetres volume = {};
  AirFlow ventilation = {};     ///< outside air, besides leakage
  double wall_conductance = 1;  ///< W/(m2 K) of its surfaces
  double leakage = 0.5;         ///< air changes per hour
  Metres altitude = {};
  double celsius = kUsualAmbient;  ///< of what surrounds it
};
/// How much warmer than its surroundings a room ends up: heat over what walls and air take off per
/// kelvin. The surfaces are those of a cube. Requires: volume > 0.
Kelvins room_rise(Watts heat, const Room& room);
/// Time after which 63 % of it is reached, if only the room's air stored heat; walls and furniture
/// make it longer. Requires: as above.
Seconds room_time_constant(const Room& room);

/// BTU per hour of one watt.
inline constexpr double kBtuPerHourAndWatt = 3.412142;
/// What the electricity of cooling adds: heat / cop. Requires: cop > 0.
Watts cooling_power(Watts heat, double cop);

}  // namespace rigor::estimate
