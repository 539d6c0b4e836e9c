#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "check/rules/all.hpp"
#include "units/unit_text.hpp"

namespace rigor::check {
namespace {

/// Length of "360 mm top"; 0 when it is none.
double length_of(const std::string& place) {
  const auto parts = split(place, ' ');
  if (parts.size() < 2) return 0;
  const Result<double> base =
      parse_as(std::string(parts[0]) + " " + std::string(parts[1]), Metres::dimension, "360 mm");
  return base ? Metres::from_base(*base).in(millimetre) : 0;
}

}  // namespace

/// Radiators against the longest place of the case. Whether a shorter one fits there is a question
/// of holes: 280 and 420 mm are of 140 mm fans, 240 and 360 mm of 120 mm.
Findings radiator(const Assembly& rig) {
  const Item* chassis = rig.first("case");
  Findings found;
  for (const Item* cooler : rig.all("cooler")) {
    if (chassis == nullptr || !Facts::states(cooler, "radiator")) continue;
    Facts facts(rig);
    const double own = facts.quantity<Metres>(cooler, "radiator")->in(millimetre);
    const auto list = facts.texts(chassis, "radiators");
    if (!list) {
      found.push_back(facts.unknown(fmt::format("whether {} finds a place", cooler->name())));
      continue;
    }
    double most = 0;
    for (const std::string& place : *list) most = std::max(most, length_of(place));
    const bool fits = own <= most;
    found.push_back(facts.measured(
        fits ? Severity::ok : Severity::error, {own, "mm"}, {most, "mm"}, most - own,
        fmt::format("{} of {:.0f} mm, the case takes {}", cooler->name(), own, join(*list, ", ")),
        fits ? "" : "a shorter radiator, or another case"));
  }
  return found;
}

}  // namespace rigor::check
