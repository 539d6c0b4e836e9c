// What one device holds while inferring: its layers, its share of each matrix, its part of the
// cache. Shared by the estimators of engines that hold whole weights on devices. Layer 5.
//
// Matrices are cut evenly. A key-value head that cannot be cut is repeated; the latent vector of
// MLA is on every device. Embedding and head are cut by vocabulary. Formulas:
// docs/models/12-vllm-memory.md.
#pragma once

#include <cstdint>

#include "estimate/memory/inference_memory.hpp"

namespace rigor::estimate {

/// How many devices one copy of the network spans. The devices of a placement are those of all its
/// copies, or of one that stands for the others.
int devices_of_copy(const workload::Placement& placement);

struct Shard {
  const hardware::Accelerator* accelerator = nullptr;  ///< null: the host alone
  int first = 0, last = 0;                             ///< main layers [first, last)
  int ways = 1;            ///< matrices and heads are cut this many ways
  int expert_ways = 1;     ///< routed experts are spread over this many devices
  bool has_input = true;   ///< holds the token embedding
  bool has_output = true;  ///< holds the output head
};

/// The shard in a place of the placement (not an index into the rig). Stages follow the placement's
/// `layers` when it states them, else the layers are dealt out evenly. Replicas repeat the first
/// one.
Shard shard_at(const InferenceCase& input, int place);
/// The whole network in host memory.
Shard host_shard(const Network& network);

/// Clears `result`, then lets `fill` add the terms of every device's shard, or of the host when no
/// device is used. Capacities and the desktop's reserve are set before.
using Fill = void (*)(const InferenceCase& input, const Shard& shard, DeviceMemory& memory);
void estimate_shards(const InferenceCase& input, MemoryEstimate& result, Fill fill);

/// Bytes of the text network without the token embedding; the output head counts whole when tied to
/// it.
struct ShardWeights {
  Bytes layers = {};     ///< matrices, experts, vectors
  Bytes embedding = {};  ///< token embedding and per-layer embedding
  Bytes head = {};       ///< a tied head is {} where the embedding is on the same device
  Bytes experts = {};    ///< routed experts, part of `layers`
  [[nodiscard]] Bytes sum() const { return layers + embedding + head; }
};
ShardWeights shard_weights(const Network& network, const Shard& shard);

/// How an engine lays out the cache of one sequence.
struct CacheLayout {
  double cells = 0;          ///< cells of a layer that sees everything
  double beside_window = 0;  ///< what a layer keeps beyond its window while a prompt is processed
  bool windows = true;       ///< false: layers with a window keep all cells
  double key_bytes = 2.0, value_bytes = 2.0;  ///< per element
};
/// One cell of one layer on a device that holds 1/ways of the heads.
Bytes cell_bytes(const llm::LayerCache& cache, const llm::Layer& layer, int ways,
                 const CacheLayout& layout);
/// Cells of one layer that are kept for one sequence; compressed entries count by their size.
double cells(const llm::LayerCache& cache, const CacheLayout& layout);
/// Cache of one sequence over the shard's layers.
Bytes cache_bytes(const Network& network, const Shard& shard, const CacheLayout& layout);

/// Recurrent state of one layer: the matrix state in F32, the convolution's inputs in 16 bits.
Bytes state_bytes(const llm::RecurrentState& state, int ways);
/// Of one sequence over the shard's layers.
Bytes state_bytes(const Network& network, const Shard& shard);

/// Widths a token passes through, over all layers.
struct Widths {
  double dense = 0;    ///< widest dense feed-forward
  double routed = 0;   ///< experts per token times their width
  double shared = 0;   ///< shared experts
  double queries = 0;  ///< heads times head dimension, of the widest layer
  double used = 0;     ///< experts per token
  /// The widest feed-forward of one token.
  [[nodiscard]] double live() const { return routed + shared > dense ? routed + shared : dense; }
};
Widths widths(const llm::Architecture& architecture);

Interval counted(const workload::Engine& engine, Bytes expected);
Interval modelled(const workload::Engine& engine, Bytes expected);
/// Runtime context of the backend in use.
Bytes context_bytes(const InferenceCase& input);
/// Longest prompt processed in one pass.
std::int64_t longest_prompt(const workload::Inference& inference);

}  // namespace rigor::estimate
