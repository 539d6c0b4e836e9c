#include "estimate/power/air.hpp"

#include <cmath>

#include "base/result.hpp"

namespace rigor::estimate {
namespace {

constexpr double kSeaLevelPressure = 101325;                    // Pa, ISO 2533
constexpr double kPressureFall = 2.25577e-5, kPower = 5.25588;  // per metre; ISO 2533, troposphere
constexpr double kGasConstant = 287.05;                         // J/(kg K), dry air
constexpr double kHeatCapacity = 1005;                          // J/(kg K)
constexpr double kIceKelvin = 273.15;
constexpr Metres kSection = 0.12 * metre;
constexpr Kelvins kSectionDifference = 10 * kelvin;
constexpr double kCubeSides = 6;

/// Heat per volume and kelvin, as a plain number of J/(m3 K).
double heat_capacity(Metres altitude, double celsius) {
  return air_density(altitude, celsius) * kHeatCapacity;
}

/// What leaves a room per kelvin.
WattsPerKelvin losses(const Room& room) {
  const double volume = room.volume.in(cubic_metre);
  const double surface = kCubeSides * std::pow(volume, 2.0 / 3.0);
  const AirFlow air = room.ventilation + room.leakage * volume * cubic_metre_per_hour;
  const double by_air = heat_capacity(room.altitude, room.celsius) * air.in(AirFlow::from_base(1));
  return WattsPerKelvin::from_base(room.wall_conductance * surface + by_air);
}

}  // namespace

double air_density(Metres altitude, double celsius) {
  const double pressure =
      kSeaLevelPressure * std::pow(1 - kPressureFall * altitude.in(metre), kPower);
  return pressure / (kGasConstant * (celsius + kIceKelvin));
}

AirFlow airflow(Watts heat, Kelvins rise, Metres altitude, double celsius) {
  RIGOR_ASSERT(rise > Kelvins{});
  const double flow = heat.in(watt) / (heat_capacity(altitude, celsius) * rise.in(kelvin));
  return AirFlow::from_base(flow);
}

Kelvins air_rise(Watts heat, AirFlow flow, Metres altitude, double celsius) {
  RIGOR_ASSERT(flow > AirFlow{});
  const double per_kelvin = heat_capacity(altitude, celsius) * flow.in(AirFlow::from_base(1));
  return heat.in(watt) / per_kelvin * kelvin;
}

Watts radiator_capacity(Metres length, Metres fan_size, Watts section, Kelvins difference) {
  RIGOR_ASSERT(fan_size > Metres{});
  const double sections = length / fan_size;
  const double area = (fan_size / kSection) * (fan_size / kSection);
  return sections * area * (difference / kSectionDifference) * section;
}

Kelvins room_rise(Watts heat, const Room& room) {
  RIGOR_ASSERT(room.volume > CubicMetres{});
  return heat / losses(room);
}

Seconds room_time_constant(const Room& room) {
  RIGOR_ASSERT(room.volume > CubicMetres{});
  const double stored = heat_capacity(room.altitude, room.celsius) * room.volume.in(cubic_metre);
  return stored * joule / kelvin / losses(room);
}

Watts cooling_power(Watts heat, double cop) {
  RIGOR_ASSERT(cop > 0);
  return heat / cop;
}

}  // namespace rigor::estimate
