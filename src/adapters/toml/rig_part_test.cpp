// The [[part]] tables of a rig file: names, overrides, slots, and the host they add up to.
#include <doctest/doctest.h>

#include <array>
#include <string>

#include "adapters/toml/entry_reader.hpp"
#include "adapters/toml/rig_reader.hpp"
#include "units/unit_text.hpp"

namespace rigor::adapters {
namespace {

const catalog::Catalog& built_in() {
  static const catalog::Catalog catalog(catalog::packed_catalogue(), &read_entry);
  return catalog;
}

RigFile read(const std::string& parts) {
  Diagnostics diagnostics;
  RigFile file = read_rig("name = \"x\"\n" + parts, "r.toml", built_in(), diagnostics);
  CHECK(to_text(diagnostics).empty());
  return file;
}

std::string problems(std::string_view parts) {
  Diagnostics diagnostics;
  read_rig("name = \"x\"\n" + std::string(parts), "r.toml", built_in(), diagnostics);
  return to_text(diagnostics);
}

struct Case {
  std::string_view keys, complaint;
};

/// Each case stands in a [[part]] of its own: its first key on the third line.
void check_problems(std::span<const Case> cases) {
  for (const auto& [keys, complaint] : cases) {
    CAPTURE(keys);
    CHECK(problems("[[part]]\n" + std::string(keys)) == complaint);
  }
}

constexpr std::array kNames = {
    Case{"count = 2",
         "r.toml:2:1: error: a [[part]] needs ref = \"…\" (catalogue) or name = \"…\"\n"},
    Case{"ref = \"\"",
         "r.toml:3:1: error: unknown entry \"\"\n"
         "  hint: rigor catalog list shows what there is\n"},
    Case{"ref = 3090", "r.toml:3:1: error: ref: a text is wanted, this is a whole number\n"},
    Case{"ref = [\"rtx 3090\"]", "r.toml:3:1: error: ref: a text is wanted, this is a list\n"},
    Case{"ref = \"rtx 3099\"",
         "r.toml:3:1: error: unknown entry \"rtx 3099\"\n"
         "  hint: did you mean \"rtx-3090\"?\n"},
    Case{"ref = \"rtx 3099\"\nmemory = \"24 gb\"\nslto = \"A\"",
         "r.toml:3:1: error: unknown entry \"rtx 3099\"\n  hint: did you mean \"rtx-3090\"?\n"},
    Case{"ref = \"5060 ti\"",
         "r.toml:3:1: error: \"5060 ti\" could be several entries\n"
         "  hint: write one of: gpu/nvidia/rtx-5060-ti-16gb, gpu/nvidia/rtx-5060-ti-8gb\n"},
    Case{"ref = \"rtx 3090\"\nkind = \"gppu\"",
         "r.toml:4:1: error: unknown kind \"gppu\"\n"
         "  hint: did you mean \"gpu\"?\n"},
    Case{"name = \"x\"\nkind = \"architecture\"",
         "r.toml:4:1: error: unknown kind \"architecture\"\n"
         "  hint: one of: gpu, system, cpu, board, memory, drive, psu, case, cooler, fan, ups, "
         "nic, other\n"},
    Case{"ref = \"rtx 3090\"\nkind = \"cpu\"",
         "r.toml:3:1: error: unknown cpu \"rtx 3090\"\n"
         "  hint: rigor catalog list cpu shows what there is\n"},
    Case{"ref = \"llama-3.1-70b\"",
         "r.toml:3:1: error: architecture/llama-3.1-70b is no part of a machine\n"},
    Case{"ref = \"q4_k_m\"", "r.toml:3:1: error: quantization/q4_k_m is no part of a machine\n"},
    Case{"ref = \"80 PLUS Gold\"",
         "r.toml:3:1: error: psu-class/80-plus-gold is no part of a machine\n"},
    Case{"name = 5",
         "r.toml:2:1: error: a [[part]] needs ref = \"…\" (catalogue) or name = \"…\"\n"
         "r.toml:3:1: error: name: a text is wanted, this is a whole number\n"},
};

constexpr std::array kValues = {
    Case{"ref = \"rtx 3090\"\ncount = -1",
         "r.toml:4:1: error: count: -1 is not between 1 and 64\n"},
    Case{"ref = \"rtx 3090\"\ncount = 1000000",
         "r.toml:4:1: error: count: 1000000 is not between 1 and 64\n"},
    Case{"ref = \"rtx 3090\"\nprice = 750",
         "r.toml:4:1: error: price: a price needs its currency\n"
         "  hint: write it like \"2225 ILS\"\n"},
    Case{"ref = \"rtx 3090\"\nprice = \"-750 USD\"",
         "r.toml:4:1: error: price: a price is not negative\n"},
    Case{"ref = \"rtx 3090\"\nbought = 2026",
         "r.toml:4:1: error: bought: a text is wanted, this is a whole number\n"},
    Case{"ref = \"rtx 3090\"\nbord_power = \"300 W\"",
         "r.toml:4:1: error: unknown key \"bord_power\" in [[part]]\n"
         "  hint: did you mean \"board_power\"?\n"},
    Case{"ref = \"rtx 3090\"\nslots_ = 3",
         "r.toml:4:1: error: unknown key \"slots_\" in [[part]]\n"
         "  hint: did you mean \"slots\" or \"slot\"?\n"},
    Case{"ref = \"rtx 3090\"\nsocket = \"AM5\"",
         "r.toml:4:1: error: unknown key \"socket\" in [[part]]\n"
         "  hint: a part of kind gpu may have: vendor, architecture, compute_capability, released, "
         "memory, memory_usable, memory_type, memory_bus, memory_bandwidth, fp32, fp16_tensor, "
         "bf16_tensor, fp8_tensor, fp4_tensor, int8_tensor, pcie_generation, pcie_lanes, "
         "nvlink_bandwidth, board_power, lowest_power_limit, idle_power, max_noise, peak.100us, "
         "peak.1ms, peak.10ms, peak.100ms, power_connectors, length, slots, cooling, form_factor, "
         "chip, msrp, ref, kind, name, count, slot, price, bought, nvlink, riser\n"},
    Case{"name = \"desk\"\nmemory = \"24 GiB\"",
         "r.toml:4:1: error: unknown key \"memory\" in [[part]]\n"
         "  hint: a part of kind other may have: ref, kind, name, count, slot, price, bought\n"},
    Case{"ref = \"rtx 3090\"\nmemory = 24",
         "r.toml:4:1: error: memory: a text with its unit is wanted here\n"
         "  hint: write it like \"24 GiB\"\n"},
    Case{"ref = \"rtx 3090\"\nmemory = \"24 W\"",
         "r.toml:4:1: error: memory: \"24 W\" has the wrong kind of unit here\n"
         "  hint: write something like \"24 GiB\"\n"},
    Case{"ref = \"rtx 3090\"\nmemory = \"-24 GiB\"",
         "r.toml:4:1: error: memory: -24 GiB is not plausible (expected 2 GiB to 1024 GiB)\n"},
    Case{"ref = \"rtx 3090\"\nboard_power = \"300 kW\"",
         "r.toml:4:1: error: board_power: 300 kW is not plausible (expected 20 W to 2000 W)\n"},
    Case{"ref = \"ax1600i\"\npcie_8pin = -4",
         "r.toml:4:1: error: pcie_8pin: -4 is not plausible (expected 0 to 32)\n"},
    Case{"ref = \"rtx 3090\"\nmemory = { value = \"24 GiB\", origin = \"rumour\" }",
         "r.toml:4:1: error: unknown origin \"rumour\"\n"
         "  hint: write vendor_spec, measured, derived or assumed\n"},
    Case{"name = \"my card\"\nkind = \"gpu\"",
         "r.toml:2:1: error: \"vendor\" is missing\n"
         "r.toml:2:1: error: \"memory\" is missing\n"
         "r.toml:2:1: error: \"memory_bandwidth\" is missing\n"},
    Case{"name = \"my card\"\nkind = \"gpu\"\nmemory = \"24 gb\"",
         "r.toml:5:1: error: memory: unknown unit \"gb\" in \"24 gb\"\n"
         "  hint: did you mean \"GB\" or \"GiB\" or \"PB\"?\n"},
};

constexpr std::string_view kBoard =
    "[[part]]\nref = \"board/asus/proart-x870e-creator-wifi\"\n[[part]]\nref = \"rtx 3090\"\n";

}  // namespace

TEST_CASE("a part must be known, and be a part") {
  check_problems(kNames);
}
TEST_CASE("the values of a part are judged as the catalogue's are") {
  check_problems(kValues);
}

TEST_CASE("a slot is on the board and holds one thing") {
  struct Slots {
    std::string_view keys, complaint;
  };
  for (const auto& [keys, complaint] :
       {Slots{"slot = \"PCIEX16(G5)_1\"", ""},
        Slots{"count = 2\nslot = [\"PCIEX16(G5)_1\", \"PCIEX16(G5)_2\"]", ""},
        Slots{"count = 2\nslot = \"PCIEX16(G5)_1\"", ""},
        Slots{"slot = \"PCIEX16(G5)_3\"",
              "r.toml:4:1: error: ASUS ProArt X870E-Creator WiFi has no slot \"PCIEX16(G5)_3\"\n"
              "  hint: did you mean \"PCIEX16(G5)_1\" or \"PCIEX16(G5)_2\" or \"PCIEX16(G4)\"?\n"},
        Slots{"slot = \"left\"",
              "r.toml:4:1: error: ASUS ProArt X870E-Creator WiFi has no slot \"left\"\n"
              "  hint: the board has: PCIEX16(G5)_1, PCIEX16(G5)_2, PCIEX16(G4), M.2_1, M.2_2, "
              "M.2_3, M.2_4\n"},
        Slots{"slot = [\"PCIEX16(G5)_1\", \"PCIEX16(G5)_2\"]",
              "r.toml:6:1: error: 2 slots for 1 x NVIDIA GeForce RTX 3090\n"
              "  hint: write count = 2, or name fewer slots\n"},
        Slots{"slot = [\"PCIEX16(G5)_1\", \"PCIEX16(G5)_2\"]\ncount = 0",
              "r.toml:7:1: error: count: 0 is not between 1 and 64\n"},
        Slots{"count = 2\nslot = [\"PCIEX16(G5)_1\", \"PCIEX16(G5)_1\"]",
              "r.toml:4:1: error: slot \"PCIEX16(G5)_1\" holds NVIDIA GeForce RTX 3090 already\n"
              "  hint: give this part another slot\n"},
        Slots{"slot = \"M.2_1\"\n[[part]]\nref = \"990 pro 2tb\"\nslot = \"M.2_1\"",
              "r.toml:7:1: error: slot \"M.2_1\" holds NVIDIA GeForce RTX 3090 already\n"
              "  hint: give this part another slot\n"},
        Slots{"slot = 1", "r.toml:6:1: error: slot: a text or a list of texts is wanted\n"}}) {
    CAPTURE(keys);
    CHECK(problems(std::string(kBoard) + std::string(keys)) == complaint);
  }
}

TEST_CASE("without a board any slot will do, but only once") {
  CHECK(problems("[[part]]\nref = \"rtx 3090\"\nslot = \"left\"\n").empty());
  CHECK(problems("[[part]]\nref = \"rtx 3090\"\nslot = \"left\"\n"
                 "[[part]]\nname = \"box\"\nslot = \"left\"\n") ==
        "r.toml:5:1: error: slot \"left\" holds NVIDIA GeForce RTX 3090 already\n"
        "  hint: give this part another slot\n");
}

TEST_CASE("the file's own values override the catalogue's and say where they come from") {
  const RigFile file = read(
      "[[part]]\nref = \"rtx 3090\"\nname = \"my card\"\nboard_power = \"250 W\"\n"
      "memory_usable = { value = \"24000 MiB\", origin = \"measured\", as_of = 2026-02-01 }\n");
  CHECK(file.rig.parts[0].name == "my card");
  CHECK(file.rig.accelerators[0].board_power == 250 * watt);
  CHECK(file.rig.accelerators[0].usable == 24000 * MiB);
  CHECK_FALSE(file.rig.accelerators[0].usable_is_assumed);
  const catalog::Field* power = file.entries[0].find("board_power");
  CHECK(power->provenance.origin == catalog::Origin::assumed);
  CHECK(power->provenance.cite == "r.toml");
  CHECK(to_text(power->where) == "r.toml:5:1");
  const catalog::Field* usable = file.entries[0].find("memory_usable");
  CHECK(usable->provenance.origin == catalog::Origin::measured);
  CHECK(usable->provenance.as_of == "2026-02-01");
}

TEST_CASE("a card the catalogue does not know is described in the file") {
  const RigFile file = read(
      "[[part]]\nname = \"My Card\"\nkind = \"gpu\"\ncount = 2\nvendor = \"AMD\"\n"
      "memory = \"20 GiB\"\nmemory_bandwidth = \"800 GB/s\"\n");
  CHECK(file.rig.parts[0].id.empty());
  CHECK(file.entries[0].id == "gpu/my-card");
  REQUIRE(file.rig.accelerators.size() == 2);
  CHECK(file.rig.accelerators[1].vendor == hardware::Vendor::amd);
  CHECK(file.rig.accelerators[1].usable == 0.995 * (20 * GiB));
}

TEST_CASE("the host is the processor and the modules it is given") {
  constexpr std::string_view kModules = R"([[part]]
name = "modules"
kind = "memory"
speed = "6400 MT/s"
modules = 2
module_capacity = "32 GiB"
)";
  const std::string cpu = "[[part]]\nref = \"cpu/amd/ryzen-9-9950x\"\n";
  const std::string slow =
      "[[part]]\nname = \"old\"\nkind = \"memory\"\nspeed = \"4800 MT/s\"\n"
      "modules = 1\nmodule_capacity = \"16 GiB\"\ncount = 2\n";
  const hardware::Host host = read(cpu + std::string(kModules)).rig.host;
  CHECK(host.processor == "AMD Ryzen 9 9950X");
  CHECK(host.cores == 16);
  CHECK(host.memory == 64 * GiB);
  CHECK(to_text(host.bandwidth) == "102.4 GB/s");  // 2 channels x 6400 MT/s x 8 B
  const hardware::Host mixed = read(cpu + std::string(kModules) + slow).rig.host;
  CHECK(mixed.memory == 96 * GiB);
  CHECK(to_text(mixed.bandwidth) == "76.8 GB/s");  // the slowest module decides
  CHECK(read(cpu).rig.host.bandwidth == BytesPerSecond{});
  CHECK(read(std::string(kModules)).rig.host.memory == 64 * GiB);
}

TEST_CASE("a whole machine is accelerator and host at once") {
  const hardware::Rig rig = read("[[part]]\nref = \"dgx spark\"\n").rig;
  REQUIRE(rig.accelerators.size() == 1);
  CHECK(rig.accelerators[0].unified);
  CHECK(rig.host.memory == 128 * GiB);
  CHECK(to_text(rig.host.bandwidth) == "273.0 GB/s");
}

}  // namespace rigor::adapters
