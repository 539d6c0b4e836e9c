#include <fmt/format.h>

#include "check/rules/all.hpp"

namespace rigor::check {

/// Air that the case's fans move against what its heat wants.
Findings case_air(const Assembly& rig) {
  const auto& air = rig.sheet.air;
  if (!air || rig.all("fan").empty()) return {};
  Facts facts(rig);
  for (const Item* fan : rig.all("fan")) facts.quantity<AirFlow>(fan, "airflow");
  for (const Item* card : rig.all("gpu")) facts.text(card, "cooling");
  if (!facts.complete() || !air->speed) return {facts.unknown("whether the case gets enough air")};
  const double share = air->speed->expected;
  return {facts.measured(
      share <= 1 ? Severity::ok : Severity::warning, {100 * share, "%"}, {100, "%"},
      100 - 100 * share,
      fmt::format("the listed case fans would turn at {:.0f} % of their speed for {:.0f} W of heat",
                  100 * share, air->heat.expected.in(watt)),
      share <= 1 ? "" : "more or larger fans, or blower cards")};
}

}  // namespace rigor::check
