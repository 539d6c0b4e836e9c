// Host memory of training: states and hidden states that were offloaded, and what the processes
// hold while they load the network. Layer 5.
#pragma once

#include "estimate/memory/training_memory.hpp"

namespace rigor::estimate {

/// Adds to `host` the larger of two moments, loading and training. The host is one machine with all
/// devices of the placement. Low: the states alone; expected: with the engine's buffers.
void training_host(const FineTuneCase& input, DeviceMemory& host);

/// Gradients as they lie beside an offloaded optimizer, in the precision that the host steps in.
Bytes host_gradients(const FineTuneCase& input, Bytes on_device);

}  // namespace rigor::estimate
