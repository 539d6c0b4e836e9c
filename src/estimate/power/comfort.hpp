// A rig's heat and noise: whether its coolers suffice, how fast its fans must turn, how warm the
// room gets, how loud it is where somebody sits. Layer 5.
//
// Formulas and limits: docs/models/51-heat-and-noise.md.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "estimate/power/air.hpp"
#include "estimate/power/draw.hpp"
#include "estimate/power/supply.hpp"
#include "hardware/rig.hpp"

namespace rigor::estimate {

/// A cooler whose rating is less than this over the package power is short of reserve.
inline constexpr double kCoolerReserve = 1.1;
/// Distance at which levels are stated where a site names none.
inline constexpr Metres kUsualDistance = 1 * metre;

/// A cooler against the processors' package power.
struct CoolerState {
  const hardware::Cooler* cooler = nullptr;
  std::optional<Range<Watts>> capacity = {};  ///< empty: unknown
  Watts load = {};                            ///< package power, as expected
  /// `over`: less than the load; `tight`: less than the reserve above it.
  std::optional<LoadFit> fit = {};
};
/// By its rating, else by its radiator at 10 K; processors share coolers evenly.
std::vector<CoolerState> cooler_states(const PoweredRig& rig, const hardware::Habits& habits);

/// Heat that the case's air must carry off: all but the cards that blow theirs out or give it to
/// water. No pieces of the supply's own losses: its fan blows them out.
Range<Watts> case_heat(const PoweredRig& rig, const Draw& draw, hardware::Activity activity);

struct CaseAir {
  Range<Watts> heat = {};
  Range<AirFlow> needed = {};               ///< for the usual rise; low: least heat, greatest rise
  AirFlow fans = {};                        ///< of all listed fans as built in; 0: none is listed
  std::optional<Range<double>> speed = {};  ///< share of full speed; above 1: too little air
};
/// Empty without a case to blow through: an open frame, or a whole machine.
std::optional<CaseAir> case_air(const PoweredRig& rig, const hardware::Habits& habits,
                                const hardware::Site& site, const Range<Watts>& heat);

struct RoomState {
  Kelvins rise = {};  ///< expected; low and high below
  Kelvins low = {}, high = {};
  Seconds time_constant = {};  ///< of the air alone
};
/// Empty when the site does not state its room.
std::optional<RoomState> room_state(const hardware::Habits& habits, const hardware::Site& site,
                                    Watts heat);

struct NoiseState {
  std::optional<Range<double>> level = {};  ///< dB(A) at `distance`; empty: nothing is known
  Metres distance = kUsualDistance;
  std::vector<std::string> missing = {};  ///< what makes noise of unknown level
};
/// Of one activity: cards at the share of their default power they turn to heat, coolers at the
/// share of their capacity, case fans at the speed the air needs, supplies at their load.
NoiseState noise_state(const PoweredRig& rig, const hardware::Habits& habits,
                       const hardware::Site& site, hardware::Activity activity, const Draw& draw,
                       const std::vector<SupplyState>& supplies);

}  // namespace rigor::estimate
