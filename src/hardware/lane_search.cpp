#include "hardware/lane_search.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

namespace rigor::hardware {
namespace {

constexpr int kCardSize = 16;  ///< cards have long connectors, however many lanes are wired

/// Row of the case in which a seated card begins; 0: it sits nowhere, or the row is unknown.
int row_of(const LaneGraph& graph, const Seats& seats, std::size_t user) {
  return seats[user] ? graph.connectors[*seats[user]].position : 0;
}

/// Free rows between two cards; negative: one covers the other's slot. Nothing when a row is
/// unknown.
std::optional<int> rows_between(const LaneGraph& graph, std::span<const LaneUser> users,
                                const Seats& seats, std::size_t a, std::size_t b) {
  const int row_a = row_of(graph, seats, a), row_b = row_of(graph, seats, b);
  if (row_a == 0 || row_b == 0 || !users[a].is_card || !users[b].is_card) return std::nullopt;
  const LaneUser& upper = row_a <= row_b ? users[a] : users[b];
  return std::abs(row_a - row_b) - static_cast<int>(std::ceil(upper.thickness));
}

int misfits(const LaneGraph& graph, std::span<const LaneUser> users, const Seats& seats) {
  int count = 0;
  for (std::size_t a = 0; a < users.size(); ++a) {
    if (!users[a].is_card || !seats[a]) continue;
    count += graph.connectors[*seats[a]].size < kCardSize ? 1 : 0;
    for (std::size_t b = a + 1; b < users.size(); ++b)
      count += overlap(graph, users, seats, a, b) ? 1 : 0;
  }
  return count;
}

int crowded_pairs(const LaneGraph& graph, std::span<const LaneUser> users, const Seats& seats) {
  int pairs = 0;
  for (std::size_t a = 0; a < users.size(); ++a) {
    for (std::size_t b = a + 1; b < users.size(); ++b) {
      const auto rows = rows_between(graph, users, seats, a, b);
      if (!rows || *rows != 0) continue;
      const bool a_is_upper = row_of(graph, seats, a) < row_of(graph, seats, b);
      pairs += (a_is_upper ? users[a] : users[b]).draws_air ? 1 : 0;
    }
  }
  return pairs;
}

bool alike(const LaneUser& a, const LaneUser& b) {
  return a.is_card == b.is_card && a.generation == b.generation && a.lanes == b.lanes &&
         a.thickness == b.thickness && a.draws_air == b.draws_air;
}

/// Depth first over the users without a place, cards before drives, from a greedy first try on,
/// with an optimistic bound.
class Search {
 public:
  Search(const LaneGraph& graph, std::span<const LaneUser> users)
      : graph_(graph), users_(users), modes_(graph, users), seats_(users.size()) {
    seat_stated();
    for (const bool cards : {true, false}) {
      for (std::size_t u = 0; u < users.size(); ++u) {
        if (users[u].is_card == cards && !seats_[u]) open_.push_back(u);
      }
    }
    taken_.assign(graph.connectors.size(), false);
    caps_.assign(graph.connectors.size(), 0);
    for (const LaneUser& user : users) {
      if (!user.is_card) continue;
      const int rows = static_cast<int>(std::ceil(user.thickness));
      thin_first_[0].push_back(rows);
      thin_first_[1].push_back(rows + (user.draws_air ? 1 : 0));
    }
    for (std::vector<int>& rows : thin_first_) std::sort(rows.begin(), rows.end());
    for (const auto& seat : seats_) {
      if (seat) taken_[*seat] = true;
    }
  }

  Seats best() {
    try_greedy(0);
    place(0);
    return best_;
  }

 private:
  void seat_stated();
  void try_greedy(std::size_t depth);
  void place(std::size_t depth);
  void judge();
  [[nodiscard]] SeatingWorth bound(std::size_t depth);
  void foresee(std::size_t depth);
  void add_seated(SeatingWorth& worth);
  [[nodiscard]] int touching() const;
  [[nodiscard]] int disjoint(int air) const;
  void add_open(std::size_t depth, bool cards, SeatingWorth& worth);
  [[nodiscard]] bool is_open(std::size_t depth, std::size_t connector) const;
  [[nodiscard]] std::size_t first_for(std::size_t depth) const;
  [[nodiscard]] bool suits(std::size_t user, std::size_t connector) const {
    return modes_.group_of(connector) >= 0 &&
           graph_.connectors[connector].is_slot == users_[user].is_card;
  }
  void seat(std::size_t user, std::size_t connector) {
    taken_[connector] = true;
    seats_[user] = connector;
  }
  void unseat(std::size_t user) {
    taken_[*seats_[user]] = false;
    seats_[user].reset();
  }

