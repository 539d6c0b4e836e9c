// What a rig draws, what feeds it and what cools it, as plain numbers. Made from catalogue entries
// by catalog/electrical.hpp; read by estimate/power/. Every figure has a range; what nobody states
// stands in `Electrical::unknown`, by entry and key. Layer 2.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "units/air.hpp"
#include "units/quantity.hpp"
#include "units/range.hpp"

namespace rigor::hardware {

inline constexpr Volts volt = Volts::from_base(1);
inline constexpr Amperes ampere = Amperes::from_base(1);

/// What a machine is doing. `limit`: every part draws the most it is allowed to.
enum class Activity : std::uint8_t { idle, decode, prefill, training, limit };
inline constexpr int kActivities = static_cast<int>(Activity::limit) + 1;
constexpr std::size_t index(Activity activity) {
  return static_cast<std::size_t>(activity);
}

enum class Component : std::uint8_t {
  card,
  processor,
  board,
  memory,
  drive,
  network,
  fan,
  pump,
  system
};

/// Where a card's heat goes: into the case, out of it, or into water.
enum class Cooling : std::uint8_t { unknown, open, blower, passive, liquid };

/// Lengths of peaks that the ATX 3 design guide limits.
inline constexpr int kBuckets = 4;
inline constexpr std::array<Seconds, kBuckets> kBucketLength = {1e-4 * second, 1e-3 * second,
                                                                1e-2 * second, 1e-1 * second};

/// How far a card goes above its power limit, by the length of the peak: factors of the limit.
struct Excursion {
  std::array<Range<double>, kBuckets> factor = {};
  bool is_assumed = true;  ///< the habit of cards, not a measurement of this one
};

/// Pieces that draw alike: one line of the parts list.
struct Consumer {
  std::string name, id;
  Component component = Component::board;
  int count = 1;
  /// Of one piece. Cards: `idle` and `limit` only; estimate/power/draw.hpp knows the others.
  std::array<Range<Watts>, kActivities> draw = {};
  bool limit_is_assumed = false;  ///< by habit, not by the catalogue
  int accelerator = -1;           ///< of a card or system: first of its pieces in Rig::accelerators
  bool idle_is_known = false;     ///< of a card: stated; otherwise the calibration's share
  Watts board_power = {};         ///< of a card: its default limit
  Excursion excursion = {};       ///< of a card
  Cooling cooling = Cooling::unknown;  ///< of a card
  Range<double> noise = {};  ///< of a card: dB(A) at 1 m at its default limit; 0: makes none

  [[nodiscard]] const Range<Watts>& at(Activity activity) const { return draw[index(activity)]; }
};

/// One point of a supply's curve. Load and efficiency are shares.
struct EfficiencyPoint {
  Volts voltage = {};
  double load = 0, efficiency = 0;
};

/// A power supply; `count` pieces of it.
struct Supply {
  std::string name, id;
  std::size_t part = 0;  ///< line of the parts list
  int count = 1;
  Watts power = {};                     ///< of one piece, above 150 V
  Watts low_line = {};                  ///< of one piece at 100-127 V; 0: the same
  std::vector<EfficiencyPoint> curve;   ///< empty: unknown
  Range<double> margin = exactly(0.0);  ///< added to the curve: certificates state the least
  double atx_version = 0;               ///< 3.1, 2.53; 0: none or unknown
  bool has_16pin = false;               ///< a native socket for 12V-2x6
  bool is_server = false;               ///< 12 V only, no ATX
  Watts excursion_power = {};           ///< up to which an older supply keeps ATX 3; 0: none
};

/// One published runtime.
struct RuntimePoint {
  Watts load = {};
  Seconds time = {};
};

struct Ups {
  std::string name, id;
  std::size_t part = 0;
  Watts apparent_power = {};  ///< volt-amperes
  Watts power = {};
  std::vector<RuntimePoint> runtime;  ///< by rising load; may be empty
  Joules battery = {};                ///< nominal, at the 20-hour rate; 0: unknown
  bool is_lithium = false;
};

/// Cools the processor: a heat sink, or a radiator with its pump.
struct Cooler {
  std::string name, id;
  std::size_t part = 0;
  bool is_liquid = false;
  Watts rated = {};  ///< 0: unknown
  Metres radiator = {}, fan_size = {};
  int fans = 0;
  Hertz max_speed = {};
  std::optional<double> max_noise = {};  ///< dB(A) of all its fans at 1 m
};

/// A case fan; `count` pieces.
struct Fan {
  std::string name, id;
  int count = 1;
  Metres size = {};
  Hertz max_speed = {};
  AirFlow airflow = {};                  ///< unhindered, of one piece; 0: unknown
  std::optional<double> max_noise = {};  ///< dB(A) of one piece at 1 m
};

/// A value that no entry states.
struct Unknown {
  std::string part, id;  ///< name and catalogue id
  std::string key;       ///< of the entry
  std::string instead;   ///< what was taken; empty: left out of the figures
};

struct Electrical {
  std::vector<Consumer> consumers;
  std::vector<Supply> supplies;
  std::vector<Ups> ups;
  std::vector<Cooler> coolers;
  std::vector<Fan> fans;
  std::vector<Unknown> unknown;
  std::vector<std::string> uncounted;      ///< parts of which nothing electrical is known, by name
  bool has_case = false, is_open = false;  ///< a case is listed; it is an open frame
  bool has_built_in_supply = false;        ///< a whole machine: its power is that at the wall
};

/// What is taken where a part does not say: catalog/choice/draw.toml.
struct Habits {
  Range<Watts> board, registered_module, plain_module, nvme_drive, sata_drive, hard_disk, network,
      fan, pump;
  /// Share of what the part may draw that it draws in an activity.
  std::array<Range<double>, kActivities> processor = {}, board_share = {}, memory = {}, drive = {};
  Range<double> package_over_tdp;  ///< desktop sockets without a stated package power
  Excursion excursion;
  Range<double> certificate_margin;  ///< efficiency above the limit of its class
  Range<double> power_factor;        ///< of a supply under load
  Range<double> battery_age;         ///< capacity left, of nominal
  Range<double> inverter;            ///< efficiency of a UPS on battery
  Range<double> peukert_lead, peukert_lithium;
  Range<Seconds> shutdown;        ///< from the signal to power off
  Range<Watts> radiator_section;  ///< of one 120 mm section, water 10 K above air, quiet
  Range<double> case_flow;        ///< flow in a case over the fan's unhindered one
  Range<Kelvins> case_rise;       ///< of air through the case
  double slowest_fan = 0;         ///< share of full speed below which fans do not run
  Range<double> noise_open, noise_blower, noise_supply;  ///< dB(A) at 1 m, at full load
  Range<double> wall_conductance;  ///< W/(m2 K) of a room's surfaces, to what surrounds it
  Range<double> leakage;           ///< air changes per hour of a closed room
  /// Curves of efficiency classes, by name ("80 PLUS Gold").
  std::vector<std::pair<std::string, std::vector<EfficiencyPoint>>> classes;
};

}  // namespace rigor::hardware
