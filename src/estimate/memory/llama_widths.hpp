// The widths behind the closed forms of llama.cpp's compute buffer: what the replay's peaks have in
// common over all contexts and micro-batches. Derivation: docs/models/11-llama-cpp-memory.md.
// Layer 5.
#pragma once

#include "estimate/network.hpp"

namespace rigor::estimate {

/// From a few replays of current builds where the network has a graph, else from its widest
/// layers. Allocates; `make_network` calls it once.
GraphWidths graph_widths(const Network& network);

}  // namespace rigor::estimate
