#include <fmt/format.h>

#include "catalog/stated.hpp"
#include "check/rules/all.hpp"

namespace rigor::check {

/// Cards for which the file states lanes and no slot hang on splitters or hosts' risers: a slot
/// must be divided for them (x8/x8, x4/x4/x4/x4), and the lanes must be there.
Findings bifurcation(const Assembly& rig) {
  if (rig.first("board") == nullptr || rig.first("cpu") == nullptr) return {};
  int cards = 0, wanted = 0;
  for (const Item* card : rig.all("gpu")) {
    const bool apart = !card->placed->id.empty() && card->placed->slots.empty() &&
                       card->placed->riser.kind != "usb" &&
                       catalog::states(*card->placed, *card->entry, "pcie_lanes") &&
                       catalog::states(*card->placed, *card->entry, "pcie_generation");
    if (!apart) continue;
    Facts reading(rig);
    cards += card->count();
    wanted += card->count() * reading.count(card, "pcie_lanes").value_or(0);
  }
  if (cards == 0) return {};
  for (const hardware::LaneLink& link : rig.lanes.links)
    wanted += link.root == hardware::LaneRoot::cpu ? link.lanes : 0;
  Facts facts(rig);
  const auto has = facts.count(rig.first("cpu"), "pcie_lanes");
  if (!has) return {facts.unknown("whether the processor has lanes for divided slots")};
  const bool enough = wanted <= *has;
  return {facts.measured(
      enough ? Severity::info : Severity::error, {1.0 * wanted, "lanes"}, {1.0 * *has, "lanes"},
      *has - wanted,
      fmt::format("{} card{} on divided slots: {} lanes in all, the processor has {}", cards,
                  cards == 1 ? "" : "s", wanted, *has),
      enough ? "the BIOS must divide the slot (x8/x8 or x4/x4/x4/x4), and a passive splitter hangs "
               "two or four cards on it"
             : "fewer lanes per card, or a processor with more")};
}

}  // namespace rigor::check
