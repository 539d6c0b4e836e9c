// A board's entry made into its lane graph, with the processor in its socket. Layer 4.
#pragma once

#include "catalog/entry.hpp"
#include "hardware/lanes.hpp"

namespace rigor::catalog {

/// `processor` may be null. An entry without connectors gives an empty graph; what is wrong with
/// an entry is told by lint.
hardware::LaneGraph to_lane_graph(const Entry& board, const Entry* processor);

}  // namespace rigor::catalog
