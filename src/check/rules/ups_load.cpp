#include <fmt/format.h>

#include "check/rules/all.hpp"
#include "check/rules/power_facts.hpp"

namespace rigor::check {

/// Watts of the machine at its limits against the UPS; a fifth is kept free for batteries.
Findings ups_load(const Assembly& rig) {
  Findings found;
  for (const estimate::UpsReport& report : rig.sheet.ups) {
    Facts facts(rig);
    read_draw(rig, facts);
    const Item* item = &rig.items[report.ups->part];
    facts.quantity<Watts>(item, "power");
    facts.quantity<Watts>(item, "apparent_power");
    if (!facts.complete()) {
      found.push_back(facts.unknown(fmt::format("whether {} bears the load", report.ups->name)));
      continue;
    }
    const double rated = report.ups->power.in(watt);
    const double share = std::max(report.load.watts.expected, report.load.volt_amperes.expected);
    const Severity level = share > 1                       ? Severity::error
                           : share > estimate::kUpsComfort ? Severity::warning
                                                           : Severity::ok;
    const auto& runtime = report.runtime[hardware::index(hardware::Activity::limit)];
    constexpr double kMinute = 60;
    const std::string time = runtime ? fmt::format("; lasts {:.0f} min ({:.0f} to {:.0f})",
                                                   runtime->time.expected.in(second) / kMinute,
                                                   runtime->time.low.in(second) / kMinute,
                                                   runtime->time.high.in(second) / kMinute)
                                     : "";
    found.push_back(
        facts.measured(level, {share * rated, "W"}, {rated, "W"}, rated * (1 - share),
                       fmt::format("{} at {:.0f} % of its rating with everything at its limits{}",
                                   report.ups->name, 100 * share, share > 1 ? "" : time),
                       level == Severity::ok ? "" : "a larger UPS, or only the host on it"));
  }
  return found;
}

}  // namespace rigor::check
