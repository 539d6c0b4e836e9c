#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "check/rules/all.hpp"
#include "check/seats.hpp"

namespace rigor::check {
namespace {

constexpr int kCardSize = 16;  ///< lanes of a card's long connector

/// Cards that sit where no card can.
void judge_places(const Assembly& rig, const SeatedCards& seated, Findings& found) {
  for (const SeatedCard& card : seated.cards) {
    if (rig.items[card.item].placed->kind != "gpu") continue;
    Facts facts(rig);
    const hardware::Connector& place = *card.place;
    if (!place.is_slot) {
      found.push_back(facts.finding(
          Severity::error, fmt::format("{} sits in {}, a socket for drives", card.name, card.slot),
          "a slot, or an adapter that is stated as its riser"));
    } else if (place.size < kCardSize) {
      found.push_back(facts.measured(
          Severity::error, {1.0 * place.size, "lanes"}, {1.0 * kCardSize, "lanes"},
          place.size - kCardSize,
          fmt::format("{} sits in {}, a short slot of x{}", card.name, card.slot, place.size),
          "a long slot, or a riser that is stated"));
    }
  }
}

void judge_pairs(const Assembly& rig, const SeatedCards& seated, Findings& found) {
  for (const CardPair& pair : seated.pairs) {
    if (pair.free_rows >= 0) continue;
    Facts facts(rig);
    facts.real(&rig.items[pair.upper.item], "slots");
    if (!facts.complete()) continue;  // the rule as a whole is unknown then
    found.push_back(facts.measured(
        Severity::error, {1.0 * pair.rows, "rows"}, {1.0 * pair.apart, "rows"}, pair.free_rows,
        fmt::format("{} in {} takes {} rows and covers {}, where {} is meant to sit",
                    pair.upper.name, pair.upper.slot, pair.rows, pair.lower.slot, pair.lower.name),
        "another slot (see the best arrangement), thinner cards, or a riser"));
  }
}

/// Empty slots that a card above takes the room of: "PCIEX16_2, PCIEX1_1".
std::string covered_slots(const Assembly& rig, const SeatedCards& seated) {
  std::vector<std::string> names;
  for (const hardware::Connector& place : rig.graph.connectors) {
    const bool covered =
        std::any_of(seated.cards.begin(), seated.cards.end(), [&](const SeatedCard& card) {
          return card.row > 0 && place.position > card.row && place.position < card.row + card.rows;
        });
    if (place.is_slot && covered) names.push_back(place.name);
  }
  return join(names, ", ");
}

}  // namespace

/// Cards in each other's rows, in slots too short for them, and in sockets for drives.
Findings slot_rows(const Assembly& rig) {
  Findings found;
  if (rig.first("board") == nullptr || rig.all("gpu").empty()) return found;
  Facts facts(rig);
  if (rig.graph.groups.empty()) {
    facts.miss_in_catalogue(rig.first("board")->name(), "its slots and lanes");
    return {facts.unknown("whether the cards find slots")};
  }
  const SeatedCards seated = seated_cards(rig);
  judge_places(rig, seated, found);
  judge_pairs(rig, seated, found);
  if (seated.cards.size() > 1) {
    for (const SeatedCard& card : seated.cards) {
      if (rig.items[card.item].placed->kind == "gpu") facts.real(&rig.items[card.item], "slots");
    }
    if (!seated.rows_known) facts.miss_in_catalogue(rig.graph.board, "the rows of its slots");
  }
  if (!facts.complete())
    found.push_back(facts.unknown("whether the cards are in each other's way"));
  if (found.empty() && !seated.cards.empty()) {
    const std::string covered = covered_slots(rig, seated);
    found.push_back(facts.finding(
        Severity::ok, "no card covers another's slot" +
                          (covered.empty() ? "" : "; covered and of no use now: " + covered)));
  }
  return found;
}

}  // namespace rigor::check
