#include "hardware/lanes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <tuple>

#include "hardware/lane_modes.hpp"

namespace rigor::hardware {
namespace {

constexpr int kCardSize = 16;  ///< cards have long connectors, however many lanes are wired

/// How good a way to plug things in is, the most important first.
using Worth = std::tuple<int, int, double, double, double>;

/// Places everything, one after the other, and reads off the links.
class Plan {
 public:
  Plan(const LaneGraph& graph, std::span<const LaneUser> users)
      : graph_(graph), users_(users), seats_(users.size()) {}

  LaneReport report();

 private:
  void seat_stated();
  void seat_others(bool cards);
  [[nodiscard]] bool is_free(std::size_t connector) const;
  [[nodiscard]] bool is_blocked(std::size_t user, std::size_t connector) const;
  [[nodiscard]] bool suits(std::size_t user, std::size_t connector) const;
  [[nodiscard]] Worth worth(std::size_t user, std::size_t connector);
  void add_problems(LaneReport& report) const;

  const LaneGraph& graph_;
  std::span<const LaneUser> users_;
  Seats seats_;
};

void Plan::seat_stated() {
  for (std::size_t u = 0; u < users_.size(); ++u) {
    for (std::size_t c = 0; c < graph_.connectors.size(); ++c) {
      if (!users_[u].slot.empty() && graph_.connectors[c].name == users_[u].slot) seats_[u] = c;
    }
  }
}

bool Plan::is_free(std::size_t connector) const {
  return std::find(seats_.begin(), seats_.end(), connector) == seats_.end();
}

/// Cards in slots reach out for drives' sockets only when a person says so, and the other way
/// round.
bool Plan::suits(std::size_t user, std::size_t connector) const {
  return graph_.connectors[connector].is_slot == users_[user].is_card;
}

/// Another card covers the slot, or this one would cover another's.
bool Plan::is_blocked(std::size_t user, std::size_t connector) const {
  const int position = graph_.connectors[connector].position;
  if (position == 0) return false;
  for (std::size_t other = 0; other < users_.size(); ++other) {
    const auto& seat = seats_[other];
    if (other == user || !users_[other].is_card || !seat) continue;
    const int row = graph_.connectors[*seat].position;
    if (row == 0) continue;
    const LaneUser& upper = row < position ? users_[other] : users_[user];
    if (std::abs(row - position) < std::ceil(upper.thickness)) return true;
  }
  return false;
}

/// What everything reaches with this user in this place: first that all get lanes, then that a card
/// fits, then the slowest card, then all cards, then the user itself.
Worth Plan::worth(std::size_t user, std::size_t connector) {
  seats_[user] = connector;
  const std::vector<LaneLink> links = lane_links(graph_, users_, seats_);
  const Connector& place = graph_.connectors[connector];
  const bool fits =
      !users_[user].is_card || (place.size >= kCardSize && !is_blocked(user, connector));
  int dead = 0;
  double slowest = 1e30, sum = 0;
  for (std::size_t u = 0; u < users_.size(); ++u) {
    if (!seats_[u]) continue;
    dead += links[u].lanes == 0 ? 1 : 0;
    if (!users_[u].is_card) continue;
    const double rate = link_rate(links[u]).in(byte / second);
    slowest = std::min(slowest, rate);
    sum += rate;
  }
  const double own = link_rate(links[user]).in(byte / second);
  seats_[user].reset();
  return {-dead, fits ? 1 : 0, slowest, sum, own};
}

void Plan::seat_others(bool cards) {
  for (std::size_t u = 0; u < users_.size(); ++u) {
    if (users_[u].is_card != cards || seats_[u]) continue;
    std::optional<std::size_t> best;
    Worth most;
    for (std::size_t c = 0; c < graph_.connectors.size(); ++c) {
      if (!suits(u, c) || !is_free(c)) continue;
      const Worth now = worth(u, c);
      if (best && now <= most) continue;
      best = c;
      most = now;
    }
    // A drive that would only take lanes away hangs elsewhere: on SATA, on an adapter.
    const bool takes = best && !cards && std::get<0>(most) < 0;
    if (!takes) seats_[u] = best;
  }
}

void Plan::add_problems(LaneReport& report) const {
  const auto slots = std::count_if(graph_.connectors.begin(), graph_.connectors.end(),
                                   [](const Connector& c) { return c.is_slot; });
  for (std::size_t u = 0; u < users_.size(); ++u) {
    const LaneLink& link = report.links[u];
    const LaneUser& user = users_[u];
    if (!user.is_card && user.slot.empty()) continue;
    if (link.slot.empty()) {
      report.problems.push_back(
          {u,
           fmt::format("no slot is left for {}: the {} has {} slots", user.name, graph_.board,
                       slots),
           "fewer cards, another board, or, for cards on a splitter or on risers, their "
           "pcie_generation and pcie_lanes"});
    } else if (link.lanes == 0) {
      report.problems.push_back(
          {u, fmt::format("slot \"{}\" has no lanes for {}: {}", link.slot, user.name, link.why),
           "use another slot or socket"});
    }
  }
}

LaneReport Plan::report() {
  seat_stated();
  seat_others(true);
  seat_others(false);
  LaneReport report{.links = lane_links(graph_, users_, seats_)};
  for (std::size_t u = 0; u < users_.size(); ++u)
    report.links[u].slot_is_assumed = seats_[u] && users_[u].slot.empty();
  add_problems(report);
  return report;
}

}  // namespace

BytesPerSecond pcie_rate(int generation, int lanes) {
  constexpr double kLane = 0.985e9;
  constexpr int kOldest = 1, kStated = 3;
  return BytesPerSecond::from_base(kLane * std::exp2(std::max(kOldest, generation) - kStated) *
                                   lanes);
}

LaneReport lane_report(const LaneGraph& graph, std::span<const LaneUser> users) {
  return Plan(graph, users).report();
}

}  // namespace rigor::hardware
