#include <fmt/format.h>

#include "check/rules/all.hpp"
#include "check/seats.hpp"

namespace rigor::check {
namespace {

Finding judge_pair(const Assembly& rig, const CardPair& pair) {
  Facts facts(rig);
  const Item& upper = rig.items[pair.upper.item];
  const auto cooling = facts.text(&upper, "cooling");
  facts.real(&upper, "slots");
  const std::string where = fmt::format("{} and {}", pair.upper.slot, pair.lower.slot);
  if (!cooling)
    return facts.unknown(fmt::format("whether the card in {} gets air", pair.upper.slot));
  const Figure rows{1.0 * pair.free_rows, "rows"}, wanted{1, "rows"};
  if (pair.free_rows >= 1) {
    return facts.measured(Severity::ok, rows, wanted, pair.free_rows - 1.0,
                          fmt::format("{} free row{} between the cards in {}", pair.free_rows,
                                      pair.free_rows == 1 ? "" : "s", where));
  }
  if (*cooling != "open") {
    return facts.measured(
        Severity::info, rows, wanted, pair.free_rows - 1.0,
        fmt::format("no free row between the cards in {}: the upper one takes {} rows; its {} "
                    "cooler is made for that, with air from the front",
                    where, pair.rows, *cooling),
        "slots further apart where the board has them");
  }
  return facts.measured(Severity::warning, rows, wanted, pair.free_rows - 1.0,
                        fmt::format("no free row between the cards in {}: the upper one takes {} "
                                    "rows and draws its air from the lower one's back",
                                    where, pair.rows),
                        "slots further apart, a blower card above, or a lower power limit");
}

}  // namespace

/// Open coolers want at least a row of 20.32 mm; blowers blow out of the case.
Findings air_gap(const Assembly& rig) {
  Findings found;
  for (const CardPair& pair : seated_cards(rig).pairs) {
    if (pair.free_rows >= 0) found.push_back(judge_pair(rig, pair));
  }
  return found;
}

}  // namespace rigor::check
