// How a workload is laid on a rig's devices. A placement is a value: given by the user, or chosen.
// Layer 3.
#pragma once

#include <array>
#include <cstdint>

#include "workload/finetune.hpp"

namespace rigor::workload {

inline constexpr int kMostDevices = 16;

enum class Split : std::uint8_t {
  layer,   ///< whole layers per device, one after the other (pipeline)
  tensor,  ///< every matrix cut across the devices
};

struct Placement {
  int devices = 1;                                    ///< how many are used; 0: the host alone
  std::array<std::int8_t, kMostDevices> device = {};  ///< indices into the rig's accelerators

  /// Index into the rig's accelerators of the device at a place of the placement.
  [[nodiscard]] std::size_t accelerator(int place) const {
    return static_cast<std::uint8_t>(device[static_cast<std::size_t>(place)]);
  }

  // Inference.
  Split split = Split::layer;
  std::array<std::int16_t, kMostDevices> layers = {};  ///< layer split: layers on each device
  int host_layers = 0;         ///< first layers that stay on the host (llama.cpp: all but -ngl)
  int host_expert_layers = 0;  ///< first layers whose routed experts stay on the host (--n-cpu-moe)
  int replicas = 1;            ///< independent copies; the devices are divided among them
  int copies = 1;              ///< of those, how many share one device (more replicas than devices)

  // Parallel degrees; their product times `replicas` is at most `devices`.
  int tensor = 1, pipeline = 1, data = 1, expert = 1;
  int context = 1;          ///< training: devices that share one sequence
  bool all_to_all = false;  ///< they exchange heads (Ulysses) instead of passing keys round

  // Training.
  Sharding sharding = Sharding::none;
  Offload optimizer = Offload::none;
  Offload parameters = Offload::none;
};

}  // namespace rigor::workload
