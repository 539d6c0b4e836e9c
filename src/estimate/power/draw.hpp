// What a rig draws from its supplies in an activity, part by part: cards by the fitted curves of
// power, everything else by its own figures or by habit. Layer 5.
//
// Formulas and limits: docs/models/50-power-draw.md.
#pragma once

#include <array>
#include <optional>
#include <span>

#include "estimate/power/power_calibration.hpp"
#include "hardware/electrical.hpp"
#include "hardware/part.hpp"

namespace rigor::estimate {

/// A rig as the functions of this folder see it. All must outlive it.
struct PoweredRig {
  const hardware::Electrical* electrical = nullptr;
  std::span<const hardware::Accelerator> accelerators = {};
  const PowerCalibration* power = nullptr;  ///< may be null where only limits are asked for
};

/// All pieces of a line together. Requires: `power` is set, or the activity is `limit`.
Range<Watts> consumer_draw(const PoweredRig& rig, const hardware::Consumer& consumer,
                           hardware::Activity activity);

inline constexpr int kComponents = static_cast<int>(hardware::Component::system) + 1;

struct Draw {
  std::array<Range<Watts>, kComponents> of = {};
  Range<Watts> total = {};
  [[nodiscard]] const Range<Watts>& at(hardware::Component component) const {
    return of[static_cast<std::size_t>(component)];
  }
};

/// The whole rig. `cards`: what the cards draw together where that is known better, of a workload.
Draw rig_draw(const PoweredRig& rig, hardware::Activity activity,
              std::optional<Range<Watts>> cards = {});

/// The same rig with its cards limited to so many watts each, or their default where that is less.
hardware::Electrical with_card_limit(hardware::Electrical electrical, Watts limit);

/// Cards of a rig, and the ends of the limits that all of them take: from the highest of their
/// lowest limits to the highest limit one of them has now. Highest 0: there are no cards.
struct CardLimits {
  int cards = 0;
  Watts lowest = {}, highest = {};
};
CardLimits card_limits(const PoweredRig& rig);

/// What a limit leaves of the rate of a phase on the card that loses most, over the rate at its
/// default. Requires: `power` is set, limit > 0.
Range<double> rate_at_limit(const PoweredRig& rig, Watts limit, Phase phase);

}  // namespace rigor::estimate
