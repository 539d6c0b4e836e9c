// From a question's own words (placement, devices, engine) to the stages whose times are added up.
// Layer 5.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "estimate/memory/inference_memory.hpp"
#include "estimate/power/power_limit.hpp"
#include "estimate/speed/calibration.hpp"
#include "estimate/speed/inference_speed.hpp"

namespace rigor::estimate {

/// How one device is joined to the others.
struct DeviceLink {
  BytesPerSecond slot = {};    ///< one way
  BytesPerSecond nvlink = {};  ///< one way, to those it is bridged with
  bool to_all = false;         ///< NVLink is built in and joins all devices of the machine
  int bridge = -1;             ///< devices of one machine with the same number; -1: none
  int machine = 0;
};

/// The machine as the speed estimates see it; made once per question (it allocates).
struct SpeedRig {
  std::vector<Executor> devices;  ///< of the rig's accelerators
  /// The same under a power limit, for every phase; all empty without one.
  std::array<std::vector<Executor>, kPhases> limited = {};
  Executor host;
  BytesPerSecond link = {};            ///< from device to device where `peers` is empty
  BytesPerSecond host_link = {};       ///< from the host to one device
  std::vector<DeviceLink> peers = {};  ///< of the devices
  SpeedLink network = {};              ///< from machine to machine
  SpeedLink network_sums = {};         ///< the same for sums over machines
};

/// From one device to another.
SpeedLink link_between(const SpeedRig& rig, std::size_t one, std::size_t other);
/// A ring is as slow as its slowest part.
BytesPerSecond slower(const DeviceLink& one, const DeviceLink& other);

/// Which measurements speak for a device under an engine.
/// `epoch`: half year of the engine's build, empty for today's.
SpeedScope scope_of(const hardware::Accelerator& device, const std::string& engine,
                    workload::Backend backend, const std::string& epoch = {});
/// The same for the processor.
SpeedScope scope_of(const hardware::Host& host, const std::string& engine,
                    const std::string& epoch = {});
/// Devices that share kernels and a kind of memory: "ada lovelace 8.9 geforce", "rdna 3".
std::string family_of(const hardware::Accelerator& device);
/// By its memory: "gddr", "hbm", "unified".
std::string kind_of(const hardware::Accelerator& device);
/// "llama.cpp" of "engine/llama.cpp/b4000".
std::string engine_name(const workload::Engine& engine);

/// `half_sums`: the engine's kernels add up in 16 bits or multiply in 8, which cards with a halved
/// rate for 32-bit sums (GeForce) do at full speed.
Executor executor_of(const hardware::Accelerator& device, const SpeedConstants& constants,
                     bool half_sums);
/// llama.cpp and ExLlama do.
bool has_half_sums(workload::EngineFamily family);
Executor executor_of(const hardware::Host& host, const SpeedConstants& constants);

/// What the card's own connector carries, one way: generation x lanes.
BytesPerSecond own_bandwidth(const hardware::Accelerator& device);
/// What the slot it sits in leaves of that; all of it where no slot is known.
BytesPerSecond slot_bandwidth(const hardware::Accelerator& device);
/// The link at which a card in a slot narrower than its own is as fast as it will be, when programs
/// were measured to reach the share `wire` of its own: only the time on the wire grows, and of that
/// links give 84 %. Never more than its own, and never slower in a wider slot.
BytesPerSecond effective_slot(const hardware::Accelerator& device, double wire);
/// NVLink joins it with all others of its machine.
bool has_built_in_nvlink(const hardware::Accelerator& device);
/// Between two such cards, one way: NVLink where the module has it built in or a bridge is stated,
/// else the slot.
BytesPerSecond peer_bandwidth(const hardware::Accelerator& device, bool bridged);

/// Stages of one copy of the network, with the devices as they are in a phase. No allocation.
SpeedCase speed_case(const InferenceCase& input, const SpeedRig& rig, Phase phase = Phase::decode);

/// The stages that draft with the network's own MTP layer: one layer and the head, on the device
/// that has the head. `target` is the network's. Without MTP layers there are no stages.
SpeedCase mtp_case(const InferenceCase& input, const SpeedCase& target);
/// Those of the case's draft network. Requires: there is one.
SpeedCase draft_case(const InferenceCase& input, const SpeedRig& rig, Phase phase);

}  // namespace rigor::estimate
