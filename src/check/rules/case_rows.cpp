#include <fmt/format.h>

#include <algorithm>

#include "check/rules/all.hpp"
#include "check/seats.hpp"

namespace rigor::check {

/// The last row that a card takes against the openings of the case.
Findings case_rows(const Assembly& rig) {
  const Item* chassis = rig.first("case");
  const SeatedCards seated = seated_cards(rig);
  if (chassis == nullptr || seated.cards.empty()) return {};
  Facts facts(rig);
  const auto openings = facts.count(chassis, "expansion_slots");
  if (!seated.rows_known) facts.miss_in_catalogue(rig.graph.board, "the rows of its slots");
  for (const SeatedCard& card : seated.cards) {
    if (rig.items[card.item].placed->kind == "gpu") facts.real(&rig.items[card.item], "slots");
  }
  if (!facts.complete()) return {facts.unknown("whether the case has an opening for every card")};
  const auto last = std::max_element(
      seated.cards.begin(), seated.cards.end(),
      [](const SeatedCard& a, const SeatedCard& b) { return a.row + a.rows < b.row + b.rows; });
  const int row = last->row + last->rows - 1;
  const bool fits = row <= *openings;
  return {facts.measured(
      fits ? Severity::ok : Severity::error, {1.0 * row, "rows"}, {1.0 * *openings, "openings"},
      *openings - row,
      fmt::format("the card in {} reaches row {} of the case, which has {} openings", last->slot,
                  row, *openings),
      fits ? "" : "a slot nearer to the processor, a thinner card, or a case with more openings")};
}

}  // namespace rigor::check
