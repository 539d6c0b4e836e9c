#include "hardware/lane_modes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <tuple>

#include "base/text.hpp"

namespace rigor::hardware {
namespace {

constexpr int kUnknownGeneration = 3;  ///< taken for a rate where no generation is stated

/// The smaller; 0 is unknown.
int lesser(int a, int b) {
  return a == 0 || b == 0 ? std::max(a, b) : std::min(a, b);
}

double raw_rate(int generation, int lanes) {
  return pcie_rate(generation > 0 ? generation : kUnknownGeneration, lanes).in(byte / second);
}

/// What keeps a link below the user's own.
std::string why(const LaneGraph& graph, const LaneUser& user, std::size_t seat,
                const Settled& settled) {
  if (settled.cut) return fmt::format("the processor has {} lanes", graph.processor_lanes);
  const LaneGroup& group = graph.groups[static_cast<std::size_t>(settled.group)];
  const Connector& place = graph.connectors[seat];
  int wired = 0;
  std::vector<std::string> reasons, others;
  for (const LaneGroup::Part& part : group.modes[static_cast<std::size_t>(settled.mode)]) {
    if (part.connector == seat) wired = part.lanes;
    if (part.connector == seat || part.lanes == 0) continue;
    others.push_back(fmt::format("{} x{}", graph.connectors[part.connector].name, part.lanes));
  }
  if (user.lanes > wired || wired == 0) {
    if (!others.empty()) {
      reasons.push_back(fmt::format("shares {} lanes with {}", group.lanes, join(others, ", ")));
    } else if (wired > 0) {
      reasons.push_back(fmt::format("{} has {} lane{}", place.is_slot ? "the slot" : "the socket",
                                    wired, wired == 1 ? "" : "s"));
    }
  }
  const int own = user.generation;
  if (place.generation > 0 && own > place.generation) {
    reasons.push_back(fmt::format("{} is PCIe {}.0", place.is_slot ? "the slot" : "the socket",
                                  place.generation));
  }
  const int processor = graph.processor_generation;
  if (group.root == LaneRoot::cpu && processor > 0 && lesser(own, place.generation) > processor)
    reasons.push_back(fmt::format("the processor has PCIe {}.0", processor));
  return join(reasons, "; ");
}

}  // namespace

LaneModes::LaneModes(const LaneGraph& graph, std::span<const LaneUser> users)
    : graph_(graph), users_(users), group_(graph.connectors.size(), -1), settled_(users.size()) {
  for (std::size_t g = 0; g < graph.groups.size(); ++g) {
    std::vector<std::vector<int>>& modes = wired_.emplace_back();
    for (const auto& mode : graph.groups[g].modes) {
      std::vector<int>& lanes = modes.emplace_back(graph.connectors.size(), 0);
      for (const LaneGroup::Part& part : mode) {
        lanes[part.connector] = part.lanes;
        group_[part.connector] = static_cast<int>(g);
      }
    }
  }
  for (std::size_t u = 0; u < users.size(); ++u) {
    for (std::size_t c = 0; c < group_.size(); ++c)
      per_lane_.push_back(raw_rate(generation(u, c), 1));
  }
}

int LaneModes::generation(std::size_t user, std::size_t connector) const {
  const int own = lesser(users_[user].generation, graph_.connectors[connector].generation);
  const int group = group_[connector];
  const bool from_cpu =
      group >= 0 && graph_.groups[static_cast<std::size_t>(group)].root == LaneRoot::cpu;
  return from_cpu ? lesser(own, graph_.processor_generation) : own;
}

double LaneModes::rate(std::size_t user, std::size_t connector, int lanes) const {
  if (lanes == 0) return 0;
  return per_lane_[user * group_.size() + connector] * lesser(users_[user].lanes, lanes);
}

LaneModes::Best LaneModes::best_of(std::size_t group, const Seats& seats,
                                   const std::vector<bool>& filled, std::vector<int>& caps) const {
  const auto sits = [&](std::size_t u) {
    return seats[u] && group_[*seats[u]] == static_cast<int>(group);
  };
  Best best;
  int most_served = -1, taken = 0;
  for (const std::vector<int>& mode : wired_[group]) {
    int served = 0;
    taken = 0;
    for (std::size_t c = 0; c < group_.size(); ++c) {
      if (group_[c] != static_cast<int>(group) || !filled[c]) continue;
      ++taken;
      served += mode[c] > 0 ? 1 : 0;
    }
    if (served < most_served) continue;
    Best one;
    for (std::size_t u = 0; u < users_.size(); ++u) {
      if (!sits(u)) continue;
      const double got = rate(u, *seats[u], mode[*seats[u]]);
      (users_[u].is_card ? one.cards : one.drives) += got;
      if (users_[u].is_card) one.slowest_card = std::min(one.slowest_card, got);
    }
    const bool first = served > most_served;
    most_served = served;
    best = first ? one
                 : Best{0, std::max(best.slowest_card, one.slowest_card),
                        std::max(best.cards, one.cards), std::max(best.drives, one.drives)};
    for (std::size_t c = 0; c < group_.size(); ++c) {
      if (group_[c] == static_cast<int>(group))
        caps[c] = first ? mode[c] : std::max(caps[c], mode[c]);
    }
  }
  best.dead = taken - std::max(most_served, 0);
  return best;
}

bool LaneModes::are_twins(std::size_t a, std::size_t b) const {
  const Connector &one = graph_.connectors[a], &other = graph_.connectors[b];
  if (group_[a] < 0 || group_[b] < 0 || group_[a] == group_[b]) return false;
  const LaneGroup& of_one = graph_.groups[static_cast<std::size_t>(group_[a])];
  const LaneGroup& of_other = graph_.groups[static_cast<std::size_t>(group_[b])];
  const auto alone = [](const LaneGroup& group) {
    return group.modes.size() == 1 && group.modes[0].size() == 1;
  };
  return !one.is_slot && !other.is_slot && one.generation == other.generation &&
         of_one.root == of_other.root && alone(of_one) && alone(of_other) &&
         of_one.modes[0][0].lanes == of_other.modes[0][0].lanes;
}

void LaneModes::settle_group(int group, const Seats& seats) {
  const auto& modes = wired_[static_cast<std::size_t>(group)];
  const auto sits = [&](std::size_t u) { return seats[u] && group_[*seats[u]] == group; };
  int best = -1;
  std::tuple<int, int, int> most;
  for (std::size_t m = 0; m < modes.size(); ++m) {
    constexpr int kWidest = 64;
    int served = 0, narrowest = kWidest, sum = 0;
    for (std::size_t u = 0; u < users_.size(); ++u) {
      if (!sits(u)) continue;
      const int wired = modes[m][*seats[u]];
      served += wired > 0 ? 1 : 0;
      const int lanes = wired == 0 ? 0 : lesser(users_[u].lanes, wired);
      if (users_[u].is_card && wired > 0) narrowest = std::min(narrowest, lanes);
      sum += lanes;
    }
    const std::tuple<int, int, int> now{served, narrowest, sum};
    if (best >= 0 && now <= most) continue;
    best = static_cast<int>(m);
    most = now;
  }
  for (std::size_t u = 0; u < users_.size(); ++u) {
    if (!sits(u)) continue;
    const int wired = modes[static_cast<std::size_t>(best)][*seats[u]];
    settled_[u] = {.group = group,
                   .mode = best,
                   .lanes = wired == 0 ? 0 : lesser(users_[u].lanes, wired),
                   .generation = generation(u, *seats[u])};
  }
}

/// Lanes of a processor that has fewer than the board is made for: the widest links lose half of
/// theirs, those of the last connectors first, until the sum fits.
void LaneModes::respect_processor(const Seats& seats) {
  if (graph_.processor_lanes == 0) return;
  for (;;) {
    int sum = 0;
    std::optional<std::size_t> widest;
    const auto rank = [&](std::size_t u) { return std::pair(settled_[u].lanes, seats[u]); };
    for (std::size_t u = 0; u < settled_.size(); ++u) {
      const int group = settled_[u].group;
      if (group < 0) continue;
      if (graph_.groups[static_cast<std::size_t>(group)].root != LaneRoot::cpu) continue;
      sum += settled_[u].lanes;
      if (settled_[u].lanes > 1 && (!widest || rank(u) > rank(*widest))) widest = u;
    }
    if (sum <= graph_.processor_lanes || !widest) return;
    settled_[*widest].lanes /= 2;
    settled_[*widest].cut = true;
  }
}

/// Among the cards; drives are taken to rest while these exchange.
void LaneModes::share_uplink() {
  const int generation = lesser(graph_.uplink_generation, graph_.processor_generation);
  if (graph_.uplink_lanes == 0 || generation == 0) return;
  const auto shares = [&](std::size_t u) {
    const int group = settled_[u].group;
    return group >= 0 && users_[u].is_card &&
           graph_.groups[static_cast<std::size_t>(group)].root == LaneRoot::chipset;
  };
  double wanted = 0;
  for (std::size_t u = 0; u < users_.size(); ++u) {
    if (shares(u)) wanted += settled_rate(settled_[u]);
  }
  const double uplink = raw_rate(generation, graph_.uplink_lanes);
  if (wanted <= uplink) return;
  for (std::size_t u = 0; u < users_.size(); ++u) {
    if (shares(u)) settled_[u].shared = uplink / wanted * settled_rate(settled_[u]);
  }
}

std::span<const Settled> LaneModes::settle(const Seats& seats) {
  std::fill(settled_.begin(), settled_.end(), Settled{});
  for (std::size_t u = 0; u < users_.size(); ++u) {
    if (seats[u] && group_[*seats[u]] >= 0 && settled_[u].group < 0)
      settle_group(group_[*seats[u]], seats);
  }
  respect_processor(seats);
  share_uplink();
  return settled_;
}

double settled_rate(const Settled& settled) {
  if (settled.lanes == 0) return 0;
  const double own = raw_rate(settled.generation, settled.lanes);
  return settled.shared > 0 ? std::min(own, settled.shared) : own;
}

BytesPerSecond link_rate(const LaneLink& link) {
  return settled_rate({.lanes = link.lanes,
                       .generation = link.generation,
                       .shared = link.shared.in(byte / second)}) *
         (byte / second);
}

std::vector<LaneLink> lane_links(const LaneGraph& graph, std::span<const LaneUser> users,
                                 const Seats& seats) {
  LaneModes modes(graph, users);
  const std::span<const Settled> settled = modes.settle(seats);
  std::vector<LaneLink> links(users.size());
  for (std::size_t u = 0; u < users.size(); ++u) {
    if (settled[u].group < 0) continue;
    const std::size_t seat = seats[u].value_or(0);
    links[u] = {.slot = graph.connectors[seat].name,
                .root = graph.groups[static_cast<std::size_t>(settled[u].group)].root,
                .generation = settled[u].generation,
                .lanes = settled[u].lanes,
                .why = why(graph, users[u], seat, settled[u]),
                .shared = settled[u].shared * (byte / second)};
  }
  return links;
}

}  // namespace rigor::hardware
