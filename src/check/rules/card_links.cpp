#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "check/rules/all.hpp"

namespace rigor::check {
namespace {

using hardware::Accelerator;

int generation_of(const Accelerator& card) {
  return card.slot.generation > 0 ? card.slot.generation : card.pcie_generation;
}
int lanes_of(const Accelerator& card) {
  return card.slot.lanes > 0 ? card.slot.lanes : card.pcie_lanes;
}

bool alike(const Accelerator& a, const Accelerator& b) {
  return a.id == b.id && generation_of(a) == generation_of(b) && lanes_of(a) == lanes_of(b) &&
         a.slot.why == b.slot.why && a.slot.from_chipset == b.slot.from_chipset;
}

/// "PCIEX16_1, PCIEX16_2", or nothing.
std::string slots_of(std::span<const Accelerator> cards) {
  std::vector<std::string> names;
  for (const Accelerator& card : cards) {
    if (!card.slot.slot.empty())
      names.push_back(card.slot.slot + (card.slot.slot_is_assumed ? " (assumed)" : ""));
  }
  return join(names, ", ");
}

Finding judge_cards(const Assembly& rig, const Item* item, std::span<const Accelerator> cards) {
  Facts facts(rig);
  const Accelerator& card = cards.front();
  facts.count(item, "pcie_generation");
  facts.count(item, "pcie_lanes");
  const std::string who =
      cards.size() > 1 ? fmt::format("{} x {}", cards.size(), card.name) : card.name;
  if (card.slot.basis == hardware::SlotLink::Basis::unknown && facts.complete()) {
    const Item* board = rig.first("board");
    if (board == nullptr) facts.miss(std::string(kTheRig), "board");
    if (board != nullptr && !rig.graph.groups.empty())
      return facts.finding(Severity::error, fmt::format("{} has no slot", who),
                           "fewer cards, another board, or a splitter or riser that is stated");
    if (board != nullptr) facts.miss_in_catalogue(board->name(), "its slots and lanes");
  }
  if (!facts.complete()) return facts.unknown("the link of " + who);
  constexpr double kGiga = 1e9;
  const double own =
      hardware::pcie_rate(card.pcie_generation, card.pcie_lanes).in(byte / second) / kGiga;
  double got = hardware::pcie_rate(generation_of(card), lanes_of(card)).in(byte / second) / kGiga;
  if (card.slot.shared > BytesPerSecond{}) got = std::min(got, card.slot.shared.in(GB / second));
  const std::string slots = slots_of(cards);
  const std::string link = fmt::format("{}{}{}: PCIe {}.0 x{}", who, slots.empty() ? "" : " in ",
                                       slots, generation_of(card), lanes_of(card));
  if (got >= own)
    return facts.measured(Severity::ok, {got, "GB/s"}, {own, "GB/s"}, got - own,
                          link + ", all that the card has");
  const bool little = got < facts.limit_share("link.warning") * own;
  return facts.measured(
      little ? Severity::warning : Severity::info, {got, "GB/s"}, {own, "GB/s"}, got - own,
      fmt::format("{}, {:.0f} % of the card's own x{} of PCIe {}.0{}{}", link, 100 * got / own,
                  card.pcie_lanes, card.pcie_generation, card.slot.why.empty() ? "" : ": ",
                  card.slot.why),
      little ? "another slot (see the best arrangement), or a board with more lanes" : "");
}

}  // namespace

/// Width and generation that every card gets, against its own connector.
Findings card_links(const Assembly& rig) {
  Findings found;
  const std::vector<Accelerator>& cards = rig.rig->accelerators;
  std::size_t next = 0;
  for (const Item& item : rig.items) {
    if (item.placed->kind == "system") next += static_cast<std::size_t>(item.count());
    if (item.placed->kind != "gpu") continue;
    const std::size_t end = next + static_cast<std::size_t>(item.count());
    while (next < end) {
      std::size_t last = next + 1;
      while (last < end && alike(cards[next], cards[last])) ++last;
      found.push_back(judge_cards(rig, &item, std::span(cards).subspan(next, last - next)));
      next = last;
    }
  }
  return found;
}

}  // namespace rigor::check
