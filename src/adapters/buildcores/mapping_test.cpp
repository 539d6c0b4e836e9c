// Records made into entries: every kind with its units, and what makes a record unusable.
#include "adapters/buildcores/mapping.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>

#include "catalog/schema.hpp"
#include "catalog/value_text.hpp"

namespace rigor::adapters::buildcores {
namespace {

const catalog::Provenance kSource{catalog::Origin::vendor_spec, "cite", "2026-08-17", {}, {}};
const std::vector<Chip> kChips = {
    {"gpu/nvidia/rtx-5060-ti-8gb", {"geforce rtx 5060 ti 8 gb"}, 8},
    {"gpu/nvidia/rtx-5060-ti-16gb", {"geforce rtx 5060 ti 16 gb"}, 16},
    {"gpu/nvidia/rtx-5090", {"nvidia geforce rtx 5090", "geforce rtx 5090"}, 32},
    {"gpu/x/one", {"same"}, 4},
    {"gpu/x/two", {"same"}, 4}};

Mapped mapped(std::string_view folder, const std::string& members,
              const std::string& name = "Acme Part 1") {
  const Result<JsonNode> root = read_json(
      fmt::format(R"({{"metadata": {{"name": "{}", "manufacturer": "Acme"}}, {}}})", name, members),
      "r.json");
  REQUIRE_MESSAGE(root.has_value(), members);
  return map_record(*find_category(folder), *root, kSource, kChips);
}

/// "key=value; key=value" of what was taken, or "!reason".
std::string taken(const Mapped& mapped) {
  if (!mapped.skipped.empty()) return "!" + mapped.skipped;
  std::string text = mapped.entry.base.empty() ? "" : "base=" + mapped.entry.base;
  for (const catalog::Field& field : mapped.entry.fields) {
    if (field.key == "vendor") continue;
    text +=
        fmt::format("{}{}={}", text.empty() ? "" : "; ", field.key, catalog::to_text(field.value));
  }
  return text;
}

bool notes(const Mapped& mapped, std::string_view key, std::string_view why) {
  return std::any_of(mapped.left_out.begin(), mapped.left_out.end(),
                     [&](const LeftOut& value) { return value.key == key && value.why == why; });
}

TEST_CASE("a card states what differs from its chip") {
  const auto card = [](const std::string& members) { return taken(mapped("GPU", members)); };
  CHECK(card(R"("chipset": "GeForce RTX 5090", "memory": 32, "tdp": 575, "length": 304.5,
                "case_expansion_slot_width": 2, "total_slot_width": 2.5, "cooling": "3 Fans",
                "interface": "PCIe 5.0 x16", "power_connectors": {"pcie_12V_2x6": 1})") ==
        "base=gpu/nvidia/rtx-5090; board_power=575 W; length=304.5 mm; slots=2.5; "
        "power_connectors=16-pin; cooling=open");
  CHECK(card(R"("chipset": "GeForce RTX 5060 Ti", "memory": 16, "case_expansion_slot_width": 2,
                "total_slot_width": 0, "cooling": "Hybrid",
                "power_connectors": {"pcie_8_pin": 2, "pcie_6_pin": 1, "pcie_12VHPWR": 0})") ==
        "base=gpu/nvidia/rtx-5060-ti-16gb; slots=2; power_connectors=8-pin, 8-pin, 6-pin; "
        "cooling=liquid");
  // The bracket cannot be wider than the card.
  CHECK(card(R"("chipset": "GeForce RTX 5090", "memory": 32, "case_expansion_slot_width": 4,
                "total_slot_width": 3.5)") == "base=gpu/nvidia/rtx-5090; slots=4");
  CHECK(card(R"("chipset": "GeForce RTX 5060 Ti", "memory": 12, "length": 200)") ==
        "!the catalogue has no such chip with that memory");
  CHECK(card(R"("chipset": "same", "memory": 4, "length": 200)") ==
        "!the catalogue has no such chip with that memory");
  CHECK(card(R"("chipset": "GeForce RTX 5090", "length": 200)") ==
        "!its memory is unknown, so its chip is");
  CHECK(card(R"("memory": 32, "length": 200)") == "!no chipset is named");
  CHECK(card(R"("chipset": "GeForce RTX 5090", "memory": 32)") ==
        "!nothing is known beyond its chip");
  CHECK(notes(mapped("GPU", R"("chipset": "GeForce RTX 5090", "memory": 32, "length": 300,
                               "power_connectors": {"pcie_12VHPWR": 1, "pcie_8_pin": 4})"),
              "power_connectors", "16-pin and 8-pin together: card or adapter?"));
}

TEST_CASE("processors") {
  const std::string whole = R"("microarchitecture": "Zen 5", "socket": "LGA 1700",
      "cores": {"total": 16, "threads": 32}, "clocks": {"performance": {"base": 4.3, "boost": 5.7}},
      "specifications": {"tdp": 170, "ppt": 230, "eccSupport": true,
                         "memory": {"types": ["DDR5"], "channels": 2, "maxSupport": 192}})";
  CHECK(taken(mapped("CPU", whole)) ==
        "architecture=Zen 5; cores=16; threads=32; base_clock=4.3 GHz; boost_clock=5.7 GHz; "
        "tdp=170 W; package_power=230 W; memory_type=DDR5; memory_channels=2; max_memory=192 GiB; "
        "ecc=yes; socket=LGA1700");
  struct Case {
    std::string from, to, outcome;
  };
  for (const auto& [from, to, outcome] :
       {Case{"\"tdp\": 170", "\"tdp\": 0", "!tdp is unknown"},
        Case{"\"threads\": 32", "\"threads\": 8", "!fewer threads than cores"},
        Case{"[\"DDR5\"]", "[]", "!memory_type is unknown"},
        Case{"LGA 1700", "Integrated Atom", "!soldered, or sockets for two processors"},
        Case{"LGA 1700", "2 x LGA 2011", "!soldered, or sockets for two processors"},
        Case{"\"socket\": \"LGA 1700\"", "\"socket\": null", "!socket is unknown"},
        Case{"\"total\": 16", "\"total\": 16000", "!fewer threads than cores"}}) {
    CAPTURE(to);
    std::string members = whole;
    members.replace(members.find(from), from.size(), to);
    CHECK(taken(mapped("CPU", members)) == outcome);
  }
}

TEST_CASE("boards get no lane graph, and channels only where the socket tells") {
  const auto board = [](std::string_view socket, std::string_view chipset, int slots) {
    return mapped("Motherboard",
                  fmt::format(R"("socket": "{}", "chipset": "{}", "form_factor": "SSI CEB",
      "memory": {{"ram_type": "DDR5", "slots": {}, "max": 0}}, "ecc_support": false,
      "power_connectors": {{"cpu_power": ["8-pin", "4+4-pin", "4-pin"]}},
      "onboard_ethernet": [{{"speed": "2.5 Gb/s"}}, {{"speed": "100 Mb/s"}}, {{}}],
      "pcie_slots": [{{"gen": "5.0", "quantity": 2, "lanes": 16}}])",
                              socket, chipset, slots));
  };
  const Mapped am5 = board("AM5", "AMD X870E", 4);
  CHECK(taken(am5) ==
        "socket=AM5; chipset=X870E; form_factor=SSI-CEB; dimm_slots=4; memory_type=DDR5; "
        "memory_channels=2; nics=2.5 Gbit/s, 100 Mbit/s; eps_8pin=2");
  CHECK(am5.entry.find("memory_channels")->provenance.origin == catalog::Origin::derived);
  CHECK(notes(am5, "pcie_slots", "mechanical widths: no lane graph is made of them"));
  CHECK(notes(am5, "ecc_support", "false, which may mean unknown there"));
  CHECK(std::get<std::int64_t>(
            board("sTR5", "AMD TRX50", 4).entry.find("memory_channels")->value) == 4);
  CHECK(std::get<std::int64_t>(board("SP5", "", 1).entry.find("memory_channels")->value) == 1);
  CHECK(taken(board("sTR5", "AMD", 8)) == "!memory_channels is unknown");
  CHECK(taken(board("LGA 4677", "Intel W790", 8)) == "!memory_channels is unknown");
}

TEST_CASE("memory whose fields contradict each other is not taken") {
  const std::string whole = R"("ram_type": "DDR5", "speed": 6400, "form_factor": "288-pin DIMM",
      "modules": {"quantity": 2, "capacity_gb": 32}, "capacity": 64, "cas_latency": 32,
      "voltage": 1.4, "ecc": "Non-ECC", "registered": "Unbuffered")";
  CHECK(taken(mapped("RAM", whole)) ==
        "memory_type=DDR5; module_kind=UDIMM; ecc=no; speed=6400 MT/s; cas=32; voltage=1.4 V; "
        "modules=2; module_capacity=32 GiB");
  CHECK(taken(mapped("RAM", whole, "Kit 64GB ECC Registered")) ==
        "!the name says registered, its field not");
  CHECK(taken(mapped("RAM", whole, "Kit 64GB ECC UDIMM")) ==
        "!the name and the field differ on ECC");
  CHECK(taken(mapped("RAM", whole, "Kit 64GB Non-ECC UDIMM")).starts_with("memory_type"));
  const auto changed = [&](const std::string& from, const std::string& to) {
    std::string members = whole;
    members.replace(members.find(from), from.size(), to);
    return taken(mapped("RAM", members));
  };
  CHECK(changed("\"capacity\": 64", "\"capacity\": 96") ==
        "!the modules do not add up to the kit's capacity");
  CHECK(changed("Unbuffered", "Load Reduced") == "!registered modules without ECC");
  CHECK(changed("Unbuffered", "Whatever") == "!module_kind is unknown");
  CHECK(changed("288-pin DIMM", "262-pin SO-DIMM").find("module_kind=SODIMM") != std::string::npos);
}

