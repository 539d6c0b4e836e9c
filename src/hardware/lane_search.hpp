// Where cards and drives go: of all ways to plug them in, the best. A part of lanes.hpp. Layer 2.
//
// What "best" means, and why the search is exact: docs/models/35-lanes.md.
#pragma once

#include <compare>

#include "hardware/lane_modes.hpp"

namespace rigor::hardware {

/// How good a way to plug things in is; the members stand in the order of their weight, and more is
/// better in each.
struct SeatingWorth {
  int seated_cards = 0;
  int dead = 0;     ///< less one for everything that sits somewhere without lanes
  int misfits = 0;  ///< less one for every card in a short slot and every two in each
                    ///< other's rows
  int seated_drives = 0;
  double slowest_card = 0;  ///< B/s, one way
  double cards = 0;         ///< sum, B/s
  int crowded = 0;    ///< less one for every two cards without a free row in between, of which
                      ///< one draws its air from there
  double drives = 0;  ///< sum, B/s
  auto operator<=>(const SeatingWorth&) const = default;
};

/// Of everything in its place. Requires: seats of distinct users are distinct.
SeatingWorth seating_worth(LaneModes& modes, const LaneGraph& graph,
                           std::span<const LaneUser> users, const Seats& seats);

/// Users whose slot is stated sit there; the others go where the worth of all is greatest, the
/// first such way in the order of the connectors. Cards go to slots, drives to sockets.
Seats best_seats(const LaneGraph& graph, std::span<const LaneUser> users);

/// Whether two cards are in each other's way: the rows of one reach the other's slot.
bool overlap(const LaneGraph& graph, std::span<const LaneUser> users, const Seats& seats,
             std::size_t a, std::size_t b);

}  // namespace rigor::hardware
