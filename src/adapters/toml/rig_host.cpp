#include "adapters/toml/rig_host.hpp"

#include <algorithm>

#include "catalog/field_reader.hpp"
#include "catalog/parts.hpp"

namespace rigor::adapters {
namespace {

using catalog::Entry;

const Entry* first_of(const RigFile& rig, std::string_view kind) {
  for (std::size_t i = 0; i < rig.entries.size(); ++i) {
    if (rig.rig.parts[i].kind == kind) return &rig.entries[i];
  }
  return nullptr;
}

void add_system(const Entry& system, Diagnostics& diagnostics, hardware::Host& host) {
  catalog::FieldReader reader(system, diagnostics);
  host.processor = reader.text("cpu", system.name);
  host.cores = static_cast<int>(reader.count("cpu_cores"));
  host.memory = reader.quantity<Bytes>(reader.has("host_memory") ? "host_memory" : "memory");
  host.bandwidth = reader.quantity<BytesPerSecond>(
      reader.has("host_memory_bandwidth") ? "host_memory_bandwidth" : "memory_bandwidth");
}

void add_processor(const RigFile& rig, Diagnostics& diagnostics, hardware::Host& host) {
  catalog::ProcessorFacts processor;
  if (const Entry* cpu = first_of(rig, "cpu")) {
    processor = catalog::to_processor(*cpu, diagnostics);
    host.processor = cpu->name;
    host.id = cpu->id;
    host.architecture = processor.architecture;
    host.cores = processor.cores;
  }
  int modules = 0;
  Hertz speed = {};
  for (std::size_t i = 0; i < rig.rig.parts.size(); ++i) {
    if (rig.rig.parts[i].kind != "memory") continue;
    const catalog::KitFacts kit = catalog::to_kit(rig.entries[i], diagnostics);
    const int count = rig.rig.parts[i].count;
    modules += kit.modules * count;
    host.memory += static_cast<double>(kit.modules * count) * kit.module_capacity;
    speed = modules == kit.modules * count ? kit.speed : std::min(speed, kit.speed);
  }
  host.bandwidth = catalog::host_bandwidth(processor, modules, speed);
}

void add_drive(const Entry& entry, Diagnostics& diagnostics, hardware::Host& host) {
  const hardware::Drive drive = catalog::to_drive(entry, diagnostics);
  if (host.drive.name.empty() || drive.read > host.drive.read) host.drive = drive;
}

void add_port(const Entry& entry, Diagnostics& diagnostics, hardware::Host& host) {
  const BytesPerSecond rate = catalog::port_rate(entry, diagnostics);
  if (rate <= host.network) return;
  host.network = rate;
  host.port = entry.name;
}

}  // namespace

hardware::Host rig_host(const RigFile& rig, Diagnostics& diagnostics) {
  hardware::Host host;
  if (const Entry* system = first_of(rig, "system")) {
    add_system(*system, diagnostics, host);
  } else {
    add_processor(rig, diagnostics, host);
  }
  for (std::size_t i = 0; i < rig.entries.size(); ++i) {
    const std::string& kind = rig.rig.parts[i].kind;
    if (kind == "drive") add_drive(rig.entries[i], diagnostics, host);
    if (kind == "nic" || kind == "board" || kind == "system")
      add_port(rig.entries[i], diagnostics, host);
  }
  return host;
}

}  // namespace rigor::adapters
