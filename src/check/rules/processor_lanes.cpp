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
  hardware::LaneGraph unlimited = rig.graph;
  unlimited.processor_lanes = 0;
  int wanted = 0;
  for (const hardware::LaneLink& link : hardware::lane_report(unlimited, rig.plugged.users).links)
    wanted += link.root == hardware::LaneRoot::cpu ? link.lanes : 0;
  const bool enough = wanted <= *has;
  return {facts.measured(enough ? Severity::ok : Severity::warning, {1.0 * wanted, "lanes"},
                         {1.0 * *has, "lanes"}, *has - wanted,
                         fmt::format("cards and drives would take {} of the processor's {} lanes{}",
                                     wanted, *has, enough ? "" : ": some get half of theirs"),
                         enough ? "" : "fewer cards and drives, or a processor with more lanes")};
}

}  // namespace rigor::check
