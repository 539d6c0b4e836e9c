// Serving a network: how much context, for how many at once, stored how. Layer 3.
#pragma once

#include <cstdint>

#include "units/quantity.hpp"

namespace rigor::workload {

/// How cache elements are stored. `quantized` types need a half-precision scratch copy in some
/// engines.
struct CacheType {
  double bytes_per_element = 2.0;  ///< f16 2, q8_0 1.0625, q4_0 0.5625, fp8 1
  bool quantized = false;
};

struct Inference {
  std::int64_t context = 4096;  ///< tokens one sequence may hold
  int sequences = 1;            ///< held at the same time
  int batch = 0;                ///< tokens submitted together (llama.cpp -b; vLLM
                                ///< max_num_batched_tokens); 0: the engine's default
  int most_sequences = 0;       ///< vLLM max_num_seqs; 0: the engine's default
  int micro_batch = 512;        ///< tokens computed together (llama.cpp -ub)
  bool flash_attention = true;
  CacheType key_type = {};
  CacheType value_type = {};
  int draft_tokens = 0;        ///< speculative tokens per step from an MTP layer; 0: none
  bool vision = false;         ///< load the vision tower
  double memory_fraction = 0;  ///< share of a device that a preallocating engine may take (vLLM);
                               ///< 0: the engine's default
  bool cuda_graphs = true;
  int prompt = 0;  ///< longest prompt processed in one pass; 0: the whole context
  /// One cache of `context` tokens that all sequences draw from (llama.cpp --kv-unified), instead
  /// of one for each.
  bool shared_cache = false;
  int machines = 1;             ///< equal rigs that hold one network together
  BytesPerSecond network = {};  ///< line rate between machines; 0: the rig's fastest port
};

}  // namespace rigor::workload
