// The rigs and the work that are shipped as examples read without a complaint, and add up as their
// documents do or do not.
#include <doctest/doctest.h>

#include <array>
#include <string>

#include "adapters/files/files.hpp"
#include "adapters/toml/entry_reader.hpp"
#include "adapters/toml/rig_reader.hpp"
#include "adapters/toml/work_reader.hpp"

namespace rigor::adapters {
namespace {

const catalog::Catalog& built_in() {
  static const catalog::Catalog catalog(catalog::packed_catalogue(), &read_entry);
  return catalog;
}

hardware::Rig read(const std::string& path) {
  const Result<std::string> text = read_file(path);
  REQUIRE_MESSAGE(text.has_value(), path);
  Diagnostics diagnostics;
  RigFile file = read_rig(*text, path, built_in(), diagnostics);
  CHECK(to_text(diagnostics).empty());
  return file.rig;
}

struct Example {
  std::string_view name, total, stated;
  std::size_t accelerators;
  double host_gib;
};

// plonter: 1768 + 2603 + 2 x 2386 + 2225 + 1822 + 704 + 1072 + 390 + 63.
// budget: 4 x 750 + 160 + 45 + 32 + 2 x 57 + 140 + 130, not the 3487 of the article.
// pro: 4 x 750 + 649 + 120 + 50 + 250 + 140 + 105.
// pro6000-4: 4 x 8250 + 500 + 6699 + 2 x 25 + 100 + 2000, where the document has 34049.
constexpr std::array kExamples = {
    Example{"plonter", "15419 ILS", "15419 ILS", 1, 64},
    Example{"budget-4x3090", "3621 USD", "3487 USD", 4, 16},
    Example{"pro-4x3090", "4314 USD", "4314 USD", 4, 32},
    Example{"pro6000-1", "14949 USD", "14949 USD", 1, 192},
    Example{"pro6000-2", "23249 USD", "23249 USD", 2, 192},
    Example{"pro6000-4", "42349 USD", "34049 USD", 4, 192},
    Example{"uff-1", "", "", 1, 128},
    Example{"uff-2", "", "", 2, 128},
    Example{"uff-2-x4", "", "", 2, 128},
    Example{"dgx-spark", "4699 USD", "", 1, 128},
    Example{"mac-studio-m3-ultra", "", "", 1, 256},
};

}  // namespace

TEST_CASE("the example rigs are in order and their sums are known") {
  for (const Example& example : kExamples) {
    CAPTURE(example.name);
    const hardware::Rig rig = read("examples/rigs/" + std::string(example.name) + ".toml");
    const std::vector<Price> sums = hardware::totals(rig);
    CHECK(sums.size() == (example.total.empty() ? 0 : 1));
    if (!sums.empty()) CHECK(to_text(sums[0]) == example.total);
    CHECK(rig.stated_total.has_value() != example.stated.empty());
    if (rig.stated_total) CHECK(to_text(*rig.stated_total) == example.stated);
    CHECK(rig.accelerators.size() == example.accelerators);
    CHECK(rig.host.memory == example.host_gib * GiB);
    CHECK(rig.host.bandwidth > BytesPerSecond{});
  }
}

TEST_CASE("no example rig is forgotten here") {
  CHECK(files_below("examples/rigs", ".toml")->size() == kExamples.size());
}

TEST_CASE("the example work is in order and its names are in the catalogue") {
  int workloads = 0;
  const Result<std::vector<std::string>> paths = files_below("examples/work", ".toml");
  REQUIRE(paths.has_value());
  for (const std::string& path : *paths) {
    Diagnostics diagnostics;
    for (const workload::Workload& w : read_work(*read_file(path), path, diagnostics)) {
      CAPTURE(w.name);
      ++workloads;
      CHECK(built_in().resolve(w.model, "architecture").has_value());
      CHECK(built_in().resolve(w.engine, "engine").has_value());
      if (w.quantization.empty()) continue;
      CHECK(built_in().resolve(w.quantization, "quantization").has_value());
    }
    CHECK(to_text(diagnostics).empty());
  }
  CHECK(workloads >= 24);
}

}  // namespace rigor::adapters
