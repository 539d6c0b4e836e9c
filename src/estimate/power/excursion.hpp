// Peaks: cards exceed their power limit for microseconds to a tenth of a second; a supply must ride
// through. Layer 5.
//
// Allowances of the ATX 3.x design guide, formulas and limits: docs/models/50-power-draw.md.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "estimate/power/supply.hpp"
#include "hardware/electrical.hpp"

namespace rigor::estimate {

/// What the standard a supply is built to promises, over its continuous rating.
enum class ExcursionStandard : std::uint8_t {
  atx3_strong,  ///< ATX 3.x, above 450 W with a 16-pin socket: 200, 180, 160, 120 %
  atx3,         ///< other ATX 3.x supplies: 150, 145, 135, 110 %
  partly,       ///< older, but keeps the allowance of ATX 3.x up to a stated power
  none,         ///< older, or no ATX supply: nothing beyond its rating is promised
};
ExcursionStandard excursion_standard(const hardware::Supply& supply);
/// Whether anything beyond its rating is promised: peaks above that are a fault then.
constexpr bool promises_peaks(ExcursionStandard standard) {
  return standard != ExcursionStandard::none;
}

/// The most that may be drawn for the length of a bucket. `rated`: at the site's voltage.
Watts excursion_allowance(const hardware::Supply& supply, Watts rated, int bucket);

/// Some equal cards on a supply: their limit, and how they exceed it.
struct PeakLoad {
  int count = 1;
  Watts limit = {};
  hardware::Excursion excursion = {};
};

struct ExcursionState {
  Watts allowance = {};
  Range<Watts> together = {};     ///< every card peaks at the same moment: the worst case
  Range<Watts> independent = {};  ///< peaks that know nothing of each other: root of the squares
};

/// `others`: what everything that is no card draws. `most`: how many cards may peak together, those
/// with the greatest excess counted; the others stay at their limit. Below 0: all.
ExcursionState excursion_state(const hardware::Supply& supply, Watts rated, Watts others,
                               std::span<const PeakLoad> cards, int bucket, int most = -1);

/// `over`: even independent peaks, as expected, exceed the allowance. `tight`: only the worst case
/// or its high end does. Where nothing is promised it says how much would be asked beyond that.
LoadFit excursion_fit(const ExcursionState& state);

}  // namespace rigor::estimate
