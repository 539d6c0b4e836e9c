#include "catalog/parts.hpp"

#include <algorithm>

#include "catalog/field_reader.hpp"

namespace rigor::catalog {
namespace {

/// macOS lets the GPU wire about three quarters of unified memory; other unified machines state
/// their share.
constexpr double kUnifiedShare = 0.75;

Bytes usable_memory(FieldReader& reader, hardware::Accelerator& result) {
  if (reader.has("memory_usable")) {
    result.usable_is_assumed = false;
    return reader.quantity<Bytes>("memory_usable");
  }
  if (!result.unified) return hardware::kUsableShare * result.memory;
  result.usable_is_assumed = !reader.has("gpu_memory_fraction");
  return reader.fraction("gpu_memory_fraction", kUnifiedShare) * result.memory;
}

}  // namespace

hardware::Accelerator to_accelerator(const Entry& entry, Diagnostics& diagnostics) {
  FieldReader reader(entry, diagnostics);
  for (const char* key : {"vendor", "memory", "memory_bandwidth"}) reader.require(key);
  hardware::Accelerator result;
  result.id = entry.id;
  result.name = entry.name;
  result.vendor = hardware::parse_vendor(reader.text("vendor"));
  result.architecture = reader.text("architecture");
  result.compute_capability = reader.text("compute_capability");
  result.memory = reader.quantity<Bytes>("memory");
  result.unified = reader.flag("unified");
  result.usable = usable_memory(reader, result);
  result.bandwidth = reader.quantity<BytesPerSecond>("memory_bandwidth");
  result.fp32 = reader.quantity<FlopsPerSecond>("fp32");
  result.fp16 = reader.quantity<FlopsPerSecond>("fp16_tensor");
  result.bf16 = reader.quantity<FlopsPerSecond>("bf16_tensor");
  result.fp8 = reader.quantity<FlopsPerSecond>("fp8_tensor");
  result.fp4 = reader.quantity<FlopsPerSecond>("fp4_tensor");
  result.int8 = reader.quantity<FlopsPerSecond>("int8_tensor");
  result.pcie_generation = static_cast<int>(reader.count("pcie_generation"));
  result.pcie_lanes = static_cast<int>(reader.count("pcie_lanes"));
  result.nvlink = reader.quantity<BytesPerSecond>("nvlink_bandwidth");
  result.board_power = reader.quantity<Watts>(reader.has("power") ? "power" : "board_power");
  result.lowest_power_limit = reader.quantity<Watts>("lowest_power_limit");
  return result;
}

ProcessorFacts to_processor(const Entry& entry, Diagnostics& diagnostics) {
  FieldReader reader(entry, diagnostics);
  ProcessorFacts facts;
  facts.architecture = reader.text("architecture");
  facts.cores = static_cast<int>(reader.count("cores"));
  facts.channels = static_cast<int>(reader.count("memory_channels"));
  facts.memory_speed = reader.quantity<Hertz>("memory_speed");
  facts.bandwidth_limit = reader.quantity<BytesPerSecond>("memory_bandwidth_limit");
  return facts;
}

KitFacts to_kit(const Entry& entry, Diagnostics& diagnostics) {
  FieldReader reader(entry, diagnostics);
  return {static_cast<int>(reader.count("modules")), reader.quantity<Bytes>("module_capacity"),
          reader.quantity<Hertz>("speed")};
}

hardware::Drive to_drive(const Entry& entry, Diagnostics& diagnostics) {
  FieldReader reader(entry, diagnostics);
  hardware::Drive drive;
  drive.name = entry.name;
  drive.read = reader.quantity<BytesPerSecond>("sequential_read");
  drive.write_is_burst = !reader.has("sustained_write");
  drive.write = reader.quantity<BytesPerSecond>(drive.write_is_burst ? "sequential_write"
                                                                     : "sustained_write");
  return drive;
}

BytesPerSecond port_rate(const Entry& entry, Diagnostics& diagnostics) {
  FieldReader reader(entry, diagnostics);
  if (entry.kind() == "nic") return reader.quantity<BytesPerSecond>("speed");
  BytesPerSecond fastest;
  for (const std::string& port : reader.texts(entry.kind() == "board" ? "nics" : "network")) {
    const Result<BytesPerSecond> rate = parse<BytesPerSecond>(port, "10 Gbit/s");
    if (rate) fastest = std::max(fastest, *rate);  // other texts name what is no Ethernet
  }
  return fastest;
}

BytesPerSecond host_bandwidth(const ProcessorFacts& processor, int modules, Hertz speed) {
  const int channels = std::min(processor.channels, modules);
  const BytesPerSecond populated = static_cast<double>(channels) * (8 * byte) * speed;
  if (processor.bandwidth_limit > BytesPerSecond{})
    return std::min(populated, processor.bandwidth_limit);
  return populated;
}

}  // namespace rigor::catalog
