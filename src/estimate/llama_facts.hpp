// What estimates of llama.cpp ask of a network again and again, as plain numbers: sums over layers,
// the widest of them, and the widths behind the closed forms of the compute buffer. Layer 5.
#pragma once

#include <vector>

#include "units/quantity.hpp"

namespace rigor::estimate {

/// Floats per token of a micro-batch that the compute buffer holds at its peak beside masks, by how
/// attention is computed. docs/models/11-llama-cpp-memory.md.
struct GraphWidths {
  double flash = 0;            ///< flash attention
  double flash_quantized = 0;  ///< the same, a quantized cache whose half-precision copy is small
  double room = 0;             ///< copies up to this size find room among freed tensors
  double converting = 0;       ///< beside a larger copy
  double plain = 0;            ///< without flash attention, few cells
  double scores = 0;           ///< beside the scores of all heads
  double state = 0;            ///< recurrent layers: floats per token ...
  double state_of_slot = 0;    ///< ... and further floats of each slot
};

/// Over the layers before one.
struct LayerSums {
  Bytes dense = {};    ///< matrices and vectors without routed experts
  Bytes vectors = {};  ///< of these, what a tensor split does not cut
  Bytes experts = {};
  Bytes state = {};                           ///< recurrent state of one sequence, in F32
  double keys = 0, values = 0;                ///< elements of a cell: layers that see everything
  double window_keys = 0, window_values = 0;  ///< layers with a window
};

struct LlamaFacts {
  /// One more than there are layers; empty: not prepared.
  std::vector<LayerSums> before;
  bool attends = false;                   ///< some layer keeps a cache
  bool windows = false;                   ///< some layers keep a window and others everything
  int heads = 0;                          ///< most query heads
  int kv_heads = 0, window_kv_heads = 0;  ///< most, by reach; 0: one vector for all heads (MLA)
  double queries = 0;                     ///< widest, heads times their dimension
  double dense = 0;                       ///< widest dense feed-forward
  double cell_keys = 0, cell_values = 0;  ///< of one layer that sees everything, the largest
  double window_cell_keys = 0, window_cell_values = 0;
  Bytes layer_experts = {};  ///< routed experts of one layer, the largest
  bool quantized = true;     ///< matrices take less than 16 bits per weight
  GraphWidths graph = {};
};

}  // namespace rigor::estimate
