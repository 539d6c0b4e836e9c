// The widths behind the closed forms of llama.cpp's compute buffer: what the replay's peaks have in
// common over all contexts and micro-batches. Derivation: docs/models/11-llama-cpp-memory.md.
// Layer 5.
#pragma once

#include "estimate/network.hpp"

namespace rigor::estimate {

/// From a few replays of current builds where the network has a graph, else from its widest
/// layers. Allocates.
GraphWidths graph_widths(const Network& network);
/// From the widest layers alone.
GraphWidths widest(const llm::Architecture& architecture);

/// Everything that `llama_cpp_memory` reads of a network beside its tables; `make_network` keeps
/// it. Allocates.
LlamaFacts llama_facts(const Network& network);
/// The same without replays, for networks put together by hand.
LlamaFacts rough_llama_facts(const Network& network);

}  // namespace rigor::estimate
