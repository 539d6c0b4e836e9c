#include "estimate/speed/speed_case.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "estimate/memory/draft_network.hpp"
#include "estimate/memory/inference_shard.hpp"
#include "estimate/speed/transfer.hpp"
#include "hardware/lanes.hpp"

namespace rigor::estimate {
namespace {

using workload::EngineFamily;
using workload::Placement;

/// Sustained clock and 32-bit operations per cycle of a core with two 256-bit multiply-add units.
constexpr double kCoreClock = 3.5e9, kCoreOperations = 32;
constexpr double kOldMatrixRate = 1.0;  ///< cards without matrix units: halves at the plain rate

/// Layers of the stage at `place`: as stated, else evenly.
double layer_share(const Placement& p, int stages, int place, int layers, int on_devices) {
  const double stated = p.layers[static_cast<std::size_t>(place)];
  const bool given = *std::max_element(p.layers.begin(), p.layers.end()) > 0;
  if (given && layers > 0) return stated / layers;
  return 1.0 / stages * on_devices / std::max(1, layers);
}

/// What the host has of a network beside devices: of the layers, and of the routed experts, those
/// of its own layers included.
struct HostShare {
  double layers = 0, experts = 0;
};

HostShare host_share(const InferenceCase& input, int layers) {
  const Placement& p = input.placement;
  if (p.devices == 0) return {1, 1};
  const double kept = static_cast<double>(std::min(p.host_layers, layers)) / std::max(1, layers);
  const int routed = input.network.operations.expert_layers;
  if (routed == 0) return {kept, kept};
  const double moved = std::min(1.0, static_cast<double>(p.host_expert_layers) / routed);
  return {kept, std::max(kept, moved)};
}

void add_host(const InferenceCase& input, const SpeedRig& rig, int layers, SpeedCase& out) {
  const bool alone = input.placement.devices == 0;
  const HostShare share = host_share(input, layers);
  if (share.layers <= 0 && share.experts <= 0) return;
  SpeedStage stage{
      .executor = &rig.host, .layers = share.layers, .experts = share.experts, .has_head = alone};
  if (!alone) stage.fetched_over = rig.host_link;
  out.stage[static_cast<std::size_t>(out.stages++)] = stage;
}

/// Sums go round a ring of the stage's devices.
SpeedLink link_inside(const SpeedRig& rig, const Placement& p, int place, int ways) {
  SpeedLink slowest;
  for (int i = 0; i + 1 < ways || (ways > 2 && i < ways); ++i) {
    const SpeedLink link =
        link_between(rig, p.accelerator(place + i), p.accelerator(place + (i + 1) % ways));
    if (link.is_network) return rig.network_sums;
    if (slowest.rate <= BytesPerSecond{} || link.rate < slowest.rate) slowest = link;
  }
  return slowest;
}

void add_devices(const InferenceCase& input, const SpeedRig& rig, std::span<const Executor> devices,
                 int layers, SpeedCase& out) {
  const Placement& p = input.placement;
  const int ways = std::max(1, p.tensor);
  const int stages = std::max(1, devices_of_copy(p) / ways);
  const int on_devices = layers - std::min(p.host_layers, layers);
  const HostShare host = host_share(input, layers);
  const double with_experts = host.layers < 1 ? (1 - host.experts) / (1 - host.layers) : 0.0;
  for (int i = 0; i < stages; ++i) {
    const int place = i * ways;
    const std::size_t device = p.accelerator(place);
    const std::size_t following = p.accelerator((i + 1) % stages * ways);
    const double share = layer_share(p, stages, place, layers, on_devices);
    out.stage[static_cast<std::size_t>(out.stages++)] = {
        .executor = &devices[device],
        .layers = share,
        .experts = share * with_experts,
        .has_head = i == stages - 1,
        .ways = ways,
        .inside = link_inside(rig, p, place, ways),
        .next = stages > 1 ? link_between(rig, device, following) : SpeedLink{}};
  }
}

}  // namespace

std::string family_of(const hardware::Accelerator& device) {
  if (device.vendor != hardware::Vendor::nvidia) return lower(device.architecture);
  // Chips of one architecture differ by memory and units; workstation cards check their memory.
  const bool consumer = device.name.find("GeForce") != std::string::npos;
  return fmt::format("{} {}{}", lower(device.architecture), device.compute_capability,
                     consumer ? " geforce" : "");
}

std::string engine_name(const workload::Engine& engine) {
  std::string_view id = engine.id;
  constexpr std::string_view kPrefix = "engine/";
  if (id.starts_with(kPrefix)) id.remove_prefix(kPrefix.size());
  return std::string(id.substr(0, id.find('/')));
}

std::string kind_of(const hardware::Accelerator& device) {
  if (device.unified) return "unified";
  // Chips for data centres have stacked memory: compute capability x.0, CDNA and its forerunner.
  const bool stacked = device.vendor == hardware::Vendor::nvidia
                           ? device.compute_capability.ends_with(".0")
                           : lower(device.architecture).starts_with("cdna") ||
                                 lower(device.architecture).starts_with("gcn 5");
  return stacked ? "hbm" : "gddr";
}

SpeedScope scope_of(const hardware::Accelerator& device, const std::string& engine,
                    workload::Backend backend, const std::string& epoch) {
  return {.engine = engine,
          .backend = std::string(workload::to_text(backend)),
          .epoch = epoch,
          .kind = kind_of(device),
          .family = family_of(device),
          .device = device.id};
}

SpeedScope scope_of(const hardware::Host& host, const std::string& engine,
                    const std::string& epoch) {
  return {.engine = engine,
          .backend = std::string(workload::to_text(workload::Backend::cpu)),
          .epoch = epoch,
          .kind = "dimm",
          .family = lower(host.architecture),
          .device = host.id};
}

bool has_half_sums(workload::EngineFamily family) {
  return family == EngineFamily::llama_cpp || family == EngineFamily::exllama;
}

Executor executor_of(const hardware::Accelerator& device, const SpeedConstants& constants,
                     bool half_sums) {
  Executor out{.bandwidth = device.bandwidth, .constants = constants};
  FlopsPerSecond matrix = std::max(device.fp16, device.bf16);
  if (half_sums && device.vendor == hardware::Vendor::nvidia)
    matrix = std::max(matrix, 0.5 * device.int8);
  out.peak = matrix > FlopsPerSecond{} ? matrix : kOldMatrixRate * device.fp32;
  out.plain = device.fp32 > FlopsPerSecond{} ? device.fp32 : out.peak;
  return out;
}

Executor executor_of(const hardware::Host& host, const SpeedConstants& constants) {
  const double rate = std::max(1, host.cores) * kCoreClock * kCoreOperations;
  return {.bandwidth = host.bandwidth,
          .peak = FlopsPerSecond::from_base(rate),
          .plain = FlopsPerSecond::from_base(rate),
          .constants = constants};
}

BytesPerSecond own_bandwidth(const hardware::Accelerator& device) {
  constexpr int kUnknown = 3, kWidest = 16;
  return hardware::pcie_rate(device.pcie_generation > 0 ? device.pcie_generation : kUnknown,
                             device.pcie_lanes > 0 ? device.pcie_lanes : kWidest);
}

BytesPerSecond slot_bandwidth(const hardware::Accelerator& device) {
  hardware::Accelerator seated = device;
  if (device.slot.generation > 0) seated.pcie_generation = device.slot.generation;
  if (device.slot.lanes > 0) seated.pcie_lanes = device.slot.lanes;
  const BytesPerSecond slot = own_bandwidth(seated);
  return device.slot.shared > BytesPerSecond{} ? std::min(slot, device.slot.shared) : slot;
}

BytesPerSecond effective_slot(const hardware::Accelerator& device, double wire) {
  const BytesPerSecond own = own_bandwidth(device), slot = slot_bandwidth(device);
  if (slot >= own) return slot;
  const double share = std::min(1.0, wire / reach_of(Link::host_link).expected);
  return own / (1 + share * (own / slot - 1));
}

bool has_built_in_nvlink(const hardware::Accelerator& device) {
  if (device.nvlink <= BytesPerSecond{}) return false;
  for (const char* module : {"sxm", "gb200", "gb300", "b200", "b300", "h200", "nvl", "mi2", "mi3"})
    if (device.id.find(module) != std::string::npos) return true;
  return false;
}

BytesPerSecond peer_bandwidth(const hardware::Accelerator& device, bool bridged) {
  if (has_built_in_nvlink(device) || (bridged && device.nvlink > BytesPerSecond{}))
    return 0.5 * device.nvlink;
  return slot_bandwidth(device);
}

BytesPerSecond slower(const DeviceLink& one, const DeviceLink& other) {
  const bool bridged = one.bridge >= 0 && one.bridge == other.bridge;
  if (one.machine == other.machine && (bridged || (one.to_all && other.to_all)))
    return std::min(one.nvlink, other.nvlink);
  return std::min(one.slot, other.slot);
}

SpeedLink link_between(const SpeedRig& rig, std::size_t one, std::size_t other) {
  if (rig.peers.empty()) return {};
  const DeviceLink& a = rig.peers[one];
  const DeviceLink& b = rig.peers[other];
  if (a.machine != b.machine) return rig.network;
  return {.rate = slower(a, b)};
}

SpeedCase speed_case(const InferenceCase& input, const SpeedRig& rig, Phase phase) {
  SpeedCase out;
  out.operations = &input.network.operations;
  out.key_bytes = input.inference.key_type.bytes_per_element;
  out.value_bytes = input.inference.value_type.bytes_per_element;
  const bool llama = input.engine.family == EngineFamily::llama_cpp;
  const double stated = input.inference.batch;
  const double engines = input.engine.number(workload::Constant::batched_tokens);
  out.micro_batch = llama ? input.inference.micro_batch : stated > 0 ? stated : engines;
  if (out.micro_batch <= 0) out.micro_batch = 2048;
  out.link = rig.link;
  out.flash_attention = input.inference.flash_attention;
  out.overlaps = llama && input.placement.split == workload::Split::layer;
  const int layers = static_cast<int>(input.network.layers.size());
  const std::vector<Executor>& limited = rig.limited[static_cast<std::size_t>(phase)];
  const std::vector<Executor>& devices = limited.empty() ? rig.devices : limited;
  if (input.placement.devices > 0) add_devices(input, rig, devices, layers, out);
  add_host(input, rig, layers, out);
  return out;
}

SpeedCase mtp_case(const InferenceCase& input, const SpeedCase& target) {
  SpeedCase out = target;
  out.operations = &input.network.drafting;
  out.stages = 0;
  out.overlaps = false;
  if (out.operations->layers <= 0) return out;
  for (int i = 0; i < target.stages; ++i) {
    const SpeedStage& stage = target.stage[static_cast<std::size_t>(i)];
    if (!stage.has_head) continue;
    out.stage[0] = {.executor = stage.executor, .ways = stage.ways};
    out.stages = 1;
  }
  // llama.cpp keeps the layer's cache in F16 whatever the others' type.
  if (input.engine.family == EngineFamily::llama_cpp) out.key_bytes = out.value_bytes = 2;
  return out;
}

SpeedCase draft_case(const InferenceCase& input, const SpeedRig& rig, Phase phase) {
  RIGOR_ASSERT(input.draft != nullptr);
  const workload::Inference inference = draft_inference(input);
  const Placement placement = draft_placement(input.placement, input.network, *input.draft);
  const InferenceCase own{*input.draft, input.engine,  inference, placement, input.accelerators,
                          input.host,   input.backend, {},        -1};
  return speed_case(own, rig, phase);
}

}  // namespace rigor::estimate
