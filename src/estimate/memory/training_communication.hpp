// Copies of weights and gradients that exist for a while: gathered from other devices, converted to
// another precision, or packed for sending. Layer 5.
#pragma once

#include "estimate/memory/training_memory.hpp"

namespace rigor::estimate {

struct TrainingTransfers {
  Bytes root = {};        ///< FSDP: embedding and head, gathered through the whole pass
  Bytes layer = {};       ///< FSDP: one gathered layer
  Bytes prefetched = {};  ///< FSDP: further layers on their way
  Bytes stage = {};       ///< FSDP under pipeline parallelism: the whole stage stays gathered
  Bytes buffers = {};     ///< buckets, live parameters, copies of gradients under way

  /// While a layer runs.
  [[nodiscard]] Bytes in_layer() const { return root + layer + prefetched + stage + buffers; }
  /// While the loss is computed.
  [[nodiscard]] Bytes in_loss() const { return root + prefetched + buffers; }
};
TrainingTransfers training_transfers(const FineTuneCase& input);

/// 16-bit copies that autocast keeps of F32 weights.
Bytes cast_weights(const FineTuneCase& input);
/// One quantized matrix in 16 bits.
Bytes dequantized_matrix(const FineTuneCase& input);

}  // namespace rigor::estimate
