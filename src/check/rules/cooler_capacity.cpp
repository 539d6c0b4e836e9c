#include <fmt/format.h>

#include "check/rules/all.hpp"
#include "check/rules/power_facts.hpp"

namespace rigor::check {

/// The cooler's rating against the processor's package power.
Findings cooler_capacity(const Assembly& rig) {
  Findings found;
  if (rig.first("cpu") != nullptr && rig.first("cooler") == nullptr) {
    Facts facts(rig);
    facts.need("cooler");
    found.push_back(facts.unknown("what cools the processor"));
  }
  for (const estimate::CoolerState& state : rig.sheet.coolers) {
    Facts facts(rig);
    processor_power(rig, facts.need("cpu"), facts);
    const Item* cooler = &rig.items[state.cooler->part];
    if (state.capacity && !Facts::states(cooler, "rated_power")) {
      facts.quantity<Metres>(cooler, "radiator");
    } else {
      facts.quantity<Watts>(cooler, "rated_power");
    }
    if (!state.capacity || !facts.complete()) {
      found.push_back(
          facts.unknown(fmt::format("whether {} cools the processor", state.cooler->name)));
      continue;
    }
    const double now = state.load.in(watt), limit = state.capacity->expected.in(watt);
    const Severity level = state.fit == estimate::LoadFit::over    ? Severity::error
                           : state.fit == estimate::LoadFit::tight ? Severity::warning
                                                                   : Severity::ok;
    found.push_back(facts.measured(
        level, {now, "W"}, {limit, "W"}, limit - now,
        fmt::format("{} carries off {:.0f} W, the processor may take {:.0f}{}", state.cooler->name,
                    limit, now, level == Severity::warning ? ": no reserve of a tenth" : ""),
        level == Severity::ok ? "" : "a larger cooler, or a lower package power limit"));
  }
  return found;
}

}  // namespace rigor::check
