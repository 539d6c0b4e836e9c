#include <fmt/format.h>

#include "check/rules/all.hpp"
#include "check/rules/power_facts.hpp"

namespace rigor::check {
namespace {

Severity severity(Facts& facts, double share) {
  if (share > 1) return Severity::error;
  if (share > facts.limit_share("supply.warning")) return Severity::warning;
  return share > facts.limit_share("supply.comfort") ? Severity::info : Severity::ok;
}

Finding judge_supply(const Assembly& rig, const estimate::SupplyReport& report) {
  Facts facts(rig);
  read_draw(rig, facts);
  facts.quantity<Watts>(&rig.items[report.part.supply->part], "power");
  if (!facts.complete())
    return facts.unknown(fmt::format("how far {} is loaded", report.part.supply->name));
  const Range<Watts>& dc = report.at_limit.dc;
  const double now = dc.expected.in(watt), rated = report.at_limit.rated.in(watt);
  const double share = report.at_limit.load.expected;
  Severity level = severity(facts, share);
  std::string fix;
  if (level == Severity::error || level == Severity::warning) {
    fix = limit_text(rig.sheet.supply_advice);
    fix += fix.empty() ? "a larger supply, or a second one for the cards" : ", or a larger supply";
  } else if (level == Severity::info) {
    fix =
        fmt::format("{:.0f} W would leave a fifth free", now / facts.limit_share("supply.comfort"));
  }
  return facts.measured(
      level, {now, "W"}, {rated, "W"}, rated - now,
      fmt::format("{} at everything's limits: {:.0f} W ({:.0f} to {:.0f}) of {:.0f} W, {:.1f} %",
                  report.part.supply->name, now, dc.low.in(watt), dc.high.in(watt), rated,
                  100 * share),
      fix);
}

}  // namespace

/// Sustained draw on every supply with all parts at their limits.
Findings supply_load(const Assembly& rig) {
  Findings found;
  if (rig.is_whole_machine()) return found;
  if (rig.sheet.supplies.empty()) {
    Facts facts(rig);
    facts.need("psu");
    if (!facts.complete()) found.push_back(facts.unknown("whether the supply bears the load"));
  }
  for (const estimate::SupplyReport& report : rig.sheet.supplies)
    found.push_back(judge_supply(rig, report));
  return found;
}

}  // namespace rigor::check