  const LaneGraph& graph_;
  std::span<const LaneUser> users_;
  LaneModes modes_;
  Seats seats_, best_;
  std::vector<std::size_t> open_;
  std::vector<bool> taken_;
  std::array<std::vector<int>, 2> thin_first_;  // rows of all cards, without and with air
  // Of a bound; kept to save allocations.
  std::vector<bool> filled_;
  std::vector<int> caps_;
  std::vector<double> by_user_, by_place_;
  std::optional<SeatingWorth> most_;
};

void Search::seat_stated() {
  for (std::size_t u = 0; u < users_.size(); ++u) {
    for (std::size_t c = 0; c < graph_.connectors.size(); ++c) {
      if (!users_[u].slot.empty() && graph_.connectors[c].name == users_[u].slot) seats_[u] = c;
    }
  }
}

void Search::judge() {
  const SeatingWorth worth = seating_worth(modes_, graph_, users_, seats_);
  if (most_ && worth <= *most_) return;
  most_ = worth;
  best_ = seats_;
}

/// One after the other where it is best at that moment.
void Search::try_greedy(std::size_t depth) {
  if (depth == open_.size()) return judge();
  const std::size_t user = open_[depth];
  SeatingWorth most = seating_worth(modes_, graph_, users_, seats_);
  std::optional<std::size_t> best;
  for (std::size_t c = 0; c < graph_.connectors.size(); ++c) {
    if (taken_[c] || !suits(user, c)) continue;
    seat(user, c);
    const SeatingWorth now = seating_worth(modes_, graph_, users_, seats_);
    unseat(user);
    if (now <= most) continue;
    most = now;
    best = c;
  }
  if (best) seat(user, *best);
  try_greedy(depth + 1);
  if (best) unseat(user);
}

/// The seated, as if every group could take the mode that is best for each figure of those that sit
/// on it and will sit on it. More users leave them no more than that, unless one gets no lanes.
void Search::add_seated(SeatingWorth& worth) {
  for (std::size_t g = 0; g < graph_.groups.size(); ++g) {
    const LaneModes::Best best = modes_.best_of(g, seats_, filled_, caps_);
    worth.dead -= best.dead;
    worth.slowest_card = std::min(worth.slowest_card, best.slowest_card);
    worth.cards += best.cards;
    worth.drives += best.drives;
  }
  for (std::size_t u = 0; u < users_.size(); ++u) {
    if (!seats_[u]) continue;
    ++(users_[u].is_card ? worth.seated_cards : worth.seated_drives);
  }
  worth.misfits = -misfits(graph_, users_, seats_);
}

/// The others: each in the best of the free places, and each free place with the best of them. No
/// more of them than there are places, and the smaller of the two sums.
void Search::add_open(std::size_t depth, bool cards, SeatingWorth& worth) {
  by_user_.clear();
  by_place_.clear();
  for (std::size_t d = depth; d < open_.size(); ++d) {
    if (users_[open_[d]].is_card == cards) by_user_.push_back(0);
  }
  for (std::size_t c = 0; c < graph_.connectors.size(); ++c) {
    if (taken_[c] || modes_.group_of(c) < 0 || graph_.connectors[c].is_slot != cards) continue;
    if (!cards && caps_[c] == 0) continue;  // a drive there would get nothing, or take all
    double& best = by_place_.emplace_back(0);
    std::size_t n = 0;
    for (std::size_t d = depth; d < open_.size(); ++d) {
      if (users_[open_[d]].is_card != cards) continue;
      const double rate = modes_.rate(open_[d], c, caps_[c]);
      best = std::max(best, rate);
      by_user_[n] = std::max(by_user_[n], rate);
      ++n;
    }
  }
  const std::size_t pairs = std::min(by_user_.size(), by_place_.size());
  const auto best_sum = [pairs](std::vector<double>& rates) {
    std::sort(rates.begin(), rates.end(), std::greater<>());
    return std::accumulate(rates.begin(), rates.begin() + static_cast<std::ptrdiff_t>(pairs), 0.0);
  };
  const double sum = std::min(best_sum(by_user_), best_sum(by_place_));
  (cards ? worth.seated_cards : worth.seated_drives) += static_cast<int>(pairs);
  (cards ? worth.cards : worth.drives) += sum;
  if (!cards || pairs == 0) return;
  worth.slowest_card = std::min({worth.slowest_card, by_user_[pairs - 1], by_place_[pairs - 1]});
}

/// Slots that a card will take for sure, since there are no more of them than cards: leaving one
/// free would leave a card without a slot.
void Search::foresee(std::size_t depth) {
  filled_ = taken_;
  std::size_t cards = 0, slots = 0;
  for (std::size_t d = depth; d < open_.size(); ++d) cards += users_[open_[d]].is_card ? 1 : 0;
  const auto is_free_slot = [&](std::size_t c) {
    return !taken_[c] && modes_.group_of(c) >= 0 && graph_.connectors[c].is_slot;
  };
  for (std::size_t c = 0; c < taken_.size(); ++c) slots += is_free_slot(c) ? 1 : 0;
  for (std::size_t c = 0; c < taken_.size(); ++c) {
    if (cards >= slots && is_free_slot(c)) filled_[c] = true;
  }
}

/// Pairs of cards that will touch however the rest is placed: those that do, or, of cards of one
/// row each, neighbours among the slots that will be filled, less one for every card that draws no
/// air.
int Search::touching() const {
  int neighbours = 0;
  for (const LaneUser& user : users_) {
    if (user.is_card && user.thickness > 1) return crowded_pairs(graph_, users_, seats_);
    neighbours -= user.is_card && !user.draws_air ? 1 : 0;
  }
  for (std::size_t a = 0; a < filled_.size(); ++a) {
    for (std::size_t b = 0; b < filled_.size(); ++b) {
      const Connector &upper = graph_.connectors[a], &lower = graph_.connectors[b];
      neighbours += filled_[a] && filled_[b] && upper.is_slot && lower.is_slot &&
                    upper.position > 0 && lower.position == upper.position + 1;
    }
  }
  return std::max(neighbours, crowded_pairs(graph_, users_, seats_));
}

/// The most cards that could sit without being in each other's way, each with `air` rows more below
/// it if it draws air there: the thinnest ones, one after the other, the last of them reaching
/// beyond the last slot. Of n seated cards at least n less that many pairs are in each other's way,
/// since taking out one of every pair leaves a way without.
int Search::disjoint(int air) const {
  constexpr int kNoBound = std::numeric_limits<int>::max() / 2;
  for (std::size_t u = 0; u < users_.size(); ++u) {
    if (users_[u].is_card && seats_[u] && !graph_.connectors[*seats_[u]].is_slot) return kNoBound;
  }
  int first = std::numeric_limits<int>::max(), last = 0;
  for (const Connector& place : graph_.connectors) {
    if (!place.is_slot) continue;
    if (place.position == 0) return kNoBound;  // it has no neighbours
    first = std::min(first, place.position);
    last = std::max(last, place.position);
  }
  int count = 0, rows = 0;
  for (const int thickness : thin_first_[static_cast<std::size_t>(air)]) {
    if (count > 0 && rows > last - first) break;  // this one would begin beyond the last slot
    ++count;
    rows += thickness;
  }
  return count;
}

/// What no way of placing the others can beat. Its sums are whole: they are of the standard's
/// rates.
SeatingWorth Search::bound(std::size_t depth) {
  SeatingWorth worth{.slowest_card = std::numeric_limits<double>::infinity()};
  foresee(depth);
  add_seated(worth);
  add_open(depth, true, worth);
  worth.misfits = std::min(worth.misfits, disjoint(0) - worth.seated_cards);
  worth.crowded = std::min(-touching(), disjoint(1) - worth.seated_cards - worth.misfits);
  add_open(depth, false, worth);
  return worth;
}

/// Connectors before this are for earlier users of the same make: equal ones go in order.
std::size_t Search::first_for(std::size_t depth) const {
  for (std::size_t d = depth; d-- > 0;) {
    if (!alike(users_[open_[d]], users_[open_[depth]])) continue;
    return seats_[open_[d]] ? *seats_[open_[d]] + 1 : graph_.connectors.size();
  }
  return 0;
}

void Search::place(std::size_t depth) {
  if (bound(depth) <= *most_) return;
  if (depth == open_.size()) return judge();
  const std::size_t user = open_[depth];
  for (std::size_t c = first_for(depth); c < graph_.connectors.size(); ++c) {
    if (!is_open(depth, c)) continue;
    seat(user, c);
    place(depth + 1);
    unseat(user);
  }
  place(depth + 1);  // nowhere: on SATA, on an adapter, in a drawer
}

/// Free, of the right kind, and not the twin of a free one before it.
bool Search::is_open(std::size_t depth, std::size_t connector) const {
  if (taken_[connector] || !suits(open_[depth], connector)) return false;
  for (std::size_t c = first_for(depth); c < connector; ++c) {
    if (!taken_[c] && modes_.are_twins(c, connector)) return false;
  }
  return true;
}

}  // namespace

bool overlap(const LaneGraph& graph, std::span<const LaneUser> users, const Seats& seats,
             std::size_t a, std::size_t b) {
  const auto rows = rows_between(graph, users, seats, a, b);
  return rows && *rows < 0;
}

SeatingWorth seating_worth(LaneModes& modes, const LaneGraph& graph,
                           std::span<const LaneUser> users, const Seats& seats) {
  const std::span<const Settled> settled = modes.settle(seats);
  SeatingWorth worth{.slowest_card = std::numeric_limits<double>::infinity()};
  for (std::size_t u = 0; u < users.size(); ++u) {
    if (!seats[u]) continue;
    const double rate = settled_rate(settled[u]);
    worth.dead -= settled[u].lanes == 0 ? 1 : 0;
    if (users[u].is_card) {
      ++worth.seated_cards;
      worth.cards += rate;
      worth.slowest_card = std::min(worth.slowest_card, rate);
    } else {
      ++worth.seated_drives;
      worth.drives += rate;
    }
  }
  worth.misfits = -misfits(graph, users, seats);
  worth.crowded = -crowded_pairs(graph, users, seats);
  worth.cards = std::round(worth.cards);  // equal sums are equal in whatever order they were made
  worth.drives = std::round(worth.drives);
  return worth;
}

Seats best_seats(const LaneGraph& graph, std::span<const LaneUser> users) {
  return Search(graph, users).best();
}

}  // namespace rigor::hardware
