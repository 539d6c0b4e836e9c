// The compute buffers of llama.cpp and ik_llama.cpp, exactly as their logs print them: the graph of
// one micro-batch is laid out as a build lays it out and replayed through ggml's scheduler and
// allocator. It allocates and takes milliseconds: the reference for `llama_cpp_memory`, and what
// measured logs are compared with. Rules and sources: docs/models/11-llama-cpp-memory.md. Layer 5.
#pragma once

#include <array>
#include <cstdint>

#include "estimate/network.hpp"
#include "workload/inference.hpp"
#include "workload/placement.hpp"

namespace rigor::estimate {

/// Builds whose graphs differ in size. Each stands for those from its own to the next.
enum class LlamaEpoch : std::uint8_t {
  b2800,    ///< mainline, 2024-05
  b6000,    ///< mainline, 2025-08: fused gate, sliding layers keep their window
  b9000,    ///< mainline, 2026-05: fused delta-net, logits of the whole micro-batch
  b10900,   ///< mainline, 2026-08 and later: F16 mask, logits of the slots only
  ik_2025,  ///< ik_llama.cpp, 2025-03-16 to 2025-08
};

/// How queries meet the latent cache in ik_llama.cpp (-mla). Mainline ignores it.
enum class LatentMode : std::uint8_t {
  expanded,    ///< 0: keys and values are expanded when stored, as in other networks
  transposed,  ///< 1: latent cache; without flash attention a transposed copy of it
  computed,    ///< 2: latent cache; values are expanded while attending
  mixed,       ///< 3: 2 for prompts, 1 for single tokens
};

/// Who computes routed experts whose weights stay in host memory.
enum class HostExperts : std::uint8_t {
  processor,     ///< the host itself (-rtr, micro-batches below 32 tokens)
  first_device,  ///< weights are copied to the first device
  own_device,    ///< weights are copied to the device of their layer
};

/// Settings of one graph beside the network's dimensions.
struct LlamaGraph {
  const Network& network;
  LlamaEpoch epoch = LlamaEpoch::b10900;

  std::int64_t cells = 4096;      ///< that one sequence attends to: all when slots share the cache
  std::int64_t window_cells = 0;  ///< of layers with a window; 0: `cells`
  int micro_batch = 512;
  int sequences = 1;  ///< slots; a recurrent state is copied for each
  bool flash_attention = true;
  workload::CacheType key_type = {};
  workload::CacheType value_type = {};

  int devices = 1;  ///< 0: the host computes everything
  /// Layers on each device after `host_layers` on the host; all zero: llama.cpp's equal split.
  std::array<std::int16_t, workload::kMostDevices> layers = {};
  int host_layers = 0;
  int copies = 1;  ///< of the graph's inputs: 4 under layer split, unless built with 1

  int host_expert_layers = 0;  ///< first layers whose routed experts stay in host memory
  HostExperts host_experts = HostExperts::first_device;
  /// Bits per weight of host experts (up, gate, down); 0: as the network stores them.
  std::array<double, 3> expert_bits = {};

  // ik_llama.cpp only.
  LatentMode latent = LatentMode::mixed;
  int attention_limit = 0;          ///< -amb in MiB; 0: none
  bool fused_experts = false;       ///< -fmoe
  bool first_flash_latent = false;  ///< builds before 2025-03-16: keys are put together in F32
};

/// Peaks of the allocators.
struct LlamaBuffers {
  int devices = 0;
  std::array<Bytes, workload::kMostDevices> device = {};
  Bytes host = {};  ///< pinned inputs, and what the host computes
};

/// Whether some attention layers keep a window and others everything. llama.cpp ignores windows
/// that all layers share (Mistral 7B, Phi-3, StarCoder 2).
bool has_windows(const llm::Architecture& architecture);

/// False for mixers without a graph here (Mamba, short convolutions, encoders): `replay` then
/// counts their feed-forward and attention only.
bool has_exact_graph(const Network& network);

/// Requires: `layers` sum to the network's or are all zero; micro_batch > 0.
LlamaBuffers replay(const LlamaGraph& graph);

/// Masks as a device holds them, those of layers with a window included.
Bytes mask_size(const LlamaGraph& graph);
/// Half-precision copies of one layer's quantized keys and values, which CUDA and ROCm builds keep
/// behind the result of flash attention; the largest over the layers.
Bytes flash_scratch(const LlamaGraph& graph);

/// What grows with the cells when attention is not flash attention: scores of all heads, and the
/// transposed latent cache of MLA.
Bytes score_size(const LlamaGraph& graph);

/// llama.cpp's split over equal devices: layer i of n goes to floor(i * devices / (n + 1)), since
/// the output head counts as one more layer at the end.
std::array<std::int16_t, workload::kMostDevices> equal_layers(int layers, int devices);

}  // namespace rigor::estimate
