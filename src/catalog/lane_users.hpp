// What of a rig is plugged into its board's slots and sockets. Layer 4.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "catalog/entry.hpp"
#include "hardware/lanes.hpp"
#include "hardware/rig.hpp"

namespace rigor::catalog {

/// One piece of a part.
struct PluggedPiece {
  std::size_t part = 0;                         ///< of the rig
  int number = 0;                               ///< of the part's pieces, from 0
  std::optional<std::size_t> accelerator = {};  ///< of the rig
};

/// Pieces and, in the same order, what the lane solver wants to know of them.
struct LaneUsers {
  std::vector<PluggedPiece> pieces;
  std::vector<hardware::LaneUser> users;
};

/// Cards and drives on lanes. Drives on cables and cards of the catalogue for which the file
/// states generation and lanes but no slot sit nowhere. Requires: `entries` match `rig.parts`.
LaneUsers lane_users(const hardware::Rig& rig, std::span<const Entry> entries);

}  // namespace rigor::catalog
