#include "catalog/schema.hpp"

#include <array>

#include "catalog/field_specs.hpp"

namespace rigor::catalog {
namespace {

using namespace specs;

constexpr double kGi = 1073741824.0;
constexpr double kTera = 1e12;

constexpr std::array kGpu = {required(text("vendor")),
                             required(text("architecture")),
                             text("compute_capability"),
                             date("released"),
                             required(bytes("memory", 2 * kGi, 1024 * kGi)),
                             bytes("memory_usable", 2 * kGi, 1024 * kGi),
                             text("memory_type"),
                             bus("memory_bus"),
                             required(rate("memory_bandwidth", 3e10, 3e13)),
                             compute("fp32", 5e11, 3e14),
                             compute("fp16_tensor", kTera, 1e16),
                             compute("bf16_tensor", kTera, 1e16),
                             compute("fp8_tensor", kTera, 2e16),
                             compute("fp4_tensor", kTera, 4e16),
                             compute("int8_tensor", kTera, 2e16),
                             count("pcie_generation", 2, 6),
                             count("pcie_lanes", 1, 16),
                             rate("nvlink_bandwidth", 1e10, 4e12),
                             required(power("board_power", 20, 2000)),
                             power("lowest_power_limit", 10, 2000),
                             watts("idle_power", 0.5, 200),
                             level("max_noise"),
                             ratio("peak.100us", 1, 5),
                             ratio("peak.1ms", 1, 5),
                             ratio("peak.10ms", 1, 4),
                             ratio("peak.100ms", 1, 3),
                             texts("power_connectors"),
                             length("length", 0.05, 0.6),
                             real("slots", 0.5, 5),
                             text("cooling"),
                             text("form_factor"),
                             text("chip"),
                             price("msrp")};

constexpr std::array kSystem = {required(text("vendor")),
                                required(text("architecture")),
                                text("compute_capability"),
                                date("released"),
                                required(bytes("memory", 4 * kGi, 2048 * kGi)),
                                bytes("memory_usable", 2 * kGi, 2048 * kGi),
                                required(flag("unified")),
                                text("memory_type"),
                                bus("memory_bus"),
                                required(rate("memory_bandwidth", 2e10, 3e13)),
                                fraction("gpu_memory_fraction"),
                                count("gpu_cores", 1, 1024),
                                compute("fp32", 5e11, 3e14),
                                compute("fp16_tensor", kTera, 1e16),
                                compute("bf16_tensor", kTera, 1e16),
                                compute("fp8_tensor", kTera, 2e16),
                                compute("fp4_tensor", kTera, 4e16),
                                compute("int8_tensor", kTera, 2e16),
                                count("cpu_cores", 1, 512),
                                text("cpu"),
                                bytes("host_memory", 4 * kGi, 4096 * kGi),
                                rate("host_memory_bandwidth", 1e10, 3e12),
                                rate("host_link", 1e9, 2e12),
                                power("power", 5, 5000),
                                texts("network"),
                                storage("storage", 1e11, 1e14),
                                text("form_factor"),
                                price("msrp")};

constexpr std::array kCpu = {required(text("vendor")),
                             text("architecture"),
                             required(count("cores", 1, 512)),
                             required(count("threads", 1, 1024)),
                             frequency("base_clock", 5e8, 6e9, "3.5 GHz"),
                             frequency("boost_clock", 8e8, 8e9, "5.6 GHz"),
                             required(power("tdp", 5, 700)),
                             power("package_power", 5, 1000),
                             required(texts("memory_type")),
                             required(count("memory_channels", 1, 16)),
                             frequency("memory_speed", 1e9, 1.3e10, "5600 MT/s"),
                             rate("memory_bandwidth_limit", 1e10, 1e12),
                             bytes("max_memory", 4 * kGi, 16384 * kGi),
                             count("pcie_generation", 2, 6),
                             count("pcie_lanes", 4, 192),
                             flag("ecc"),
                             flag("registered"),
                             required(text("socket")),
                             flag("avx512"),
                             date("released"),
                             price("msrp")};

constexpr std::array kBoard = {required(text("vendor")),
                               required(text("socket")),
                               text("chipset"),
                               required(text("form_factor")),
                               length("width", 0.1, 0.6),
                               length("depth", 0.1, 0.6),
                               required(count("dimm_slots", 1, 48)),
                               required(text("memory_type")),
                               required(count("memory_channels", 1, 24)),
                               flag("registered"),
                               flag("ecc"),
                               bytes("max_memory", 4 * kGi, 16384 * kGi),
                               count("sata_ports", 0, 32),
                               texts("nics"),
                               flag("bmc"),
                               count("eps_8pin", 0, 4),
                               count("pcie_6pin", 0, 4),
                               watts("power", 5, 300),
                               date("released"),
                               price("msrp"),
                               text("connector[].name"),
                               text("connector[].kind"),
                               count("connector[].size", 1, 16),
                               count("connector[].generation", 1, 6),
                               count("connector[].position", 1, 16),
                               text("lanes[].root"),
                               count("lanes[].lanes", 1, 160),
                               count("lanes[].modes[].*", 0, 16),
                               count("uplink.lanes", 1, 16),
                               count("uplink.generation", 1, 6),
                               text("bios[].architecture"),
                               text("bios[].version")};

constexpr std::array kMemory = {required(text("vendor")),
                                texts("part_numbers"),
                                required(text("memory_type")),
                                required(text("module_kind")),
                                required(flag("ecc")),
                                required(frequency("speed", 1e9, 1.3e10, "6400 MT/s")),
                                count("cas", 5, 80),
                                FieldSpec{"voltage", FieldType::quantity, kVolt, 0.8, 2, "1.4 V"},
                                required(count("modules", 1, 24)),
                                required(bytes("module_capacity", 1 * kGi, 1024 * kGi)),
                                power("module_power", 0.5, 25),
                                price("msrp")};

constexpr std::array kDrive = {required(text("vendor")),
                               texts("part_numbers"),
                               required(storage("capacity", 1e10, 3e14)),
                               text("media"),
                               required(text("interface")),
                               count("pcie_generation", 2, 6),
                               count("pcie_lanes", 1, 16),
                               text("form_factor"),
                               rate("sequential_read", 5e7, 3e10),
                               rate("sequential_write", 5e7, 3e10),
                               rate("sustained_write", 5e7, 3e10),
                               frequency("random_read", 50, 1e7, "1200 kIOPS"),
                               frequency("random_write", 50, 1e7, "1200 kIOPS"),
                               storage("endurance", 1e13, 1e18),
                               power("active_power", 0.1, 40),
                               power("idle_power", 0.001, 20),
                               flag("power_loss_protection"),
                               price("msrp")};

constexpr std::array kPsu = {
    required(text("vendor")),
    texts("part_numbers"),
    required(power("power", 100, 4000)),
    power("power_low_line", 100, 4000),
    power("excursion_power", 100, 4000),
    text("form_factor"),
    text("rating"),
    text("atx_version"),
    count("eps_8pin", 0, 8),
    count("pcie_8pin", 0, 32),
    count("pcie_16pin", 0, 8),
    count("sata", 0, 32),
    count("molex", 0, 16),
    length("length", 0.05, 0.4),
    text("efficiency_class"),
    price("msrp"),
    FieldSpec{"efficiency[].voltage", FieldType::quantity, kVolt, 90, 260, "230 V"},
    fraction("efficiency[].load"),
    fraction("efficiency[].efficiency")};

constexpr std::array kPsuClass = {
    FieldSpec{"efficiency[].voltage", FieldType::quantity, kVolt, 90, 260, "230 V"},
    fraction("efficiency[].load"), fraction("efficiency[].efficiency"), text("issuer")};

constexpr std::array kCase = {required(text("vendor")),
                              texts("part_numbers"),
                              required(text("form_factor")),
                              required(texts("boards")),
                              length("max_gpu_length", 0.1, 1),
                              length("max_cooler_height", 0.02, 0.4),
                              length("max_psu_length", 0.05, 0.5),
                              count("expansion_slots", 0, 24),
                              texts("radiators"),
                              length("width", 0.05, 1.5),
                              length("height", 0.02, 2),
                              length("depth", 0.05, 1.5),
                              flag("open_frame"),
                              price("msrp")};

constexpr std::array kCooler = {required(text("vendor")),
                                texts("part_numbers"),
                                required(text("kind")),
                                length("height", 0.01, 0.3),
                                length("radiator", 0.1, 0.6),
                                texts("sockets"),
                                power("rated_power", 30, 1000),
                                level("max_noise"),
                                frequency("max_speed", 1, 200, "1500 rpm"),
                                count("fans", 0, 8),
                                length("fan_size", 0.03, 0.25),
                                price("msrp")};

constexpr std::array kUps = {
    required(text("vendor")),
    texts("part_numbers"),
    required(power("apparent_power", 200, 50000)),
    required(power("power", 100, 50000)),
    text("topology"),
    FieldSpec{"battery_energy", FieldType::quantity, kEnergy, 1e5, 1e9, "432 Wh"},
    text("battery"),
    price("msrp"),
    power("runtime[].load", 1, 50000),
    FieldSpec{"runtime[].time", FieldType::quantity, kTime, 10, 1e6, "24 min"}};

constexpr std::array kFan = {required(text("vendor")),
                             texts("part_numbers"),
                             required(length("size", 0.03, 0.4)),
                             frequency("max_speed", 1, 300, "1500 rpm"),
                             FieldSpec{"airflow", FieldType::quantity, kFlow, 1e-3, 1, "140 m3/h"},
                             level("max_noise"),
                             power("power", 0.1, 60),
                             price("msrp")};

constexpr std::array kNic = {
    required(text("vendor")),        texts("part_numbers"),
    required(count("ports", 1, 16)), required(line_rate("speed", 1e7, 1e11)),
    count("pcie_generation", 1, 6),  count("pcie_lanes", 1, 16),
    power("power", 0.1, 100),        price("msrp")};

constexpr std::array kChoice = {texts("devices"),
                                texts("llama_cpp"),
                                texts("vllm"),
                                texts("mlx"),
                                texts("exllama"),
                                texts("transformers"),
                                fraction("loss.*"),
                                watts("watts.*", 0.1, 500),
                                ratio("share.*", 0, 2),
                                ratio("factor.*", 0, 100),
                                FieldSpec{"time.*", FieldType::range, kTime, 1, 1e5, "60 s"},
                                FieldSpec{"rise.*", FieldType::range, kKelvin, 1, 60, "10 K"},
                                fraction("mtp"),
                                fraction("mtp_low"),
                                fraction("mtp_high"),
                                fraction("network"),
                                fraction("network_low"),
                                fraction("network_high"),
                                fraction("ngram"),
                                fraction("ngram_low"),
                                fraction("ngram_high"),
                                real("measured_low", 0.1, 1),
                                real("measured_high", 1, 10),
                                power("connector.slot", 1, 1000),
                                power("connector.six_pin", 1, 1000),
                                power("connector.eight_pin", 1, 1000),
                                power("connector.eps", 1, 1000),
                                power("connector.sixteen_pin", 1, 1000),
                                power("connector.cable", 1, 1000),
                                current("connector.pin", 1, 20),
                                current("connector.pin_warning", 1, 20),
                                fraction("link.warning"),
                                fraction("supply.comfort"),
                                fraction("supply.warning"),
                                real("riser.budget_*", 0.1, 60),
                                real("riser.rest_*", 0.1, 60),
                                real("riser.plug", 0.1, 10),
                                real("riser.cable_*", 0.1, 60),
                                bytes("work.system_memory", 0, 64 * kGi),
                                fraction("work.free_drive"),
                                count("work.cores_per_card", 1, 16),
                                ratio("money.*", 0, 100),
                                count("term.horizon", 1, 240),
                                count("term.warranty", 0, 240),
                                FieldSpec{"term.tariff",
                                          FieldType::quantity,
                                          {.energy = -1, .money = 1},
                                          0,
                                          2 / 3.6e6,
                                          "0.15 USD/kWh"},
                                money_per_hour("term.hour_of_work"),
                                text("curve[].name"),
                                texts("curve[].kinds"),
                                FieldSpec{"curve[].months", FieldType::counts, {}, 0, 240, "12"},
                                texts("curve[].shares"),
                                text("accelerator.*")};

constexpr std::array kCloud = {required(text("provider")),
                               required(text("gpu")),
                               required(count("count", 1, 64)),
                               text("instance"),
                               text("region"),
                               count("vcpus", 1, 2048),
                               bytes("host_memory", kGi, 65536 * kGi),
                               money_per_hour("price"),
                               money_per_hour("spot"),
                               money_per_hour("committed"),
                               count("committed_months", 1, 60)};

constexpr std::array kApi = {required(text("provider")), required(text("model")),
                             text("quantization"), money_per_token("input"),
                             required(money_per_token("output"))};

/// Architectures, quantizations and engines are judged by the functions that turn them into values.
constexpr std::array<FieldSpec, 0> kOpen = {};

constexpr std::array kKinds = {
    KindSpec{"gpu", "graphics card or accelerator", kGpu},
    KindSpec{"system", "whole machine or chip with its own memory", kSystem},
    KindSpec{"cpu", "processor", kCpu},
    KindSpec{"board", "mainboard with its lane graph", kBoard},
    KindSpec{"memory", "memory kit", kMemory},
    KindSpec{"drive", "drive", kDrive},
    KindSpec{"psu", "power supply", kPsu},
    KindSpec{"psu-class", "efficiency class of power supplies", kPsuClass},
    KindSpec{"case", "case or frame", kCase},
    KindSpec{"cooler", "processor cooler", kCooler},
    KindSpec{"fan", "case fan", kFan},
    KindSpec{"ups", "uninterruptible power supply", kUps},
    KindSpec{"nic", "network card", kNic},
    KindSpec{"architecture", "network architecture", kOpen},
    KindSpec{"quantization", "how the tensors of a network are stored", kOpen},
    KindSpec{"engine", "software that runs a network", kOpen},
    KindSpec{"choice", "what rigor proposes, in order", kChoice},
    KindSpec{"cloud", "rented machine with its prices", kCloud},
    KindSpec{"api", "network behind an API, priced by tokens", kApi},
};

/// Does `pattern` with "[]" and a trailing "*" describe `key`?
bool matches(std::string_view pattern, std::string_view key) {
  while (!pattern.empty() && !key.empty()) {
    if (pattern == "*") return key.find('[') == std::string_view::npos;
    if (pattern.starts_with("[]") && key.front() == '[') {
      const std::size_t close = key.find(']');
      if (close == std::string_view::npos) return false;
      pattern.remove_prefix(2);
      key.remove_prefix(close + 1);
    } else if (pattern.front() == key.front()) {
      pattern.remove_prefix(1);
      key.remove_prefix(1);
    } else {
      return false;
    }
  }
  return pattern.empty() && key.empty();
}

}  // namespace

std::span<const KindSpec> kinds() {
  return kKinds;
}

const KindSpec* find_kind(std::string_view kind) {
  for (const KindSpec& spec : kKinds) {
    if (spec.kind == kind) return &spec;
  }
  return nullptr;
}

const FieldSpec* find_field(const KindSpec& kind, std::string_view key) {
  for (const FieldSpec& spec : kind.fields) {
    if (spec.key == key || matches(spec.key, key)) return &spec;
  }
  return nullptr;
}

}  // namespace rigor::catalog
