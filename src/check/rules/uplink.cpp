#include <fmt/format.h>

#include "base/text.hpp"
#include "check/rules/all.hpp"
#include "hardware/lane_modes.hpp"

namespace rigor::check {

/// Everything behind the chipset against what joins it to the processor. A card there slows every
/// exchange between cards.
Findings uplink(const Assembly& rig) {
  std::vector<std::string> users;
  double wanted = 0;
  bool card = false;
  for (std::size_t u = 0; u < rig.lanes.links.size(); ++u) {
    const hardware::LaneLink& link = rig.lanes.links[u];
    if (link.slot.empty() || link.root != hardware::LaneRoot::chipset) continue;
    users.push_back(rig.plugged.users[u].name);
    wanted += hardware::pcie_rate(link.generation, link.lanes).in(GB / second);
    card = card || (rig.plugged.pieces[u].accelerator && rig.rig->accelerators.size() > 1);
  }
  if (users.empty()) return {};
  Facts facts(rig);
  const Item* board = rig.first("board");
  const auto lanes = facts.count(board, "uplink.lanes");
  const auto generation = facts.count(board, "uplink.generation");
  if (!facts.complete()) return {facts.unknown("what the chipset's uplink carries")};
  const double limit = hardware::pcie_rate(*generation, *lanes).in(GB / second);
  const std::string message =
      fmt::format("behind the chipset: {}; together {:.1f} GB/s on an uplink of {:.1f}",
                  join(users, ", "), wanted, limit);
  if (card) {
    return {facts.measured(Severity::warning, {wanted, "GB/s"}, {limit, "GB/s"}, limit - wanted,
                           message + "; a card there slows every exchange between cards",
                           "slots of the processor for all cards")};
  }
  return {facts.measured(wanted <= limit ? Severity::ok : Severity::info, {wanted, "GB/s"},
                         {limit, "GB/s"}, limit - wanted, message)};
}

}  // namespace rigor::check