TEST_CASE("drives by their interface") {
  struct Case {
    std::string interface, nvme, outcome;
  };
  for (const auto& [interface, nvme, outcome] :
       {Case{"M.2 PCIe 4.0 x4", "true", "interface=nvme; pcie_generation=4; pcie_lanes=4"},
        Case{"M.2 PCIe 3.0 x16", "true", "interface=nvme; pcie_generation=3"},
        Case{"PCIe x8", "null", "interface=nvme"}, Case{"U.2", "true", "interface=nvme"},
        Case{"M.2 SATA", "false", "interface=sata"}, Case{"mSATA", "false", "interface=sata"},
        Case{"SAS 12.0 Gb/s", "false", "interface=sas"}}) {
    CAPTURE(interface);
    const Mapped drive =
        mapped("Storage",
               fmt::format(R"("capacity": 2000, "interface": "{}", "nvme": {})", interface, nvme));
    CHECK(taken(drive) == "capacity=2000 GB; " + outcome);
  }
  CHECK(taken(mapped("Storage", R"("capacity": 40, "interface": "PATA 100")")) ==
        "!an interface that is neither NVMe nor SATA nor SAS");
  CHECK(taken(mapped("Storage", R"("capacity": 512, "interface": "M.2 PCIe 3.0 x4",
                                   "nvme": false)")) ==
        "!an interface that is neither NVMe nor SATA nor SAS");
  CHECK(taken(mapped("Storage", R"("capacity": 512, "interface": null)")) ==
        "!interface is unknown");
  CHECK(taken(mapped("Storage", R"("capacity": 0, "interface": "M.2 SATA")")) ==
        "!capacity is unknown");
  CHECK(taken(mapped("Storage", R"("capacity": 4000, "interface": "SATA 6.0 Gb/s",
        "form_factor": "3.5\"", "storage_type": "HDD")")) ==
        "capacity=4000 GB; media=hdd; interface=sata; form_factor=3.5 in");
}

TEST_CASE("supplies, cases, coolers and UPS") {
  CHECK(taken(mapped("PSU", R"("wattage": 1600, "form_factor": "ATX", "length": 200,
      "efficiency_rating": "80+ Titanium", "connectors": {"eps_8_pin": 2, "pcie_12vhpwr": 2,
      "pcie_6_plus_2_pin": 6, "sata": 12, "molex_4_pin": 0})")) ==
        "power=1600 W; form_factor=ATX; rating=80 PLUS Titanium; eps_8pin=2; pcie_8pin=6; "
        "pcie_16pin=2; sata=12; length=200 mm; efficiency_class=80 PLUS Titanium");
  CHECK(taken(mapped("PSU", R"("wattage": 850, "length": 1500,
                               "cybernetics_efficiency_rating": "Cybenetics Gold")")) ==
        "power=850 W; rating=Cybenetics Gold");
  CHECK(taken(mapped("PSU", R"("wattage": 99999)")) == "!power is unknown");
  CHECK(taken(mapped("PCCase", R"("form_factor": "Open Frame", "expansion_slots": 8,
      "supported_motherboard_form_factors": ["SSI EEB", "ATX"], "max_video_card_length": 400,
      "dimensions_mm": {"width": 240, "height": 0, "depth": 600})")) ==
        "form_factor=open frame; boards=SSI-EEB, ATX; max_gpu_length=400 mm; expansion_slots=8; "
        "width=240 mm; depth=600 mm; open_frame=yes");
  CHECK(taken(mapped("PCCase", R"("form_factor": "HTPC")")) == "!boards is unknown");
  CHECK(taken(mapped("CPUCooler", R"("water_cooled": true, "radiator_size": 360, "height": 52,
      "cpu_sockets": ["sTR4", "LGA 115", "AM5", "2 x G34"], "max_noise_level": 30.2,
      "max_fan_rpm": 1800, "fan_size": 120, "fan_quantity": 3)")) ==
        "kind=aio; height=52 mm; radiator=360 mm; sockets=AM5, LGA1150, LGA1151, LGA1155, LGA1156, "
        "TR4; max_noise=30.2 dBA; max_speed=1800 rpm; fans=3; fan_size=120 mm");
  CHECK(taken(mapped("CPUCooler", R"("water_cooled": false, "radiator_size": 360)")) == "kind=air");
  CHECK(taken(mapped("CPUCooler", R"("height": 150)")) == "!kind is unknown");
  CHECK(taken(mapped("CaseFan", R"("size": 140, "min_airflow": 20, "max_airflow": 82.5,
      "max_noise_level": 24.6, "static_pressure": 2.0)")) ==
        "size=140 mm; airflow=82.5 CFM; max_noise=24.6 dBA");
  CHECK(taken(mapped("CaseFan", R"("size": 360, "max_airflow": 200)")) ==
        "!several fans in one frame");
  CHECK(taken(mapped("CaseFan", R"("size": null, "max_airflow": 60)")) == "!size is unknown");
  CHECK(taken(mapped("UPS", R"("specifications": {"capacity": 1500, "wattage": 1350,
      "topology": "Line-Interactive", "batteryRuntime": 11})")) ==
        "apparent_power=1500 VA; power=1350 W; topology=line-interactive; runtime[0].load=675 W; "
        "runtime[0].time=11 min");
}

TEST_CASE("a record without a usable name or maker is not taken") {
  const auto outcome = [](const std::string& text) {
    const Result<JsonNode> root = read_json(text, "r.json");
    REQUIRE(root.has_value());
    return map_record(*find_category("PSU"), *root, kSource, {}).skipped;
  };
  CHECK(outcome("null") == "not an object");
  CHECK(outcome("[]") == "not an object");
  CHECK(outcome("{}") == "no name");
  CHECK(outcome(R"({"metadata": null, "wattage": 850})") == "no name");
  CHECK(outcome(R"({"metadata": {"name": 5, "manufacturer": "A"}, "wattage": 850})") ==
        "its name is unusable: a whole number where a text is wanted");
  CHECK(outcome(R"({"metadata": {"name": "A\u0000B", "manufacturer": "A"}, "wattage": 850})") ==
        "its name is unusable: control characters or broken UTF-8");
  CHECK(outcome(R"({"metadata": {"name": "A B"}, "wattage": 850})") == "no manufacturer");
  CHECK(outcome(fmt::format(R"({{"metadata": {{"name": "{}", "manufacturer": "A"}}}})",
                            std::string(301, 'x'))) == "a name of more than 300 bytes");
}

TEST_CASE("every category has a kind of the catalogue") {
  for (const Category& category : categories()) CHECK(catalog::find_kind(category.kind) != nullptr);
  CHECK(find_category("Monitor") == nullptr);
}

}  // namespace
}  // namespace rigor::adapters::buildcores
