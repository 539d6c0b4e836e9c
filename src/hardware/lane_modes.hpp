// The links of users whose places are known: which mode every group of lanes is in, and what that
// leaves each of them. A part of lanes.hpp. Layer 2.
#pragma once

#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "hardware/lanes.hpp"

namespace rigor::hardware {

/// Connector of every user, by index.
using Seats = std::vector<std::optional<std::size_t>>;

/// What a seated user gets, without words.
struct Settled {
  int group = -1;  ///< of lanes; -1: the user sits nowhere
  int mode = -1;   ///< of that group
  int lanes = 0, generation = 0;
  bool cut = false;   ///< the processor has fewer lanes than the board hands out
  double shared = 0;  ///< B/s that a chipset's uplink leaves it; 0: all
};

/// A board and what is plugged into it, prepared for asking about many seatings. A group takes the
/// mode that gives lanes to most of those that sit on it, then the one whose narrowest card is
/// widest, then the one with most lanes.
class LaneModes {
 public:
  /// Both must outlive this.
  LaneModes(const LaneGraph& graph, std::span<const LaneUser> users);

  /// One per user, valid until the next call. No allocation. Requires: seats of distinct users are
  /// distinct.
  std::span<const Settled> settle(const Seats& seats);
  /// Bounds on what a group leaves those that sit on it, whoever joins them: each the best over the
  /// modes that serve most of them.
  struct Best {
    int dead = 0;  ///< at least so many get no lanes
    double slowest_card = std::numeric_limits<double>::infinity();  ///< B/s
    double cards = 0, drives = 0;                                   ///< sums, B/s
  };
  /// `filled`: connectors that somebody will take. `caps` gets the lanes that such a mode leaves
  /// each connector of the group at most.
  Best best_of(std::size_t group, const Seats& seats, const std::vector<bool>& filled,
               std::vector<int>& caps) const;
  /// B/s of a user on a connector that has so many lanes.
  [[nodiscard]] double rate(std::size_t user, std::size_t connector, int lanes) const;
  /// Sockets with a group of their own each, equal in all that counts.
  [[nodiscard]] bool are_twins(std::size_t a, std::size_t b) const;
  [[nodiscard]] int group_of(std::size_t connector) const { return group_[connector]; }

 private:
  [[nodiscard]] int generation(std::size_t user, std::size_t connector) const;
  void settle_group(int group, const Seats& seats);
  void respect_processor(const Seats& seats);
  void share_uplink();

  const LaneGraph& graph_;
  std::span<const LaneUser> users_;
  std::vector<int> group_;                            ///< of every connector; -1: none
  std::vector<std::vector<std::vector<int>>> wired_;  ///< lanes by group, mode and connector
  std::vector<double> per_lane_;                      ///< B/s by user and connector
  std::vector<Settled> settled_;
};

/// One way, B/s, the share of an uplink counted.
double settled_rate(const Settled& settled);

/// Links of those that have a place; the others stay empty.
std::vector<LaneLink> lane_links(const LaneGraph& graph, std::span<const LaneUser> users,
                                 const Seats& seats);

/// One way, the share of an uplink counted. Generation unknown: 3.
BytesPerSecond link_rate(const LaneLink& link);

}  // namespace rigor::hardware
