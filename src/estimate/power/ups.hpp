// Uninterruptible supplies: whether one carries a load, and for how long. Layer 5.
//
// Formulas, derivation and limits: docs/models/52-ups.md.
#pragma once

#include <cstdint>
#include <optional>

#include "hardware/electrical.hpp"

namespace rigor::estimate {

struct UpsLoad {
  Range<double> watts = {};         ///< share of its watt rating
  Range<double> volt_amperes = {};  ///< share of its volt-ampere rating
};
/// `power_factor` of what hangs on it. Above 1: overloaded.
UpsLoad ups_load(const hardware::Ups& ups, const Range<Watts>& load,
                 const Range<double>& power_factor);

/// Load above which a supply for hours of battery life is called short of reserve.
inline constexpr double kUpsComfort = 0.8;

enum class RuntimeBasis : std::uint8_t {
  between,    ///< between two of the maker's points
  beyond,     ///< outside them: the exponent of the nearest pair goes on
  one_point,  ///< one point and the exponent of the battery's kind
  battery,    ///< no point: the battery's energy and Peukert's law
};

struct Runtime {
  Range<Seconds> time = {};
  RuntimeBasis basis = RuntimeBasis::between;
};

/// What decides besides the UPS itself.
struct BatteryHabits {
  Range<double> age;       ///< capacity left, of nominal
  Range<double> inverter;  ///< efficiency on battery
  Range<double> peukert;   ///< exponent
};

/// How long a load is carried. Between two points runtime is a power of the load,
/// t = t1 (P1 / P)^b with b = ln(t1 / t2) / ln(P2 / P1); outside them b of the nearest pair goes
/// on, below half of the first load no more than Peukert's exponent. Without points t = H (E / (P /
/// eta H))^k with H = 20 h. An aged battery has less: t falls with the power of what is left. Never
/// rises with the load. Empty: neither points nor a battery are known. Requires: load > 0.
std::optional<Runtime> ups_runtime(const hardware::Ups& ups, Watts load,
                                   const BatteryHabits& habits);

/// The same for a range of loads: low with the high end of the load.
std::optional<Runtime> ups_runtime(const hardware::Ups& ups, const Range<Watts>& load,
                                   const BatteryHabits& habits);

/// The hours at which a battery's energy is stated.
inline constexpr Seconds kPeukertHours = 20 * 3600 * second;

/// Peukert's law for one battery: energy at the 20-hour rate, load at its terminals.
Seconds peukert_time(Joules energy, Watts load, double exponent);

/// Time to write a checkpoint and to shut down. `rate` 0: nothing is written.
Range<Seconds> required_runtime(Bytes checkpoint, BytesPerSecond rate,
                                const Range<Seconds>& shutdown);

}  // namespace rigor::estimate
