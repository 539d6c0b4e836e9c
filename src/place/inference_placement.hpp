// A sound placement for inference when the user gives none: the fewest devices that hold everything, laid out
// as the engine itself would. Layer 6.
#pragma once

#include <span>
#include <string>

#include "estimate/memory/inference_memory.hpp"

namespace rigor::place {

/// What is asked: everything of an inference case but the placement.
struct InferenceQuestion {
  const estimate::Network* network = nullptr;
  const workload::Engine* engine = nullptr;
  workload::Inference inference = {};
  std::span<const hardware::Accelerator> accelerators = {};
  hardware::Host host = {};
  workload::Backend backend = workload::Backend::cuda;
  Bytes display_reserve = {};
  int display_device = -1;
  int most_devices = workload::kMostDevices;  ///< use no more than this many
};

/// A placement with what it needs.
struct InferenceAnswer {
  workload::Placement placement = {};
  estimate::MemoryEstimate memory = {};
  estimate::Verdict verdict = {};
};

/// The estimate of one given placement.
InferenceAnswer evaluate(const InferenceQuestion& question, const workload::Placement& placement);

/// llama.cpp's own rule: device d takes the layers whose share of the stack lies within its share of the
/// devices' memory; the output head counts as one more layer at the end.
void split_layers(const InferenceQuestion& question, workload::Placement& placement);

/// `count` devices used in the engine's way: layers split by memory (llama.cpp, ExLlama), matrices cut within
/// what heads and vocabulary divide, the rest as pipeline stages (vLLM), one device (MLX).
workload::Placement layout(const InferenceQuestion& question, int count);

/// Largest tensor-parallel degree up to `most` that the engine accepts: it divides the heads, and either
/// divides the key-value heads or is a multiple of them.
int tensor_degree(const llm::Architecture& architecture, int most);

/// The answer for the fewest devices that fit; with experts, those of the fewest first layers go to the host
/// when the devices alone do not hold them (llama.cpp). If nothing fits: the answer that uses all devices.
InferenceAnswer choose(const InferenceQuestion& question);

}  // namespace rigor::place
