// PCIe lanes of a board: from its lane graph, the processor and what is plugged in to the link that
// every card and drive gets, and why. What has no stated place goes where the slowest card is
// fastest, found by trying all ways (lane_search.hpp). Layer 2.
//
// Rules and sources: docs/models/35-lanes.md.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "units/quantity.hpp"

namespace rigor::hardware {

enum class LaneRoot : std::uint8_t { cpu, chipset };

/// A place for a card or a drive.
struct Connector {
  std::string name;
  bool is_slot = true;  ///< else a socket or a plug for drives
  int size = 16;        ///< mechanical width
  int generation = 0;   ///< 0: unknown
  int position = 0;     ///< row of the case, 1 next to the processor; 0: unknown
};

/// Lanes that connectors share, and every way in which they may be divided.
struct LaneGroup {
  struct Part {
    std::size_t connector = 0;
    int lanes = 0;
  };
  LaneRoot root = LaneRoot::cpu;
  int lanes = 0;
  std::vector<std::vector<Part>> modes = {};  ///< a connector that a mode leaves out gets none
};

struct LaneGraph {
  std::string board;
  std::vector<Connector> connectors;
  std::vector<LaneGroup> groups;
  int uplink_lanes = 0, uplink_generation = 0;  ///< from the chipset to the processor; 0: unknown
  std::string processor = {};
  int processor_lanes = 0, processor_generation = 0;  ///< for slots and sockets; 0: unknown
};

/// Something to be plugged in.
struct LaneUser {
  std::string name;
  bool is_card = true;            ///< wants a slot; else a drive
  int generation = 0, lanes = 0;  ///< its own; 0: unknown, as the connector's
  double thickness = 2;           ///< rows of the case that a card covers
  bool thickness_is_known = true;
  bool draws_air = false;  ///< a card whose fans suck from the row below it
  std::string slot = {};   ///< where it sits; empty: the best place that is left
};

struct LaneLink {
  std::string slot = {};  ///< empty: no place was left
  bool slot_is_assumed = false;
  LaneRoot root = LaneRoot::cpu;
  int generation = 0, lanes = 0;  ///< as negotiated; no lanes: what sits there does not work
  std::string why = {};           ///< what keeps it below its own; empty when nothing does
  /// Behind a chipset: what the uplink leaves each when all that sits there sends at once. 0: all.
  BytesPerSecond shared = {};
};

/// A contradiction: a card without a place or without lanes.
struct LaneProblem {
  std::size_t user = 0;
  std::string message = {}, hint = {};
};

struct LaneReport {
  std::vector<LaneLink> links;  ///< in the order of the users
  std::vector<LaneProblem> problems;
};

/// Requires: stated slots are connectors of the board, each used once.
LaneReport lane_report(const LaneGraph& graph, std::span<const LaneUser> users);

/// One way, without packet overhead: 0.985 GB/s for a lane of generation 3, each generation twice
/// the one before.
BytesPerSecond pcie_rate(int generation, int lanes);

}  // namespace rigor::hardware
