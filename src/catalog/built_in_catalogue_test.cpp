// The catalogue that is compiled in: it is in order, it is large enough, and it knows what it must
// know.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "adapters/toml/entry_reader.hpp"
#include "base/text.hpp"
#include "catalog/architecture_entry.hpp"
#include "catalog/catalog.hpp"
#include "catalog/engine_entry.hpp"
#include "catalog/field_reader.hpp"
#include "catalog/parts.hpp"
#include "catalog/quantization_entry.hpp"
#include "catalog/schema.hpp"

namespace rigor::catalog {
namespace {

const Catalog& catalog() {
  static const Catalog built_in(packed_catalogue(), &adapters::read_entry);
  return built_in;
}

std::vector<const Entry*> entries(std::string_view kind) {
  std::vector<const Entry*> all;
  for (const Catalog::Row& row : catalog().list(kind)) {
    const Result<const Entry*> entry = catalog().entry(row.id);
    REQUIRE_MESSAGE(entry.has_value(), row.id);
    all.push_back(*entry);
  }
  return all;
}

/// How many entries of a kind state a key that starts so.
long stating(std::string_view kind, std::string_view start) {
  const std::vector<const Entry*> all = entries(kind);
  return std::count_if(all.begin(), all.end(), [&](const Entry* entry) {
    return std::any_of(entry->fields.begin(), entry->fields.end(),
                       [&](const Field& field) { return field.key.starts_with(start); });
  });
}

struct Named {
  std::string_view typed, id;
};

/// The parts the users' documents name, as named_parts_coverage.csv writes them.
constexpr std::array kNamed = {
    Named{"RTX PRO 6000 Blackwell Workstation", "gpu/nvidia/rtx-pro-6000-blackwell-workstation"},
    Named{"RTX PRO 6000 Blackwell Max-Q", "gpu/nvidia/rtx-pro-6000-blackwell-max-q"},
    Named{"RTX 5060 Ti 16GB", "gpu/nvidia/rtx-5060-ti-16gb"},
    Named{"Gigabyte GV-N506TWF2-16GD", "gpu/gigabyte/gv-n506twf2-16gd"},
    Named{"RTX 5090", "gpu/nvidia/rtx-5090"},
    Named{"RTX 5080", "gpu/nvidia/rtx-5080"},
    Named{"RTX 4090", "gpu/nvidia/rtx-4090"},
    Named{"RTX 3090", "gpu/nvidia/rtx-3090"},
    Named{"RTX 4060 Ti 16GB", "gpu/nvidia/rtx-4060-ti-16gb"},
    Named{"A100", ""},  // four cards: see below
    Named{"Apple M3 Ultra", "system/apple/m3-ultra"},
    Named{"DGX Spark GB10", "system/nvidia/dgx-spark"},
    Named{"DGX Station GB300", "system/nvidia/dgx-station-gb300"},
    Named{"TR PRO 7975WX", "cpu/amd/threadripper-pro-7975wx"},
    Named{"TR PRO 9975WX", "cpu/amd/threadripper-pro-9975wx"},
    Named{"Ryzen 9 9900X", "cpu/amd/ryzen-9-9900x"},
    Named{"Ryzen 9 9950X", "cpu/amd/ryzen-9-9950x"},
    Named{"EPYC 7252", "cpu/amd/epyc-7252"},
    Named{"EPYC 7502P", "cpu/amd/epyc-7502p"},
    Named{"Celeron G5905", "cpu/intel/celeron-g5905"},
    Named{"ASUS Pro WS WRX90E-SAGE SE", "board/asus/pro-ws-wrx90e-sage-se"},
    Named{"ASUS ProArt X870E-Creator WiFi", "board/asus/proart-x870e-creator-wifi"},
    Named{"ASUS X670E-PRO", "board/asus/prime-x670e-pro-wifi"},
    Named{"ASRock H510 Pro BTC+", "board/asrock/h510-pro-btc+"},
    Named{"ASRock Rack ROMED8-2T", "board/asrock-rack/romed8-2t"},
    Named{"Kingston KF564C32BWEA-32", "memory/kingston/kf564c32bwea-32"},
    Named{"32GB DDR5-6400 ECC RDIMM", "memory/generic/ddr5-6400-rdimm-32gb"},
    Named{"DDR4 ECC RDIMM", "memory/generic/ddr4-3200-rdimm-32gb"},
    Named{"Samsung 990 Pro 2TB MZ-V9P2T0BW", "drive/samsung/990-pro-2tb"},
    Named{"Crucial T700 4TB", "drive/crucial/t700-4tb"},
    Named{"Samsung 870 EVO 4TB", "drive/samsung/870-evo-4tb"},
    Named{"Antec HCG1200 Pro Platinum", "psu/antec/hcg1200-pro-platinum"},
    Named{"Seasonic PRIME TX-1600", "psu/seasonic/prime-tx-1600"},
    Named{"Corsair AX1600i", "psu/corsair/ax1600i"},
    Named{"Super Flower Leadex 1600W", "psu/super-flower/leadex-platinum-1600"},
    Named{"HP server PSU", "psu/hp/dps-1200fb"},
    Named{"Antec Performance 1 FT", "case/antec/performance-1-ft"},
    Named{"Thermalright PA120 Digital",
          "cooler/thermalright/peerless-assassin-120-digital-argb-white"},
    Named{"Noctua NH-U14S TR5-SP6", "cooler/noctua/nh-u14s-tr5-sp6"},
    Named{"APC SMT2200C", "ups/apc/smt2200c"},
    Named{"ASUS XG-C100C", "nic/asus/xg-c100c"},
};
static_assert(kNamed.size() == 41);

constexpr std::array kTyped = {
    Named{"5060ti 16", "gpu/nvidia/rtx-5060-ti-16gb"},
    Named{"5060 TI 16gb", "gpu/nvidia/rtx-5060-ti-16gb"},
    Named{"rtx3090", "gpu/nvidia/rtx-3090"},
    Named{"3090", "gpu/nvidia/rtx-3090"},
    Named{"4090", "gpu/nvidia/rtx-4090"},
    Named{"3090 ti", "gpu/nvidia/rtx-3090-ti"},
    Named{"nvidia/rtx-3090", "gpu/nvidia/rtx-3090"},
    Named{"rtx-3090", "gpu/nvidia/rtx-3090"},
    Named{"gpu/nvidia/rtx-3090", "gpu/nvidia/rtx-3090"},
    Named{"dgx spark", "system/nvidia/dgx-spark"},
    Named{"m3 ultra", "system/apple/m3-ultra"},
    Named{"Q4_K_M", "quantization/q4_k_m"},
    Named{"llama-3.1-70b", "architecture/llama-3.1-70b"},
    Named{"llama.cpp", "engine/llama.cpp"},
};

}  // namespace

TEST_CASE("the whole catalogue lints clean") {
  Diagnostics diagnostics;
  const std::vector<const Entry*> all = entries("");
  for (const Entry* entry : all) {
    lint(*entry, diagnostics);
    lint_physics(*entry, diagnostics);
  }
  lint_all(all, diagnostics);
  CHECK(to_text(diagnostics).empty());
}

TEST_CASE("the catalogue is as large as was asked") {
  CHECK(entries("gpu").size() + entries("system").size() >= 110);
  CHECK(entries("cpu").size() >= 60);
  CHECK(entries("board").size() >= 15);
  CHECK(entries("psu").size() >= 25);
  CHECK(entries("architecture").size() >= 185);
  for (const char* kind : {"memory", "drive", "case", "cooler", "ups", "nic", "engine"}) {
    CAPTURE(kind);
    CHECK(entries(kind).size() >= 5);
  }
}

TEST_CASE("every board has its lane graph, every supply its connectors and efficiency") {
  const long boards = static_cast<long>(entries("board").size());
  CHECK(stating("board", "connector[") == boards);
  CHECK(stating("board", "lanes[") == boards);
  long complete = 0;
  for (const Entry* psu : entries("psu")) {
    const auto has = [&](std::string_view key) { return psu->find(key) != nullptr; };
    const bool connectors = has("pcie_8pin") || has("pcie_16pin");
    complete += connectors && (has("efficiency[0].load") || has("efficiency_class")) ? 1 : 0;
  }
  CHECK(complete >= 25);
}

TEST_CASE("firmware is stated for architectures that processors of the socket have") {
  int rows = 0;
  for (const Entry* board : entries("board")) {
    CAPTURE(board->id);
    std::set<std::string> seen;
    for (const Field& field : board->fields) {
      if (!field.key.starts_with("bios[") || !field.key.ends_with("].architecture")) continue;
      ++rows;
      const std::string& architecture = std::get<std::string>(field.value);
      CAPTURE(architecture);
      CHECK(seen.insert(architecture).second);
      const std::string row = field.key.substr(0, field.key.find('.'));
      CHECK(board->find(row + ".version") != nullptr);
      const auto processors = entries("cpu");
      CHECK(std::any_of(processors.begin(), processors.end(), [&](const Entry* cpu) {
        return cpu->find("architecture")->value == field.value &&
               cpu->find("socket")->value == board->find("socket")->value;
      }));
    }
  }
  CHECK(rows >= 30);
}

TEST_CASE("an efficiency class that a supply names exists") {
  for (const Entry* psu : entries("psu")) {
    const Field* name = psu->find("efficiency_class");
    if (name == nullptr) continue;
    CAPTURE(psu->id);
    CHECK(catalog().resolve(std::get<std::string>(name->value), "psu-class").has_value());
  }
}

TEST_CASE("every entry becomes what it describes") {
  for (const char* kind : {"gpu", "system"}) {
    for (const Entry* entry : entries(kind)) {
      Diagnostics diagnostics;
      const hardware::Accelerator device = to_accelerator(*entry, diagnostics);
      CHECK_MESSAGE(!diagnostics.has_errors(), to_text(diagnostics));
      CHECK(device.usable <= device.memory);
      CHECK(device.usable >= 0.5 * device.memory);
    }
  }
  for (const Entry* entry : entries("architecture")) {
    CHECK_MESSAGE(to_architecture(*entry).has_value(), entry->id);
  }
  for (const Entry* entry : entries("quantization")) {
    CHECK_MESSAGE(to_quantization(*entry).has_value(), entry->id);
  }
  for (const Entry* entry : entries("engine")) {
    CHECK_MESSAGE(to_engine(*entry).has_value(), entry->id);
  }
}

TEST_CASE("offers name what they sell and at what price, and words do not find them unasked") {
  REQUIRE(entries("cloud").size() >= 70);
  for (const Entry* offer : entries("cloud")) {
    CAPTURE(offer->id);
    CHECK(catalog().entry(std::get<std::string>(offer->find("gpu")->value)).has_value());
    CHECK((offer->find("price") != nullptr || offer->find("spot") != nullptr));
  }
  for (const Entry* offer : entries("api")) {
    CAPTURE(offer->id);
    CHECK(catalog().entry(std::get<std::string>(offer->find("model")->value)).has_value());
  }
  for (const char* words : {"rtx 3090", "rtx 5090", "gpt-oss-120b", "h100 sxm"}) {
    const Result<std::string> found = catalog().resolve(words);
    CAPTURE(words);
    REQUIRE(found);
    CHECK_FALSE(found->starts_with("cloud/"));
    CHECK_FALSE(found->starts_with("api/"));
  }
  CHECK(catalog().resolve("cloud/runpod/rtx-3090-x1") == "cloud/runpod/rtx-3090-x1");
  CHECK(catalog().resolve("runpod rtx 3090", "cloud") == "cloud/runpod/rtx-3090-x1");
}

TEST_CASE("names in price lists are names of cards") {
  const Result<const Entry*> names = catalog().entry("choice/accelerators");
  REQUIRE(names);
  for (const Field& field : (*names)->fields) {
    CAPTURE(field.key);
    CHECK(catalog().entry(std::get<std::string>(field.value)).has_value());
  }
}

TEST_CASE("the ladders of alternatives name entries") {
  const Result<const Entry*> ladders = catalog().find("ladders", "choice");
  REQUIRE(ladders.has_value());
  Diagnostics diagnostics;
  FieldReader reader(**ladders, diagnostics);
  for (const Field& field : (*ladders)->fields) {
    CAPTURE(field.key);
    const std::string_view kind = field.key == "devices" ? "gpu" : "quantization";
    for (const std::string& rung : reader.texts(field.key)) {
      CAPTURE(rung);
      CHECK(catalog().resolve(rung, kind).has_value());
    }
  }
}

TEST_CASE("cache types are known, and all but the first of an engine say what they cost") {
  const Result<const Entry*> types = catalog().find("cache-types", "choice");
  REQUIRE(types.has_value());
  Diagnostics diagnostics;
  FieldReader reader(**types, diagnostics);
  for (const char* engine : {"llama_cpp", "vllm"}) {
    double last = -1;
    for (const std::string& type : reader.texts(engine)) {
      CAPTURE(type);
      CHECK(llm::find_cache_type(type) != nullptr);
      const double loss = reader.fraction("loss." + type);
      CHECK(loss > last);  // best first
      CHECK(loss < 0.05);
      last = loss;
    }
  }
  CHECK_FALSE(diagnostics.has_errors());
}

TEST_CASE("the parts of the users' documents are found by the names written there") {
  for (const auto& [typed, id] : kNamed) {
    CAPTURE(typed);
    if (!id.empty()) CHECK(catalog().resolve(typed).value_or("none") == id);
  }
  const Result<std::string> four = catalog().resolve("A100");
  REQUIRE_FALSE(four.has_value());
  CHECK(four.error().code == ErrorCode::ambiguous);
  CHECK(four.error().hint ==
        "write one of: gpu/nvidia/a100-pcie-40gb, gpu/nvidia/a100-pcie-80gb, "
        "gpu/nvidia/a100-sxm-40gb, gpu/nvidia/a100-sxm-80gb");
}

TEST_CASE("people's short forms are understood") {
  for (const auto& [typed, id] : kTyped) {
    CAPTURE(typed);
    CHECK(catalog().resolve(typed).value_or("none") == id);
  }
  for (const std::string_view unknown :
       {"rtx 3099", "rtx 5099", "gpu/nvidia/rtx-309", "llama-3.1-71b"}) {
    CAPTURE(unknown);
    const Result<std::string> id = catalog().resolve(unknown);
    REQUIRE_FALSE(id.has_value());
    CHECK(id.error().hint.starts_with("did you mean \""));
  }
}

TEST_CASE("every entry is found by its id, the end of it and its name") {
  for (const Catalog::Row& row : catalog().list()) {
    CAPTURE(row.id);
    const std::string kind(row.id.substr(0, row.id.find('/')));
    CHECK(catalog().resolve(row.id).value_or("none") == row.id);
    CHECK(catalog().resolve(row.name, kind).value_or("none") == row.id);
  }
}

TEST_CASE("the names of the evidence lead where they led") {
  std::ifstream in("tests/data/evidence_names.csv");
  REQUIRE(in.good());
  int names = 0;
  int unknown = 0;
  for (std::string line; std::getline(in, line);) {
    const std::vector<std::string_view> cells = split(line, ',');
    if (cells.size() != 3 || cells[0] == "kind" || line.starts_with('#')) continue;
    CAPTURE(line);
    ++names;
    unknown += cells[2].empty() ? 1 : 0;
    const std::string_view kind = cells[0] == "model" ? "architecture" : "";
    CHECK(catalog().resolve(cells[1], kind).value_or("") == cells[2]);
  }
  CHECK(names == 255);
  CHECK(unknown <= 13);
}

}  // namespace rigor::catalog
