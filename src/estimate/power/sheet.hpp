// Everything about a rig's power in one value: what it draws in each activity, what its supplies,
// its circuit, its UPS, its coolers and the people beside it bear, and the power limit at which
// they would. Layer 5.
//
// Formulas and limits: docs/models/50-power-draw.md to 52-ups.md.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "estimate/power/comfort.hpp"
#include "estimate/power/feed.hpp"
#include "estimate/power/ups.hpp"
#include "hardware/rig.hpp"

namespace rigor::estimate {

/// Mains where a site names none: the higher of the two, at which supplies waste less.
inline constexpr Volts kUsualMains = 230 * hardware::volt;
/// Power limits are tried in steps of this.
inline constexpr Watts kLimitStep = 5 * watt;

/// All must outlive the sheet that is made of it.
struct PowerCase {
  PoweredRig rig = {};
  const hardware::Habits* habits = nullptr;
  hardware::Site site = {};
};

/// The machine in one activity.
struct ActivityPower {
  Draw draw = {};
  Feed feed = {};
  std::optional<Range<Amperes>> current = {};  ///< of the mains
  NoiseState noise = {};
};

struct SupplyReport {
  FedPart part = {};
  SupplyState at_limit = {};
  LoadFit fit = LoadFit::fits;
  Peaks peaks = {};
  LoadFit peaks_fit = LoadFit::fits;
  ExcursionStandard standard = ExcursionStandard::none;
};

struct CircuitReport {
  Circuit circuit = {};
  Amperes allowed = {};                     ///< for hours
  std::optional<Range<double>> share = {};  ///< of that; empty when the wall's watts are unknown
  std::optional<LoadFit> fit = {};
};

/// Several UPS carry equal parts of the machine.
struct UpsReport {
  const hardware::Ups* ups = nullptr;
  UpsLoad load = {};  ///< at the limits
  LoadFit fit = LoadFit::fits;
  std::array<std::optional<Runtime>, hardware::kActivities> runtime = {};
};

/// The power limit of the cards at which supplies and circuit bear the machine at its limits, even
/// when everything else draws its high end.
struct LimitAdvice {
  bool is_needed = false;
  CardLimits limits = {};
  std::optional<Watts> limit = {};  ///< empty: no limit is low enough
  Range<double> decode = exactly(1.0), prefill = exactly(1.0), training = exactly(1.0);
};

struct PowerSheet {
  Volts mains = {};
  bool mains_is_assumed = false;
  std::array<ActivityPower, hardware::kActivities> activity = {};
  std::vector<SupplyReport> supplies = {};
  std::optional<CircuitReport> circuit = {};  ///< empty: voltage or breaker is not stated
  std::vector<UpsReport> ups = {};
  std::vector<CoolerState> coolers = {};
  std::optional<CaseAir> air = {};  ///< at the limits
  std::optional<RoomState> room = {};
  LimitAdvice advice = {};
  std::vector<std::string> over = {};     ///< what is overloaded, in plain words
  std::vector<std::string> missing = {};  ///< what must be known for an answer and is not

  [[nodiscard]] const ActivityPower& at(hardware::Activity which) const {
    return activity[index(which)];
  }
};

/// What a UPS's battery is taken to be.
BatteryHabits battery_habits(const hardware::Habits& habits, const hardware::Ups& ups);

/// The machine in one activity; `cards` as in `rig_draw`.
ActivityPower activity_power(const PowerCase& input, const std::vector<FedPart>& plan,
                             hardware::Activity activity, std::optional<Range<Watts>> cards = {});

/// Without `rig.power` only the limits are filled, and the advice has no rates: all that rules of
/// compatibility ask for.
PowerSheet power_sheet(const PowerCase& input);

}  // namespace rigor::estimate
