// Entries made into typed parts. Layer 4.
#pragma once

#include "base/diagnostic.hpp"
#include "catalog/entry.hpp"
#include "hardware/part.hpp"

namespace rigor::catalog {

/// From a "gpu" or "system" entry. Unified systems offer their GPU share of the memory as `usable`.
hardware::Accelerator to_accelerator(const Entry& entry, Diagnostics& diagnostics);

/// What decides the host's memory and its speed.
struct ProcessorFacts {
  std::string architecture;
  int cores = 0;
  int channels = 0;
  Hertz memory_speed = {};              ///< guaranteed transfers per second; 0: unknown
  BytesPerSecond bandwidth_limit = {};  ///< of the die; 0: none beyond its channels
};
struct KitFacts {
  int modules = 0;
  Bytes module_capacity = {};
  Hertz speed = {};
};
ProcessorFacts to_processor(const Entry& entry, Diagnostics& diagnostics);
KitFacts to_kit(const Entry& entry, Diagnostics& diagnostics);

/// From a "drive" entry. Without stated rates they are 0.
hardware::Drive to_drive(const Entry& entry, Diagnostics& diagnostics);
/// Line rate of the fastest network port of a "nic", "board" or "system" entry; 0: none is stated.
BytesPerSecond port_rate(const Entry& entry, Diagnostics& diagnostics);

/// Streaming rate of a host: min(populated channels x transfers/s x 8 B, limit of the die).
/// A kit faster than the processor guarantees is taken at its own speed (it was bought to run so).
BytesPerSecond host_bandwidth(const ProcessorFacts& processor, int modules, Hertz speed);

}  // namespace rigor::catalog
