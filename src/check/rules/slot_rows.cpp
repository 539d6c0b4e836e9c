#include <fmt/format.h>

#include "check/rules/all.hpp"
#include "check/seats.hpp"

namespace rigor::check {

/// Cards in each other's rows, and cards in slots too short for them.
Findings slot_rows(const Assembly& rig) {
  Findings found;
  if (rig.graph.groups.empty()) return found;
  const SeatedCards cards = seated_cards(rig);
  for (const CardPair& pair : cards.pairs) {
    if (pair.free_rows >= 0) continue;
    Facts facts(rig);
    facts.real(&rig.items[pair.upper.item], "slots");
    found.push_back(facts.measured(
        Severity::error, {1.0 * pair.rows, "rows"}, {1.0 * pair.apart, "rows"}, pair.free_rows,
        fmt::format("{} in {} takes {} rows and covers {}, where {} is meant to sit",
                    pair.upper.name, pair.upper.slot, pair.rows, pair.lower.slot, pair.lower.name),
        "another slot (see the best arrangement), thinner cards, or a riser"));
  }
  if (found.empty() && !cards.cards.empty() && cards.rows_known)
    found.push_back(Facts(rig).finding(Severity::ok, "no card covers another's slot"));
  if (!cards.rows_known && cards.cards.size() > 1) {
    Facts facts(rig);
    facts.miss(rig.graph.board, "position of its slots");
    found.push_back(facts.unknown("whether the cards are in each other's way"));
  }
  return found;
}

}  // namespace rigor::check
