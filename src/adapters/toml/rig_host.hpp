// The machine around a rig's accelerators, made of its parts: processor, memory, drive and network
// port. Layer 10.
#pragma once

#include "adapters/toml/rig_reader.hpp"

namespace rigor::adapters {

/// Of drives the one that reads fastest, of network ports (cards, board, whole machines) the
/// fastest. What no part states stays unknown. Requires: `entries` match `rig.parts`.
hardware::Host rig_host(const RigFile& rig, Diagnostics& diagnostics);

}  // namespace rigor::adapters
