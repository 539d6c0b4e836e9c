#include <fmt/format.h>

#include "check/rules/all.hpp"

namespace rigor::check {

/// Lanes handed out of those the processor has.
Findings processor_lanes(const Assembly& rig) {
  const Item* processor = rig.first("cpu");
  if (processor == nullptr || rig.lanes.links.empty()) return {};
  Facts facts(rig);
  const auto has = facts.count(processor, "pcie_lanes");
  if (!has) return {facts.unknown("whether the processor has lanes for all")};
  int taken = 0;
  for (const hardware::LaneLink& link : rig.lanes.links)
    taken += link.root == hardware::LaneRoot::cpu ? link.lanes : 0;
  return {facts.measured(
      taken <= *has ? Severity::ok : Severity::error, {1.0 * taken, "lanes"}, {1.0 * *has, "lanes"},
      *has - taken,
      fmt::format("{} of the processor's {} lanes are taken by cards and drives", taken, *has))};
}

}  // namespace rigor::check
