#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "hardware/lane_search.hpp"

namespace rigor::hardware {
namespace {

int any(int low, int high) {
  return *rc::gen::inRange(low, high + 1);
}

/// Up to six connectors in up to four groups, each group with a few random divisions.
LaneGraph any_graph() {
  LaneGraph graph;
  graph.board = "board";
  const int groups = any(1, 4);
  for (int g = 0; g < groups; ++g) {
    LaneGroup group{.root = any(0, 2) == 0 ? LaneRoot::chipset : LaneRoot::cpu,
                    .lanes = 4 << any(0, 2)};
    const std::size_t first = graph.connectors.size();
    const int members = any(1, groups > 2 ? 1 : 3);
    for (int m = 0; m < members; ++m) {
      const bool slot = any(0, 1) == 1;
      graph.connectors.push_back({.name = std::to_string(graph.connectors.size()),
                                  .is_slot = slot,
                                  .size = any(0, 3) == 0 ? 4 : 16,
                                  .generation = any(0, 5),
                                  .position = slot ? any(0, 6) : 0});
    }
    for (int modes = any(1, 4); modes > 0; --modes) {
      auto& mode = group.modes.emplace_back();
      for (int m = 0; m < members; ++m)
        mode.push_back({first + static_cast<std::size_t>(m), any(0, 3) == 0 ? 0 : 1 << any(0, 4)});
    }
    graph.groups.push_back(std::move(group));
  }
  graph.uplink_lanes = any(0, 4);
  graph.uplink_generation = any(0, 4);
  graph.processor_lanes = any(0, 1) == 0 ? 0 : any(4, 40);
  graph.processor_generation = any(0, 5);
  return graph;
}

/// Some alike, some with a stated place, never two in one.
std::vector<LaneUser> any_users(const LaneGraph& graph) {
  std::vector<LaneUser> users;
  std::vector<bool> taken(graph.connectors.size(), false);
  for (int left = any(0, 4); left > 0; --left) {
    LaneUser user{.name = "user",
                  .is_card = any(0, 2) > 0,
                  .generation = any(3, 5),
                  .lanes = 4 << any(0, 2),
                  .thickness = any(2, 6) / 2.0,
                  .draws_air = any(0, 1) == 1};
    const auto place = static_cast<std::size_t>(any(0, static_cast<int>(taken.size()) - 1));
    if (any(0, 3) == 0 && !taken[place]) {
      taken[place] = true;
      user.slot = graph.connectors[place].name;
    }
    users.push_back(user);
    if (any(0, 2) == 0 && user.slot.empty()) users.push_back(user);
  }
  return users;
}

bool is_legal(const LaneGraph& graph, const LaneUser& user, std::size_t connector) {
  if (!user.slot.empty()) return graph.connectors[connector].name == user.slot;
  return graph.connectors[connector].is_slot == user.is_card;
}

/// Every way there is, one after the other; no bound, no symmetry.
void try_all(const LaneGraph& graph, std::span<const LaneUser> users, LaneModes& modes,
             std::size_t user, Seats& seats, std::optional<SeatingWorth>& most) {
  if (user == users.size()) {
    const SeatingWorth worth = seating_worth(modes, graph, users, seats);
    if (!most || worth > *most) most = worth;
    return;
  }
  if (users[user].slot.empty()) try_all(graph, users, modes, user + 1, seats, most);
  for (std::size_t c = 0; c < graph.connectors.size(); ++c) {
    if (!is_legal(graph, users[user], c)) continue;
    if (std::find(seats.begin(), seats.end(), std::optional(c)) != seats.end()) continue;
    seats[user] = c;
    try_all(graph, users, modes, user + 1, seats, most);
    seats[user].reset();
  }
}

}  // namespace

TEST_CASE("the best way to plug things in is the best of all ways there are") {
  CHECK(rc::check([] {
    const LaneGraph graph = any_graph();
    const std::vector<LaneUser> users = any_users(graph);
    LaneModes modes(graph, users);
    std::optional<SeatingWorth> most;
    Seats seats(users.size());
    try_all(graph, users, modes, 0, seats, most);
    const Seats found = best_seats(graph, users);
    for (std::size_t u = 0; u < users.size(); ++u) {
      if (found[u]) RC_ASSERT(is_legal(graph, users[u], *found[u]));
    }
    RC_ASSERT(seating_worth(modes, graph, users, found) == *most);
  }));
}

TEST_CASE("a mode is chosen as if all had been tried") {
  CHECK(rc::check([] {
    const LaneGraph graph = any_graph();
    const std::vector<LaneUser> users = any_users(graph);
    const Seats seats = best_seats(graph, users);
    LaneModes modes(graph, users);
    const std::vector<Settled> settled(modes.settle(seats).begin(), modes.settle(seats).end());
    for (std::size_t g = 0; g < graph.groups.size(); ++g) {
      int served = 0;
      std::size_t most = 0;
      for (const Settled& one : settled)
        served += one.group == static_cast<int>(g) && one.lanes > 0;
      for (const auto& mode : graph.groups[g].modes) {
        std::size_t can = 0;
        for (const LaneGroup::Part& part : mode)
          can += part.lanes > 0 && std::find(seats.begin(), seats.end(),
                                             std::optional(part.connector)) != seats.end();
        most = std::max(most, can);
      }
      // Halving for a small processor never takes the last lane.
      RC_ASSERT(static_cast<std::size_t>(served) == most);
    }
  }));
}

}  // namespace rigor::hardware
