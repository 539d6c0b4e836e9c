// Power supplies: efficiency at a load and a mains voltage, what is drawn from the wall, and how
// several supplies share a machine. Layer 5.
//
// Formulas, sources and limits: docs/models/50-power-draw.md.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "hardware/electrical.hpp"

namespace rigor::estimate {

/// Mains below this are "low line" (100-127 V nominal), where some supplies give less.
inline constexpr Volts kLowLine = 150 * hardware::volt;

/// Loads above these leave a supply little reserve, and hardly any.
inline constexpr double kSupplyComfort = 0.8, kSupplyFull = 0.9;

/// `over`: as expected, a load exceeds what is allowed. `tight`: only its high end does.
enum class LoadFit : std::uint8_t { fits, tight, over };
/// Of a share of what is allowed.
LoadFit load_fit(const Range<double>& share);

/// What one piece may give continuously at this mains voltage.
Watts rated_power(const hardware::Supply& supply, Volts mains);

/// Share of the input that comes out. `load`: share of the rating the curve is of. Points of the
/// nearest voltage count, joined by straight lines; below the first the losses stay what they are
/// there (at no load nothing comes out), above the last the last line goes on, never below 0.5.
/// The range is the supply's margin, never above 0.99. Empty: no curve is known.
/// Requires: load >= 0.
std::optional<Range<double>> efficiency(const hardware::Supply& supply, double load, Volts mains);

/// One supply under a load.
struct SupplyState {
  Range<Watts> dc = {};
  Watts rated = {};
  Range<double> load = {};  ///< share of what it may give; above 1: overloaded
  std::optional<Range<double>> efficiency = {};
  std::optional<Range<Watts>> wall = {};  ///< low: least load, best efficiency
};
SupplyState supply_state(const hardware::Supply& supply, Range<Watts> dc, Volts mains);

/// Volt-amperes over volts. `power_factor`: watts over volt-amperes of the input.
Range<Amperes> mains_current(const Range<Watts>& wall, Volts mains,
                             const Range<double>& power_factor);

/// Lays loads that cannot be split (a card, or all that hangs on the board) on supplies: the
/// heaviest first, each to the supply that is then loaded least. Gives for every load the index of
/// its supply. Ratings must be above 0.
/// `carried`: what each supply carries already; may be empty.
/// Requires: at least one supply.
std::vector<int> share_loads(std::span<const Watts> loads, std::span<const Watts> ratings,
                             std::vector<Watts> carried = {});

}  // namespace rigor::estimate
