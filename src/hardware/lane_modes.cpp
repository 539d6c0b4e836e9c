#include "hardware/lane_modes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "base/text.hpp"

namespace rigor::hardware {
namespace {

using Mode = std::vector<LaneGroup::Part>;

int lanes_in(const Mode& mode, std::size_t connector) {
  for (const LaneGroup::Part& part : mode) {
    if (part.connector == connector) return part.lanes;
  }
  return 0;
}

bool belongs(const LaneGroup& group, std::size_t connector) {
  return std::any_of(group.modes.begin(), group.modes.end(), [&](const Mode& mode) {
    return std::any_of(mode.begin(), mode.end(),
                       [&](const LaneGroup::Part& part) { return part.connector == connector; });
  });
}

/// The smaller; 0 is unknown.
int lesser(int a, int b) {
  return a == 0 || b == 0 ? std::max(a, b) : std::min(a, b);
}

/// Reads off the links of users in their places.
class Links {
 public:
  Links(const LaneGraph& graph, std::span<const LaneUser> users, const Seats& seats)
      : graph_(graph), users_(users), seats_(seats), links_(users.size()) {}

  std::vector<LaneLink> read();

 private:
  [[nodiscard]] std::vector<std::size_t> users_of(const LaneGroup& group) const;
  [[nodiscard]] const Mode* mode_of(const LaneGroup& group,
                                    const std::vector<std::size_t>& users) const;
  void link(const LaneGroup& group, const Mode& mode, std::size_t user);
  [[nodiscard]] std::string why(const LaneGroup& group, const Mode& mode, std::size_t user) const;
  void respect_processor();
  void share_uplink();

  /// Connector of a user that has one.
  [[nodiscard]] std::size_t seat_of(std::size_t user) const { return seats_[user].value_or(0); }

  const LaneGraph& graph_;
  std::span<const LaneUser> users_;
  const Seats& seats_;
  std::vector<LaneLink> links_;
};

std::vector<std::size_t> Links::users_of(const LaneGroup& group) const {
  std::vector<std::size_t> out;
  for (std::size_t u = 0; u < users_.size(); ++u) {
    if (seats_[u] && belongs(group, seat_of(u))) out.push_back(u);
  }
  return out;
}

const Mode* Links::mode_of(const LaneGroup& group, const std::vector<std::size_t>& users) const {
  const Mode* best = nullptr;
  std::tuple<int, int, int> most;
  for (const Mode& mode : group.modes) {
    int served = 0, narrowest = 64, sum = 0;
    for (const std::size_t u : users) {
      const int lanes = lanes_in(mode, seat_of(u));
      served += lanes > 0 ? 1 : 0;
      if (users_[u].is_card && lanes > 0)
        narrowest = std::min(narrowest, lesser(users_[u].lanes, lanes));
      sum += lesser(users_[u].lanes, lanes);
    }
    const std::tuple<int, int, int> now{served, narrowest, sum};
    if (best != nullptr && now <= most) continue;
    best = &mode;
    most = now;
  }
  return best;
}

/// What keeps a link below the user's own.
std::string Links::why(const LaneGroup& group, const Mode& mode, std::size_t user) const {
  const std::size_t seat = seat_of(user);
  const Connector& place = graph_.connectors[seat];
  const int wired = lanes_in(mode, seat);
  std::vector<std::string> reasons;
  std::vector<std::string> others;
  for (const LaneGroup::Part& part : mode) {
    if (part.connector == seat || part.lanes == 0) continue;
    others.push_back(fmt::format("{} x{}", graph_.connectors[part.connector].name, part.lanes));
  }
  if (users_[user].lanes > wired || wired == 0) {
    if (!others.empty()) {
      reasons.push_back(fmt::format("shares {} lanes with {}", group.lanes, join(others, ", ")));
    } else if (wired > 0) {
      reasons.push_back(fmt::format("{} has {} lane{}", place.is_slot ? "the slot" : "the socket",
                                    wired, wired == 1 ? "" : "s"));
    }
  }
  const int own = users_[user].generation;
  if (place.generation > 0 && own > place.generation) {
    reasons.push_back(fmt::format("{} is PCIe {}.0", place.is_slot ? "the slot" : "the socket",
                                  place.generation));
  }
  const int processor = graph_.processor_generation;
  if (group.root == LaneRoot::cpu && processor > 0 && lesser(own, place.generation) > processor)
    reasons.push_back(fmt::format("the processor has PCIe {}.0", processor));
  return join(reasons, "; ");
}

void Links::link(const LaneGroup& group, const Mode& mode, std::size_t user) {
  const Connector& place = graph_.connectors[seat_of(user)];
  LaneLink& link = links_[user];
  link.slot = place.name;
  link.root = group.root;
  const int wired = lanes_in(mode, seat_of(user));
  link.lanes = wired == 0 ? 0 : lesser(users_[user].lanes, wired);
  link.generation = lesser(users_[user].generation, place.generation);
  if (group.root == LaneRoot::cpu)
    link.generation = lesser(link.generation, graph_.processor_generation);
  link.why = why(group, mode, user);
}

/// Lanes of a processor that has fewer than the board is made for: the widest users lose half of
/// theirs, the last ones first, until the sum fits.
void Links::respect_processor() {
  if (graph_.processor_lanes == 0) return;
  for (;;) {
    int sum = 0;
    LaneLink* widest = nullptr;
    for (LaneLink& link : links_) {
      if (link.root != LaneRoot::cpu || link.slot.empty()) continue;
      sum += link.lanes;
      if (link.lanes > 1 && (widest == nullptr || link.lanes >= widest->lanes)) widest = &link;
    }
    if (sum <= graph_.processor_lanes || widest == nullptr) return;
    widest->lanes /= 2;
    widest->why = fmt::format("the processor has {} lanes", graph_.processor_lanes);
  }
}

/// Among the cards; drives are taken to rest while these exchange.
void Links::share_uplink() {
  const int generation = lesser(graph_.uplink_generation, graph_.processor_generation);
  if (graph_.uplink_lanes == 0 || generation == 0) return;
  const auto shares = [&](std::size_t user) {
    return users_[user].is_card && links_[user].root == LaneRoot::chipset &&
           !links_[user].slot.empty();
  };
  BytesPerSecond wanted;
  for (std::size_t u = 0; u < links_.size(); ++u) {
    if (shares(u)) wanted += link_rate(links_[u]);
  }
  const BytesPerSecond uplink = pcie_rate(generation, graph_.uplink_lanes);
  if (wanted <= uplink) return;
  for (std::size_t u = 0; u < links_.size(); ++u) {
    if (shares(u)) links_[u].shared = (uplink / wanted) * link_rate(links_[u]);
  }
}

std::vector<LaneLink> Links::read() {
  for (const LaneGroup& group : graph_.groups) {
    const std::vector<std::size_t> users = users_of(group);
    const Mode* mode = users.empty() ? nullptr : mode_of(group, users);
    if (mode == nullptr) continue;
    for (const std::size_t user : users) link(group, *mode, user);
  }
  respect_processor();
  share_uplink();
  return std::move(links_);
}

}  // namespace

BytesPerSecond link_rate(const LaneLink& link) {
  constexpr int kUnknown = 3;
  const BytesPerSecond own =
      pcie_rate(link.generation > 0 ? link.generation : kUnknown, link.lanes);
  return link.shared > BytesPerSecond{} ? std::min(own, link.shared) : own;
}

std::vector<LaneLink> lane_links(const LaneGraph& graph, std::span<const LaneUser> users,
                                 const Seats& seats) {
  return Links(graph, users, seats).read();
}

}  // namespace rigor::hardware
