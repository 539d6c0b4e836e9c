#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "check/rules/all.hpp"
#include "hardware/lane_modes.hpp"

namespace rigor::check {
namespace {

Finding judge_drive(const Assembly& rig, std::size_t user) {
  Facts facts(rig);
  const Item* item = &rig.items[rig.plugged.pieces[user].part];
  const hardware::LaneLink& link = rig.lanes.links[user];
  if (link.slot.empty()) {
    return facts.finding(Severity::warning, fmt::format("no socket is left for {}", item->name()),
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

/// Drives on cables against the board's ports for them.
void judge_cables(const Assembly& rig, Findings& found) {
  int cables = 0;
  for (const Item* drive : rig.all("drive")) {
    const catalog::Field* interface = drive->entry->find("interface");
    const auto* bus = interface == nullptr ? nullptr : std::get_if<std::string>(&interface->value);
    cables += bus != nullptr && lower(*bus) == "sata" ? drive->count() : 0;
  }
  if (cables == 0 || rig.first("board") == nullptr) return;
  Facts facts(rig);
  const auto ports = facts.count(rig.first("board"), "sata_ports");
  if (!ports) {
    found.push_back(facts.unknown("whether the SATA drives find ports"));
    return;
  }
  const bool fits = cables <= *ports;
  found.push_back(
      facts.measured(fits ? Severity::ok : Severity::error, {1.0 * cables, "drives"},
                     {1.0 * *ports, "ports"}, *ports - cables,
                     fmt::format("{} SATA drive{} for {} port{}", cables, cables == 1 ? "" : "s",
                                 *ports, *ports == 1 ? "" : "s"),
                     fits ? "" : "fewer, larger drives, or a controller card"));
}

}  // namespace

/// Sockets of the drives that hang on lanes, ports of the others. What is said of several alike is
/// said once.
Findings drive_links(const Assembly& rig) {
  Findings found;
  for (std::size_t u = 0; u < rig.lanes.links.size(); ++u) {
    if (rig.plugged.users[u].is_card) continue;
    Finding one = judge_drive(rig, u);
    const bool told = std::any_of(found.begin(), found.end(), [&](const Finding& other) {
      return other.message == one.message;
    });
    if (!told) found.push_back(std::move(one));
  }
  judge_cables(rig, found);
  return found;
}

}  // namespace rigor::check
