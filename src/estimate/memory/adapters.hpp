// The size of LoRA adapters: which matrices they stand beside and how wide those are. Layer 5.
#pragma once

#include "estimate/memory/training_memory.hpp"
#include "estimate/memory/training_widths.hpp"

namespace rigor::estimate {

/// Elements of all adapters: as stated, else rank x width of the targets.
double adapter_elements(const Network& network, const workload::FineTune& finetune);

/// Widths of the inputs that one layer's adapters read, one entry per matrix that has an adapter.
struct AdapterInputs {
  double matrices = 0;  ///< summed over the matrices: each keeps a copy of its own
  double distinct =
      0;  ///< summed over distinct inputs: matrices that read the same tensor share it
};
AdapterInputs adapter_inputs(const llm::Architecture& architecture, const LayerWidths& widths,
                             const std::array<bool, workload::kTargets>& targets);

}  // namespace rigor::estimate
