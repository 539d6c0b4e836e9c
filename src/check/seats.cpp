#include "check/seats.hpp"

#include <algorithm>
#include <cmath>

namespace rigor::check {
namespace {

/// Requires: the board has a connector of that name.
const hardware::Connector& place_of(const hardware::LaneGraph& graph, const std::string& slot) {
  return *std::find_if(graph.connectors.begin(), graph.connectors.end(),
                       [&](const hardware::Connector& one) { return one.name == slot; });
}

}  // namespace

SeatedCards seated_cards(const Assembly& rig) {
  SeatedCards seated;
  for (std::size_t u = 0; u < rig.lanes.links.size(); ++u) {
    const hardware::LaneUser& user = rig.plugged.users[u];
    const std::size_t item = rig.plugged.pieces[u].part;
    if (!user.is_card || rig.lanes.links[u].slot.empty()) continue;
    if (!rig.items[item].placed->riser.kind.empty()) continue;
    seated.cards.push_back({.user = u,
                            .item = item,
                            .name = user.name,
                            .slot = rig.lanes.links[u].slot,
                            .place = &place_of(rig.graph, rig.lanes.links[u].slot),
                            .row = place_of(rig.graph, rig.lanes.links[u].slot).position,
                            .rows = static_cast<int>(std::ceil(user.thickness)),
                            .draws_air = user.draws_air});
    seated.rows_known = seated.rows_known && seated.cards.back().row > 0;
  }
  std::stable_sort(seated.cards.begin(), seated.cards.end(),
                   [](const SeatedCard& a, const SeatedCard& b) { return a.row < b.row; });
  for (std::size_t i = 0; i + 1 < seated.cards.size(); ++i) {
    const SeatedCard &upper = seated.cards[i], &lower = seated.cards[i + 1];
    if (upper.row == 0) continue;
    const int apart = lower.row - upper.row;
    seated.pairs.push_back({upper, lower, upper.rows, apart, apart - upper.rows});
  }
  return seated;
}

}  // namespace rigor::check
