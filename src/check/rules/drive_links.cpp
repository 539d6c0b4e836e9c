#include <fmt/format.h>

#include <algorithm>

#include "check/rules/all.hpp"
#include "hardware/lane_modes.hpp"

namespace rigor::check {
namespace {

Finding judge_drive(const Assembly& rig, std::size_t user) {
  Facts facts(rig);
  const Item* item = &rig.items[rig.plugged.pieces[user].part];
  const hardware::LaneLink& link = rig.lanes.links[user];
  if (link.slot.empty()) {
    return facts.finding(
        Severity::warning,
        fmt::format("no socket is left for {} that takes no lanes from a card", item->name()),
        "a SATA drive, an adapter card, or one larger drive");
  }
  const auto generation = facts.count(item, "pcie_generation");
  const auto lanes = facts.count(item, "pcie_lanes");
  const std::string where =
      fmt::format("{} in {}{}: PCIe {}.0 x{}", item->name(), link.slot,
                  link.slot_is_assumed ? " (assumed)" : "", link.generation, link.lanes);
  if (!generation || !lanes) {
    Finding made = facts.unknown(fmt::format("whether {} gets all its lanes", item->name()));
    return made;
  }
  const double own = hardware::pcie_rate(*generation, *lanes).in(GB / second);
  const double got = hardware::link_rate(link).in(GB / second);
  if (got >= own)
    return facts.measured(Severity::ok, {got, "GB/s"}, {own, "GB/s"}, got - own, where);
  return facts.measured(Severity::info, {got, "GB/s"}, {own, "GB/s"}, got - own,
                        fmt::format("{}, {:.0f} % of its own: {}", where, 100 * got / own,
                                    link.why.empty() ? "the socket's" : link.why),
                        "a faster socket, if reading models and samples matters");
}

}  // namespace

/// Sockets of the drives that hang on lanes.
Findings drive_links(const Assembly& rig) {
  Findings found;
  for (std::size_t u = 0; u < rig.lanes.links.size(); ++u) {
    if (!rig.plugged.users[u].is_card) found.push_back(judge_drive(rig, u));
  }
  return found;
}

}  // namespace rigor::check
