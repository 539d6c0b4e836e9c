// Logits and loss at the end of the forward pass. Layer 5.
#pragma once

#include "estimate/memory/training_memory.hpp"

namespace rigor::estimate {

/// The engine's bytes per token and vocabulary entry, whole or chunk by chunk. None for encoders.
Bytes loss_bytes(const FineTuneCase& input);

}  // namespace rigor::estimate
