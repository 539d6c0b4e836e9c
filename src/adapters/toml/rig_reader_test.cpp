#include "adapters/toml/rig_reader.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>

#include "adapters/toml/entry_reader.hpp"

namespace rigor::adapters {
namespace {

const catalog::Catalog& built_in() {
  static const catalog::Catalog catalog(catalog::packed_catalogue(), &read_entry);
  return catalog;
}

/// Reads a rig that must be in order.
hardware::Rig read(const std::string& text) {
  Diagnostics diagnostics;
  RigFile file = read_rig(text, "rig.toml", built_in(), diagnostics);
  CHECK(to_text(diagnostics).empty());
  CHECK(file.entries.size() == file.rig.parts.size());
  return file.rig;
}

/// What is wrong with a rig file, as a person sees it.
std::string problems(std::string_view text) {
  Diagnostics diagnostics;
  read_rig(text, "rig.toml", built_in(), diagnostics);
  return to_text(diagnostics);
}

struct Case {
  std::string_view text, complaint;
};

void check_problems(std::string_view before, std::span<const Case> cases) {
  for (const auto& [text, complaint] : cases) {
    CAPTURE(text);
    CHECK(problems(std::string(before) + std::string(text)) == complaint);
  }
}

constexpr std::string_view kSound = "name = \"x\"\n[[part]]\nref = \"rtx 3090\"\n";

constexpr std::array kFiles = {
    Case{"",
         "rig.toml: error: the file is empty\n"
         "  hint: a rig file starts with name = \"…\" and has [[part]] tables\n"},
    Case{" \n\t\n",
         "rig.toml: error: the file is empty\n"
         "  hint: a rig file starts with name = \"…\" and has [[part]] tables\n"},
    Case{"name = \"x",
         "rig.toml:1:10: error: this is not valid TOML: string: encountered end-of-file\n"
         "  hint: the quote at the end of the text is missing\n"},
    Case{"# a remark",
         "rig.toml:1:1: error: the rig file has no \"name\"\n"
         "rig.toml:1:1: error: the rig has no parts\n"
         "  hint: add a [[part]] with ref = \"gpu/nvidia/rtx-3090\"\n"},
    Case{"name = \"x\"",
         "rig.toml:1:1: error: the rig has no parts\n"
         "  hint: add a [[part]] with ref = \"gpu/nvidia/rtx-3090\"\n"},
    Case{"name = \"x\"\npart = []",
         "rig.toml:1:1: error: the rig has no parts\n"
         "  hint: add a [[part]] with ref = \"gpu/nvidia/rtx-3090\"\n"},
    Case{"name = \"x\"\n[part]\nref = \"rtx 3090\"",
         "rig.toml:2:2: error: the rig has no parts\n"
         "  hint: write [[part]] with two brackets, since there may be several\n"},
    Case{"[[workload]]\nname = \"x\"",
         "rig.toml: error: this is a work file, a rig file is wanted\n"
         "  hint: rigor report RIG --work FILE\n"},
    Case{"name = \"\"\n[[part]]\nref = \"rtx 3090\"",
         "rig.toml:1:1: error: name: a text is wanted, this is empty\n"},
    Case{"name = \"x\"\npart = [\"rtx 3090\"]",
         "rig.toml:2:9: error: a [[part]] is a table\n"
         "  hint: write ref = \"…\" in a table of its own\n"},
    Case{"name = 5\n[[part]]\nref = \"rtx 3090\"",
         "rig.toml:1:1: error: name: a text is wanted, this is a whole number\n"},
    Case{"name = \"x\"\nsumary = \"y\"\n[[part]]\nref = \"rtx 3090\"",
         "rig.toml:2:1: error: unknown key \"sumary\" in the rig file\n"
         "  hint: did you mean \"summary\"?\n"},
    Case{"name = \"x\"\nstated_total = 3487\n[[part]]\nref = \"rtx 3090\"",
         "rig.toml:2:1: error: stated_total: a price needs its currency\n"
         "  hint: write it like \"2225 ILS\"\n"},
    Case{"name = \"x\"\nsite = 3\n[[part]]\nref = \"rtx 3090\"",
         "rig.toml:2:1: error: site: a table [site] is wanted, this is a whole number\n"},
};

// Each stands behind a sound part, on the 4th line.
constexpr std::array kTables = {
    Case{"[site]\nvoltage = 230",
         "rig.toml:5:1: error: voltage: the number has no unit\n"
         "  hint: write it like \"230 V\"\n"},
    Case{"[site]\nvoltage = \"2300 V\"",
         "rig.toml:5:1: error: voltage: \"2300 V\" is not between 90 V and 500 V\n"},
    Case{"[site]\nbreaker = \"16 V\"",
         "rig.toml:5:1: error: breaker: \"16 V\" has the wrong kind of unit here\n"
         "  hint: write something like \"16 A\"\n"},
    Case{"[site]\nbreaker = \"-16 A\"",
         "rig.toml:5:1: error: breaker: \"-16 A\" is not between 1 A and 1000 A\n"},
    Case{"[site]\nvoltige = \"230 V\"",
         "rig.toml:5:1: error: unknown key \"voltige\" in [site]\n"
         "  hint: did you mean \"voltage\"?\n"},
    Case{"[settings]\ndisplay_device = -1",
         "rig.toml:5:1: error: display_device: there is no device -1\n"
         "  hint: write 0 for the rig's only one\n"},
    Case{"[settings]\ndisplay_device = \"0\"",
         "rig.toml:5:1: error: display_device: a whole number is wanted, this is a text\n"},
    Case{"[rates]\nILS = 0.27",
         "rig.toml:5:1: error: ILS: a rate is what one unit is worth in dollars\n"
         "  hint: write ILS = \"0.27 USD\"\n"},
    Case{"[rates]\nILS = \"0 USD\"",
         "rig.toml:5:1: error: ILS: a rate is what one unit is worth in dollars\n"
         "  hint: write ILS = \"0.27 USD\"\n"},
    Case{"[rates]\nILS = \"-1 USD\"",
         "rig.toml:5:1: error: ILS: a rate is what one unit is worth in dollars\n"
         "  hint: write ILS = \"0.27 USD\"\n"},
    Case{"[rates]\nILS = \"3.7 EUR\"",
         "rig.toml:5:1: error: ILS: a rate is what one unit is worth in dollars\n"
         "  hint: write ILS = \"0.27 USD\"\n"},
    Case{"[rates]\nILZ = \"0.27 USD\"",
         "rig.toml:5:1: error: unknown currency \"ILZ\"\n"
         "  hint: did you mean \"ILS\"?\n"},
    Case{"[settings]\ndisplay_device = 1",
         "rig.toml:5:1: error: display_device: there is no device 1\n"
         "  hint: write 0 for the rig's only one\n"},
    Case{"[settings]\ndisplay_reserve = \"600 MiB\"",
         "rig.toml:4:2: error: display_reserve needs display_device\n"
         "  hint: write display_device = 0 for the first card\n"},
    Case{"[settings]\ndisplay_device = 0\ndisplay_reserve = \"600 GiB\"",
         "rig.toml:6:1: error: display_reserve: \"600 GiB\" is not between 0 GiB and 64 GiB\n"},
    Case{"[settings]\ngpu_power_limit = \"250\"",
         "rig.toml:5:1: error: gpu_power_limit: \"250\" has no unit\n"
         "  hint: write the unit after the number, such as \"250 W\"\n"},
    Case{"[system]\nos = { value = \"Debian\", origin = \"rumour\" }",
         "rig.toml:4:2: error: unknown origin \"rumour\"\n"
         "  hint: write vendor_spec, measured, derived or assumed\n"},
};

}  // namespace

TEST_CASE("a rig is its parts, its accelerators, its host and its site") {
  const hardware::Rig rig = read(R"(name = "two cards"
summary = "a rig"
stated_total = "1 USD"
[site]
voltage = "230 V"
breaker = "16 A"
ambient = "25 °C"
tariff = "0.60 ILS/kWh"
noise_ceiling = "35 dBA"
[rates]
ILS = "0.25 USD"
[settings]
gpu_power_limit = "250 W"
display_device = 1
display_reserve = "600 MiB"
[system]
os = "Debian 12"
kernel_parameters = ["quiet", "iommu=pt"]
sysctl = { "vm.swappiness" = 10 }
[[part]]
ref = "rtx 3090"
count = 2
slot = ["A", "B"]
price = "750 USD"
bought = "2026-02"
[[part]]
ref = "celeron g5905"
[[part]]
name = "desk"
price = "100 ILS"
)");
  CHECK(rig.name == "two cards");
  REQUIRE(rig.parts.size() == 3);
  CHECK(rig.parts[0].id == "gpu/nvidia/rtx-3090");
  CHECK(rig.parts[0].slots == std::vector<std::string>{"A", "B"});
  CHECK(to_text(rig.parts[0].where) == "rig.toml:20:1");
  CHECK(rig.parts[2].kind == "other");
  REQUIRE(rig.accelerators.size() == 2);
  CHECK(rig.accelerators[1].memory == 24 * GiB);
  CHECK(rig.host.cores == 2);
  CHECK(rig.host.memory == Bytes{});
  CHECK(rig.site.voltage == Volts::from_base(230));
  CHECK(rig.site.ambient_celsius == 25 * kelvin);
  CHECK(rig.site.tariff == 0.25 * (0.6 * USD / kWh));
  CHECK(rig.site.noise_ceiling == 35);
  CHECK(rig.settings.gpu_power_limit == 250 * watt);
  CHECK(rig.settings.display_device == 1);
  CHECK(rig.settings.display_reserve == 600 * MiB);
  CHECK(*rig.rates.dollars(*rig.parts[2].price) == 25 * USD);
  CHECK(rig.system == std::vector<std::pair<std::string, std::string>>{
                          {"system.os", "Debian 12"},
                          {"system.kernel_parameters", "quiet, iommu=pt"},
                          {"system.sysctl.vm.swappiness", "10"}});
}

TEST_CASE("a file that is no rig says so") {
  check_problems("", kFiles);
}
TEST_CASE("site, rates, settings and system are judged") {
  check_problems(kSound, kTables);
}

TEST_CASE("all problems of a file are reported in one go") {
  CHECK(problems("nam = \"x\"\n[site]\nvoltage = 230\n[[part]]\nref = \"rtx 3099\"\ncount = 0\n"
                 "[[part]]\nref = \"rtx 3090\"\nprice = \"5\"\nmemory = \"24\"\n") ==
        "rig.toml:1:1: error: the rig file has no \"name\"\n"
        "rig.toml:1:1: error: unknown key \"nam\" in the rig file\n"
        "  hint: did you mean \"name\"?\n"
        "rig.toml:3:1: error: voltage: the number has no unit\n"
        "  hint: write it like \"230 V\"\n"
        "rig.toml:5:1: error: unknown entry \"rtx 3099\"\n"
        "  hint: did you mean \"rtx-3090\"?\n"
        "rig.toml:6:1: error: count: 0 is not between 1 and 64\n"
        "rig.toml:9:1: error: price: \"5\" is not a price\n"
        "  hint: write the amount and its currency, such as \"2225 ILS\"\n"
        "rig.toml:10:1: error: memory: \"24\" has no unit\n"
        "  hint: write the unit after the number, such as \"24 GiB\"\n");
}

TEST_CASE("a few words make a rig") {
  struct Words {
    std::string_view typed, name;
    std::size_t devices;
  };
  for (const auto& [typed, name, devices] :
       {Words{"rtx 3090", "NVIDIA GeForce RTX 3090", 1},
        Words{"2x rtx 3090", "2 x NVIDIA GeForce RTX 3090", 2},
        Words{" 2 x 3090 ", "2 x NVIDIA GeForce RTX 3090", 2},
        Words{"4X3090", "4 x NVIDIA GeForce RTX 3090", 4},
        Words{"2× rtx 3090", "2 x NVIDIA GeForce RTX 3090", 2},
        Words{"64x 3090", "64 x NVIDIA GeForce RTX 3090", 64},
        Words{"9070 xt", "AMD Radeon RX 9070 XT", 1}, Words{"dgx spark", "NVIDIA DGX Spark", 1}}) {
    CAPTURE(typed);
    const Result<RigFile> rig = rig_from_words(typed, built_in());
    REQUIRE(rig.has_value());
    CHECK(rig->rig.name == name);
    CHECK(rig->rig.accelerators.size() == devices);
  }
}

TEST_CASE("words that name no device are refused") {
  struct Words {
    std::string_view typed, message;
  };
  for (const auto& [typed, message] :
       {Words{"", "unknown gpu \"\""}, Words{"2x", "unknown gpu \"\""},
        Words{"rtx 3099", "unknown gpu \"rtx 3099\""}, Words{"llama", "unknown gpu \"llama\""},
        Words{"9900x", "unknown gpu \"9900x\""}, Words{"-1x 3090", "unknown gpu \"-1x 3090\""},
        Words{"1.5x 3090", "unknown gpu \"1.5x 3090\""},
        Words{"100x3090", "unknown gpu \"100x3090\""},
        Words{"100x 3090", "the number of devices in \"100x 3090\" is not between 1 and 64"},
        Words{"99999999999x 3090",
              "the number of devices in \"99999999999x 3090\" is not between 1 and 64"},
        Words{"0x 3090", "the number of devices in \"0x 3090\" is not between 1 and 64"},
        Words{"65x 3090", "the number of devices in \"65x 3090\" is not between 1 and 64"},
        Words{"5060 ti", "\"5060 ti\" could be several gpu entries"},
        Words{"mac studio", "\"mac studio\" could be several system entries"}}) {
    CAPTURE(typed);
    const Result<RigFile> rig = rig_from_words(typed, built_in());
    REQUIRE_FALSE(rig.has_value());
    CHECK(rig.error().message == message);
  }
}

TEST_CASE("words that mean something else get a hint") {
  for (const auto& [typed, hint] :
       {std::pair{"2 rtx 3090", "did you mean \"2x rtx 3090\"?"},
        std::pair{"rtx 3090 + rtx 4090",
                  "devices of several kinds need a rig file with a [[part]] for each"},
        std::pair{"llama-3.1-8b",
                  "architecture/llama-3.1-8b is a network: the rig stands before the model"},
        std::pair{"ryzen 9 9950x",
                  "cpu/amd/ryzen-9-9950x is no graphics card and no whole machine; a rig file can "
                  "hold parts"},
        std::pair{"rtx 3099", "did you mean \"rtx-3090\"?"},
        std::pair{"zzz", "rigor catalog list gpu shows what there is"}}) {
    CAPTURE(typed);
    const Result<RigFile> rig = rig_from_words(typed, built_in());
    REQUIRE_FALSE(rig.has_value());
    CHECK(rig.error().hint == hint);
  }
}

TEST_CASE("every card and system of the catalogue makes a rig") {
  for (const char* kind : {"gpu", "system"}) {
    for (const catalog::Catalog::Row& row : built_in().list(kind)) {
      CAPTURE(row.id);
      const Result<RigFile> rig = rig_from_words(row.id, built_in());
      REQUIRE(rig.has_value());
      CHECK(rig->rig.accelerators.size() == 1);
    }
  }
}

}  // namespace rigor::adapters
