#include <fmt/format.h>

#include "check/rules/all.hpp"
#include "check/rules/power_facts.hpp"

namespace rigor::check {
namespace {

std::string advice_text(const estimate::LimitAdvice& advice) {
  const std::string limit = limit_text(advice);
  return limit.empty() ? "another circuit, or less on this one" : limit + ", or another circuit";
}

}  // namespace

/// Amperes for hours against 80 % of the breaker, with what else hangs on it.
Findings circuit(const Assembly& rig) {
  Facts facts(rig);
  read_draw(rig, facts);
  const hardware::Site& site = rig.rig->site;
  if (!site.voltage) facts.miss(std::string(kTheSite), "voltage");
  if (!site.breaker) facts.miss(std::string(kTheSite), "breaker");
  const auto& current = rig.sheet.at(hardware::Activity::limit).current;
  if (facts.complete() && !current) facts.miss_in_catalogue("the supply", "efficiency");
  if (!facts.complete()) return {facts.unknown("whether the circuit bears the machine")};
  const estimate::CircuitReport& report = *rig.sheet.circuit;
  const double now = current->expected.in(hardware::ampere);
  const double limit = report.allowed.in(hardware::ampere);
  const bool over = report.fit == estimate::LoadFit::over;
  const Severity level = over                                     ? Severity::error
                         : report.fit == estimate::LoadFit::tight ? Severity::warning
                                                                  : Severity::ok;
  return {facts.measured(
      level, {now, "A"}, {limit, "A"}, limit - now,
      fmt::format("{:.1f} A ({:.1f} to {:.1f}) at {:.0f} V with everything at its limits; {:.1f} A "
                  "may flow for hours: 80 % of {:.0f} A{}",
                  now, current->low.in(hardware::ampere), current->high.in(hardware::ampere),
                  site.voltage->in(hardware::volt), limit, site.breaker->in(hardware::ampere),
                  site.other_load > Watts{} ? " less what else is on it" : ""),
      level == Severity::ok ? "" : advice_text(rig.sheet.circuit_advice))};
}

}  // namespace rigor::check
