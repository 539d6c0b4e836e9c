// The links of users whose places are known: which mode every group of lanes is in, and what that
// leaves each of them. A part of lanes.hpp. Layer 2.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "hardware/lanes.hpp"

namespace rigor::hardware {

/// Connector of every user, by index.
using Seats = std::vector<std::optional<std::size_t>>;

/// Links of those that have a place; the others stay empty. A group takes the mode that gives
/// lanes to most of those that sit on it, then the one whose narrowest card is widest.
std::vector<LaneLink> lane_links(const LaneGraph& graph, std::span<const LaneUser> users,
                                 const Seats& seats);

/// One way, the share of an uplink counted. Generation unknown: 3.
BytesPerSecond link_rate(const LaneLink& link);

}  // namespace rigor::hardware
