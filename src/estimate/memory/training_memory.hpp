// Memory of fine-tuning, per device and for the host: states by sharding, activations by
// architecture, attention and checkpointing. Formulas and their checks:
// docs/models/20-training-memory.md. Layer 5.
#pragma once

#include <span>

#include "estimate/memory/memory_estimate.hpp"
#include "estimate/network.hpp"
#include "hardware/part.hpp"
#include "workload/engine.hpp"
#include "workload/finetune.hpp"
#include "workload/placement.hpp"

namespace rigor::estimate {

/// Everything a fine-tuning estimate reads. The network's bytes are those of its 16-bit checkpoint;
/// the method decides how they are held.
struct FineTuneCase {
  const Network& network;
  const workload::Engine& engine;
  const workload::FineTune& finetune;
  const workload::Placement& placement;
  std::span<const hardware::Accelerator> accelerators;
  const hardware::Host& host;
  Bytes display_reserve = {};
  int display_device = -1;
};

/// Fills `result` (its previous content is discarded). No allocation.
/// Requires: the placement is legal for the rig.
void training_memory(const FineTuneCase& input, MemoryEstimate& result);

/// Parameters that are trained: all, the adapters of the targeted matrices, or those plus
/// embeddings.
double trained_parameters(const Network& network, const workload::FineTune& finetune);
/// Elements of one LoRA adapter pair over all layers, per unit of rank: sum of (inputs + outputs)
/// of the targets.
double adapter_width(const Network& network, const std::array<bool, workload::kTargets>& targets);

}  // namespace rigor::estimate
