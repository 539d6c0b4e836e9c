#include "hardware/lanes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "hardware/lane_search.hpp"

namespace rigor::hardware {
namespace {

/// Places everything and reads off the links.
class Plan {
 public:
  Plan(const LaneGraph& graph, std::span<const LaneUser> users)
      : graph_(graph), users_(users), seats_(best_seats(graph, users)) {}

  LaneReport report();

 private:
  void add_problems(LaneReport& report) const;

  const LaneGraph& graph_;
  std::span<const LaneUser> users_;
  Seats seats_;
};

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
