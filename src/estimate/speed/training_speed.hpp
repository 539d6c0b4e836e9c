// How long one optimizer step takes: matrix products and attention of the forward, backward and
// recomputed passes, expanding quantized weights, the optimizer, what goes over links, and
// launches. Layer 5.
//
// Formulas, sources and errors: docs/models/31-training-speed.md.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "estimate/memory/training_memory.hpp"
#include "estimate/speed/inference_speed.hpp"

namespace rigor::estimate {

enum class StepTerm : std::uint8_t {
  forward,
  backward,
  recompute,      ///< forward again under checkpointing
  attention,      ///< scores and their gradients, all passes
  dequantize,     ///< quantized weights expanded before they are multiplied
  optimizer,      ///< on the device or the host
  communication,  ///< what is not hidden behind computing
  transfer,       ///< states and gradients to the host and back
  bubble,         ///< stages of a pipeline that wait
  launch,         ///< kernels, where they take longer than the work they start
  network,        ///< gradients or parameters to other machines, as far as they are not hidden
  storage,        ///< what is offloaded to a drive, there and back
  loading,        ///< samples, where the drive is slower than the rest of the step
  saving,         ///< a checkpoint, spread over the steps between two
};
inline constexpr int kStepTerms = static_cast<int>(StepTerm::saving) + 1;
std::string_view to_text(StepTerm term);

struct TrainingTime {
  std::array<Seconds, kStepTerms> terms = {};
  double tokens = 0;      ///< of one step, all devices of all machines together, padding included
  double useful = 1;      ///< share of them that is no padding
  Bytes data = {};        ///< samples that one machine reads for a step
  Bytes checkpoint = {};  ///< what is written at a time; 0: nothing
  Bytes exchanged = {};   ///< what a machine sends to others at a time; 0: there are none
  /// What the network needs per token, forward and backward, without recomputation: the numerator
  /// of the utilisation.
  double flop_per_token = 0;

  Seconds& operator[](StepTerm term) { return terms[static_cast<std::size_t>(term)]; }
  Seconds operator[](StepTerm term) const { return terms[static_cast<std::size_t>(term)]; }
  [[nodiscard]] Seconds total() const;
  [[nodiscard]] double tokens_per_s() const { return tokens / total().in(second); }
};

/// Machine of a training run: every device the same, every machine the same.
struct TrainingRig {
  Executor device;
  Executor host;
  BytesPerSecond link = {};       ///< from device to device, one way
  BytesPerSecond host_link = {};  ///< from device to host, one way
  BytesPerSecond network = {};    ///< from machine to machine, one way, as collectives reach it
  BytesPerSecond read = {}, write = {};  ///< of the drive, as programs reach them; 0: unknown
};

/// One optimizer step. No allocation.
TrainingTime training_step(const FineTuneCase& input, const TrainingRig& rig);

}  // namespace rigor::estimate
