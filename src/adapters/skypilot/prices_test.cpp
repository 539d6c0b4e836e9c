#include "adapters/skypilot/prices.hpp"

#include <doctest/doctest.h>

#include "adapters/buildcores/overlay_file.hpp"
#include "adapters/toml/entry_reader.hpp"
#include "catalog/packed.hpp"
#include "catalog/schema.hpp"

namespace rigor::adapters::skypilot {
namespace {

const std::string kHead =
    "InstanceType,AcceleratorName,AcceleratorCount,vCPUs,MemoryGiB,Price,SpotPrice,Region\n";

catalog::Catalog catalogue() {
  return {catalog::packed_catalogue(), &read_entry};
}

Result<std::vector<buildcores::PlannedFile>> read(const std::string& rows, report::Import& import) {
  return read_prices(kHead + rows, {"runpod", "vms.csv", "2026-08-17"}, catalogue(), import);
}

TEST_CASE("of a card's rows the cheapest becomes an entry that lint takes") {
  report::Import import;
  const auto files = read(
      "a,RTX4090,1,6,41,0.69,0.35,CA\nb,RTX4090,1,6,41,0.34,0.2,US\n"
      "c,H100,8,192,2048,,15.2,EU\n",
      import);
  REQUIRE(files);
  REQUIRE(files->size() == 2);
  CHECK(import.kinds["cloud"].records == 3);
  CHECK(import.kinds["cloud"].imported == 2);
  for (const buildcores::PlannedFile& file : *files) {
    CHECK(buildcores::overlay_mark(file.text)->untouched);
    const Result<catalog::Entry> entry = read_entry(file.text, file.id, file.id);
    REQUIRE(entry);
    Diagnostics diagnostics;
    catalog::lint(*entry, diagnostics);
    CAPTURE(to_text(diagnostics));
    CHECK_FALSE(diagnostics.has_errors());
  }
  CHECK(files->front().id == "cloud/runpod/h100-sxm-80gb-x8");
  CHECK(files->front().text.find("price =") == std::string::npos);  // spot only
  CHECK(files->back().text.find("price = \"0.34 USD/h\"") != std::string::npos);
}

TEST_CASE("rows that say too little are counted by reason") {
  struct Case {
    const char* row;
    const char* why;
  };
  for (const auto& [row, why] :
       {Case{"a,,,4,16,0.12,,US\n", "no accelerator"},
        Case{"a,A100,0.5,4,16,0.6,,US\n", "a part of a card, or no number of cards"},
        Case{"a,A100,x,4,16,0.6,,US\n", "a part of a card, or no number of cards"},
        Case{"a,A100,65,4,16,0.6,,US\n", "a part of a card, or no number of cards"},
        Case{"a,L40S,1,8,62,,,US\n", "no price"}, Case{"a,L40S,1,8,62,-1,,US\n", "no price"},
        Case{"a,L40S,1,8,62,nan,,US\n", "no price"},
        Case{"a,WSE3,1,8,62,9,,US\n", "the catalogue has no such card, or several"}}) {
    report::Import import;
    const auto files = read(row, import);
    REQUIRE(files);
    CAPTURE(row);
    CHECK(files->empty());
    REQUIRE(import.skipped.reasons().size() == 1);
    CHECK(import.skipped.reasons().front().why == why);
  }
}

TEST_CASE("what is no price list is refused with its place") {
  report::Import import;
  const auto other = read_prices("a,b\n1,2\n", {"x", "vms.csv", "2026-08-17"}, catalogue(), import);
  REQUIRE_FALSE(other);
  CHECK(other.error().message == "the list has no column \"InstanceType\"");
  CHECK(other.error().where == "vms.csv");
  CHECK_FALSE(read("a,\"RTX4090\n", import));
}

}  // namespace
}  // namespace rigor::adapters::skypilot
