// What the other buffers of a log tell of the run's settings: how the cache is stored, which layers
// lie where, how often the graph's inputs are copied. Never what the buffers' sizes are. Layer 7.
#pragma once

#include <array>
#include <cstdint>

#include "estimate/network.hpp"
#include "evidence/llama_row.hpp"
#include "workload/placement.hpp"

namespace rigor::evidence {

/// On what a setting rests.
enum class Basis : std::uint8_t {
  stated,   ///< by the row, or the program's only way
  log,      ///< other rows of the log show it
  thread,   ///< read where the log was posted
  assumed,  ///< the program's default
};

/// How one layer's cache is laid out.
enum class CacheForm : std::uint8_t {
  heads,                  ///< keys and values of every head that has them
  latent,                 ///< MLA: the compressed vector
  latent_and_transposed,  ///< MLA: and a transposed copy of it in F16
  expanded,               ///< MLA: keys and values of all heads
};

struct CacheSetting {
  CacheForm form = CacheForm::heads;
  const llm::TensorType* keys = nullptr;
  const llm::TensorType* values = nullptr;
  Basis basis = Basis::stated;
  double least = 1.0, most = 1.0;  ///< other settings that are as possible, relative to this one

  /// More than the elements' type is open: a latent cache may be kept whole or compressed.
  [[nodiscard]] bool is_open() const { return most > 4.0 * least; }
};

/// Cells of a layer: since 2025 mainline keeps no more than the window and the tokens under way.
double cache_cells(const LlamaRun& run, const llm::LayerCache& cache);
/// Cache of one layer of the run.
Bytes layer_cache(const LlamaRun& run, const estimate::Network& network, std::size_t layer,
                  const CacheSetting& setting);
Bytes whole_cache(const LlamaRun& run, const estimate::Network& network,
                  const CacheSetting& setting);
/// The least a cache of this network can take: 4-bit elements, latent where the network allows it.
Bytes least_cache(const LlamaRun& run, const estimate::Network& network);

/// Requires: the run's context is known.
CacheSetting cache_setting(const LlamaRun& run, const estimate::Network& network);

/// Main layers by place, the host's first.
struct LayerPlan {
  bool known = false;
  Basis basis = Basis::assumed;
  int devices = 0;  ///< 0: the host alone
  int host_layers = 0;
  std::array<std::int16_t, workload::kMostDevices> layers = {};

  [[nodiscard]] int first(int device) const;
  [[nodiscard]] int on(int device) const;
};
LayerPlan layer_plan(const LlamaRun& run, const estimate::Network& network,
                     const CacheSetting& setting);

/// How many devices the run used, whatever the machine has.
int devices_used(const LlamaRun& run);

/// Do routed experts stay in host memory?
bool keeps_experts_on_host(const LlamaRun& run);

}  // namespace rigor::evidence
