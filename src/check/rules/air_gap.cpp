#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "check/rules/all.hpp"
#include "check/seats.hpp"

namespace rigor::check {
namespace {

/// Pairs of which the same is to be said: as much room, and the same card above.
struct AlikePairs {
  const CardPair* first = nullptr;
  std::vector<std::string> where = {};  ///< "A and B"
};

bool alike(const Assembly& rig, const CardPair& a, const CardPair& b) {
  return a.free_rows == b.free_rows && a.rows == b.rows &&
         rig.items[a.upper.item].entry == rig.items[b.upper.item].entry;
}

Finding judge_pairs(const Assembly& rig, const AlikePairs& pairs) {
  Facts facts(rig);
  const CardPair& pair = *pairs.first;
  const Item& upper = rig.items[pair.upper.item];
  const bool is_card = upper.placed->kind == "gpu";
  const auto cooling = is_card ? facts.text(&upper, "cooling") : std::optional<std::string>("no");
  if (is_card) facts.real(&upper, "slots");
  const std::string where = join(pairs.where, ", ");
  if (!facts.complete())
    return facts.unknown(fmt::format("whether the cards in {} get air", where));
  const Figure rows{1.0 * pair.free_rows, "rows"}, wanted{1, "rows"};
  const double room = pair.free_rows - 1.0;
  if (pair.free_rows >= 1) {
    return facts.measured(Severity::ok, rows, wanted, room,
                          fmt::format("{} free row{} between the cards in {}", pair.free_rows,
                                      pair.free_rows == 1 ? "" : "s", where));
  }
  const std::string touching = fmt::format(
      "no free row between the cards in {}: the upper one takes {} rows", where, pair.rows);
  if (*cooling == "no" || *cooling == "liquid")
    return facts.measured(Severity::ok, rows, wanted, room, touching + "; it draws no air there");
  if (*cooling != "open") {
    return facts.measured(Severity::info, rows, wanted, room,
                          fmt::format("{}; {} coolers are made for that, with air from the front",
                                      touching, *cooling),
                          "slots further apart where the board has them");
  }
  return facts.measured(Severity::warning, rows, wanted, room,
                        touching + " and draws its air from the lower one's back",
                        "slots further apart, a blower card above, or a lower power limit");
}

/// Cards that a server's fans blow through, in anything else.
void judge_passive(const Assembly& rig, Findings& found) {
  for (const Item* card : rig.all("gpu")) {
    if (!Facts::states(card, "cooling")) continue;
    Facts facts(rig);
    if (facts.text(card, "cooling") != "passive") continue;
    found.push_back(facts.finding(
        Severity::warning,
        fmt::format("{} has no fan of its own: it wants a server's fans in front of it",
                    card->name()),
        "a fan and a shroud for each card, or a chassis with a wall of fans"));
  }
}

}  // namespace

/// Open coolers want at least a row of 20.32 mm; blowers blow out of the case.
Findings air_gap(const Assembly& rig) {
  std::vector<AlikePairs> groups;
  const SeatedCards seated = seated_cards(rig);
  for (const CardPair& pair : seated.pairs) {
    if (pair.free_rows < 0) continue;  // slot_rows tells
    auto group = std::find_if(groups.begin(), groups.end(),
                              [&](const AlikePairs& one) { return alike(rig, *one.first, pair); });
    if (group == groups.end()) group = groups.insert(groups.end(), AlikePairs{&pair});
    group->where.push_back(fmt::format("{} and {}", pair.upper.slot, pair.lower.slot));
  }
  Findings found;
  judge_passive(rig, found);
  for (const AlikePairs& group : groups) found.push_back(judge_pairs(rig, group));
  return found;
}

}  // namespace rigor::check
