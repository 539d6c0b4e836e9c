// Memory of inference, in each engine's own layout. One header per engine would repeat this one:
// every estimator has the same shape and `inference_memory` picks it. Formulas:
// docs/models/1x-*.md. Layer 5.
#pragma once

#include <span>

#include "estimate/memory/memory_estimate.hpp"
#include "estimate/network.hpp"
#include "hardware/part.hpp"
#include "workload/engine.hpp"
#include "workload/inference.hpp"
#include "workload/placement.hpp"

namespace rigor::estimate {

/// Everything an inference estimate reads. The accelerators are the rig's; the placement indexes
/// them.
struct InferenceCase {
  const Network& network;
  const workload::Engine& engine;
  const workload::Inference& inference;
  const workload::Placement& placement;
  std::span<const hardware::Accelerator> accelerators;
  const hardware::Host& host;
  workload::Backend backend = workload::Backend::cuda;
  Bytes display_reserve = {};
  int display_device = -1;
  const Network* draft = nullptr;  ///< a small network that drafts on the same devices
};

/// Fills `result` (its previous content is discarded). No allocation.
/// Requires: the placement is legal for the rig (device indices exist, layers sum to the
/// network's).
void inference_memory(const InferenceCase& input, MemoryEstimate& result);

void llama_cpp_memory(const InferenceCase& input, MemoryEstimate& result);
void vllm_memory(const InferenceCase& input, MemoryEstimate& result);
/// The "KV cache size" in tokens that vLLM prints when its pool has this many bytes on a device in
/// this place of the placement. All groups of layers count with the slots they reserve, so it is
/// less than the pool can serve.
double vllm_cache_tokens(const InferenceCase& input, int place, Bytes pool);
void transformers_memory(const InferenceCase& input, MemoryEstimate& result);
void mlx_memory(const InferenceCase& input, MemoryEstimate& result);
void exllama_memory(const InferenceCase& input, MemoryEstimate& result);

}  // namespace rigor::estimate
