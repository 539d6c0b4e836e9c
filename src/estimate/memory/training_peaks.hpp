// The moments of a training step at which memory may peak, what the caching allocator makes of
// them, and what the driver then reports. Layer 5.
#pragma once

#include <array>

#include "estimate/memory/training_memory.hpp"

namespace rigor::estimate {

enum class Moment : std::uint8_t {
  loss,            ///< end of the forward pass, with the logits
  layer_backward,  ///< backward pass of one layer, everything kept still there
  last_backward,   ///< backward pass of the first layer, all gradients there
  optimizer_step,
};
std::string_view to_text(Moment moment);

using Terms = std::array<Bytes, kTerms>;

struct TrainingPeaks {
  Moment binding = Moment::loss;
  Terms terms = {};          ///< of tensors, at the binding moment
  Bytes between_steps = {};  ///< tensors that are never freed
  Bytes reserved = {};       ///< by the caching allocator; at least the peak
  Bytes irreducible = {};    ///< of it, what stays when the allocator has to give blocks back
  [[nodiscard]] Bytes allocated() const;
};

/// Of the device that holds most. Reads no accelerators. No allocation.
TrainingPeaks training_peaks(const FineTuneCase& input);

/// Driver context and communicators of one process.
Bytes process_overhead(const FineTuneCase& input);

/// What the allocator holds on a device of this capacity (0: unknown): close to full, it gives
/// unused blocks back and tries again.
Bytes held(const TrainingPeaks& peaks, Bytes overhead, Bytes capacity);

/// Half width of a term's interval, as a share of it.
double margin(const workload::Engine& engine, Term term);

}  // namespace rigor::estimate
