// A rig: parts placed in a board's slots at a site. Made by the rig reader, which has resolved
// every name against the catalogue. Layer 2.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/diagnostic.hpp"
#include "hardware/part.hpp"
#include "units/air.hpp"
#include "units/money.hpp"

namespace rigor::hardware {

/// What stands between a slot and a card that does not sit in it.
struct Riser {
  std::string kind = {};  ///< "cable", "retimer", "usb" (one lane over a USB cable); empty: none
  Metres length = {};     ///< 0: not stated
  int generation = 0;     ///< it is made for; 0: not stated
};

/// One line of the parts list.
struct PlacedPart {
  std::string id;    ///< catalogue id; empty for a part described in the file only
  std::string kind;  ///< "gpu", "board", … or "other"
  std::string name;
  int count = 1;
  std::vector<std::string> slots;   ///< where the pieces sit; empty when not stated
  std::optional<Price> price = {};  ///< of one piece
  std::string bought = {};          ///< "2025-11"
  bool nvlink = false;              ///< its cards are joined in pairs by bridges
  Riser riser = {};                 ///< of each of its cards
  Location where = {};
};

/// Mains, tariff and surroundings.
struct Site {
  std::optional<Volts> voltage = {};
  std::optional<Amperes> breaker = {};
  std::optional<Kelvins> ambient_celsius = {};  ///< degrees Celsius above 0
  std::optional<DollarsPerJoule> tariff = {};
  std::optional<double> noise_ceiling = {};  ///< dB(A)
  Watts other_load = {};                     ///< of other things on the same breaker
  std::optional<Metres> altitude = {};       ///< above the sea
  std::optional<CubicMetres> room_volume = {};
  std::optional<AirFlow> room_ventilation = {};   ///< outside air into the room
  std::optional<Metres> listening_distance = {};  ///< from the machine to the ear
  std::optional<double> cooling_cop = {};         ///< heat removed per energy of the cooling
  std::optional<double> cooling_season = {};      ///< share of the year in which cooling runs
  std::optional<Seconds> hours_on = {};           ///< per month that the machine is switched on
  std::optional<Seconds> shutdown_time = {};      ///< from the signal to power off
};

struct Settings {
  std::optional<Watts> gpu_power_limit = {};
  std::optional<Watts> cpu_power_limit = {};  ///< of the processor's package
  Bytes display_reserve = {};                 ///< taken by a desktop on the display card
  int display_device = -1;  ///< index into `accelerators`; -1: no display on an accelerator
};

struct Rig {
  std::string name;
  std::string summary;
  std::vector<PlacedPart> parts;
  std::vector<Accelerator> accelerators;  ///< one per piece, in the order of the file
  Host host;
  Site site;
  Settings settings;
  std::optional<Price> stated_total = {};  ///< what the source document claims the parts cost
  std::vector<std::pair<std::string, std::string>> system = {};  ///< [system], as written
  ExchangeRates rates = {};
};

/// Sums of the priced lines, one per currency, in order of first appearance.
std::vector<Price> totals(const Rig& rig);
/// Lines without a price.
int unpriced(const Rig& rig);

}  // namespace rigor::hardware
