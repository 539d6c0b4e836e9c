#include <fmt/format.h>

#include <algorithm>

#include "check/rules/all.hpp"

namespace rigor::check {
namespace {

constexpr int kNewest = 5, kOldest = 3;  ///< generations with a loss budget

/// Metres of cable that a generation leaves: what the channel may lose, less everything else and
/// one more connector, over what a metre loses.
double reach(Facts& facts, int generation) {
  const std::string g = std::to_string(generation);
  const double left =
      facts.limit("riser.budget_" + g) - facts.limit("riser.rest_" + g) - facts.limit("riser.plug");
  return std::max(0.0, left / facts.limit("riser.cable_" + g));
}

Finding judge_usb(const Assembly& rig, const Item* card) {
  Facts facts(rig);
  facts.count(card, "pcie_lanes");
  return facts.measured(
      rig.rig->accelerators.size() > 1 ? Severity::warning : Severity::info, {1, "lanes"},
      {16, "lanes"}, -15,
      fmt::format("{} on a USB riser has one lane: enough for a network that fits one card or is "
                  "split by layers, a bottleneck for tensor parallel, training and loading",
                  card->name()),
      "a board with slots of 8 lanes and more, and cable risers");
}

Finding judge_cable(const Assembly& rig, const Item* card) {
  Facts facts(rig);
  const hardware::Riser& riser = card->placed->riser;
  const auto own = facts.count(card, "pcie_generation");
  if (riser.length <= Metres{}) facts.miss(card->name(), "riser length", card->placed->where);
  if (!facts.complete()) return facts.unknown("whether the riser carries the card's generation");
  int wanted = std::clamp(*own, kOldest, kNewest);
  for (std::size_t u = 0; u < rig.lanes.links.size(); ++u) {
    const int linked = rig.lanes.links[u].generation;
    if (rig.plugged.pieces[u].part == card->index && linked > 0)
      wanted = std::clamp(std::min(wanted, linked), kOldest, kNewest);
  }
  if (riser.generation > 0)
    wanted = std::clamp(std::min(wanted, riser.generation), kOldest, kNewest);
  const double length = riser.length.in(millimetre);
  const double most = reach(facts, wanted) * 1000;
  const bool fits = length <= most;
  int works = wanted;
  while (works > kOldest && reach(facts, works) * 1000 < length) --works;
  const bool carries = reach(facts, works) * 1000 >= length;
  return facts.measured(
      fits ? Severity::ok : Severity::warning, {length, "mm"}, {most, "mm"}, most - length,
      fmt::format("{} on {:.0f} mm of riser cable; about {:.0f} mm keep to the loss budget of PCIe "
                  "{}.0",
                  card->name(), length, most, wanted),
      fits ? ""
           : (carries ? fmt::format("set the slot to PCIe {}.0, ", works) : std::string()) +
                 "a shorter cable, or one with a retimer");
}

}  // namespace

/// Cards that do not sit in their slots.
Findings riser(const Assembly& rig) {
  Findings found;
  for (const Item& item : rig.items) {
    const std::string& kind = item.placed->riser.kind;
    if (kind == "usb") found.push_back(judge_usb(rig, &item));
    if (kind == "cable") found.push_back(judge_cable(rig, &item));
  }
  return found;
}

}  // namespace rigor::check
