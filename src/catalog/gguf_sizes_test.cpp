// The sizes of real weight files, predicted from architecture and recipe alone.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "adapters/toml/entry_reader.hpp"
#include "base/text.hpp"
#include "catalog/architecture_entry.hpp"
#include "catalog/packed.hpp"
#include "catalog/quantization_entry.hpp"
#include "llm/quantization.hpp"
#include "units/unit_text.hpp"

namespace rigor::catalog {
namespace {

/// Entries of one kind, by the part of the id after the kind.
std::map<std::string, Entry, std::less<>> entries(std::string_view kind) {
  std::map<std::string, Entry, std::less<>> all;
  for (const PackedEntry& packed : packed_catalogue()) {
    if (!packed.id.starts_with(kind)) continue;
    const std::string id(packed.id);
    const Result<Entry> entry = adapters::read_entry(packed.text, id, id + ".toml");
    REQUIRE_MESSAGE(entry.has_value(), id);
    all.emplace(id.substr(kind.size()), *entry);
  }
  return all;
}

struct Row {
  std::string architecture, quantization, size, parts, exception;
};

std::vector<Row> read_rows() {
  std::ifstream in("tests/data/gguf_sizes.csv");
  REQUIRE(in.good());
  std::vector<Row> rows;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line.front() == '#' || line.starts_with("architecture,")) continue;
    const std::vector<std::string_view> cells = split(line, ',');
    REQUIRE_MESSAGE(cells.size() == 7, line);
    rows.push_back({std::string(cells[0]), std::string(cells[1]), std::string(cells[2]),
                    std::string(cells[3]), std::string(cells[6])});
  }
  return rows;
}

/// Half a unit of the last printed place.
double rounding(std::string_view number) {
  const std::size_t point = number.find('.');
  const auto places = point == std::string_view::npos ? 0 : number.size() - point - 1;
  return 0.5000001 * std::pow(10.0, -static_cast<double>(places));
}

}  // namespace

TEST_CASE(
    "real weight files have the predicted size within 0.5 %, or the recipe's stated tolerance") {
  const auto architectures = entries("architecture/");
  const auto recipes = entries("quantization/");
  int checked = 0;
  for (const Row& row : read_rows()) {
    CAPTURE(row.architecture);
    CAPTURE(row.quantization);
    const auto architecture = architectures.find(row.architecture);
    const auto recipe = recipes.find(row.quantization);
    REQUIRE(architecture != architectures.end());
    REQUIRE(recipe != recipes.end());
    const Result<llm::Architecture> network = to_architecture(architecture->second);
    const Result<llm::Quantization> quantization = to_quantization(recipe->second);
    REQUIRE(network.has_value());
    REQUIRE(quantization.has_value());
    const double predicted = weights(*quantization, *network, {.mtp = row.parts == "mtp"}).in(GiB);
    const double actual = parse_number(row.size).value_or(0);
    const double allowed =
        std::max(std::max(0.005, quantization->tolerance) * actual, rounding(row.size));
    CAPTURE(actual);
    CAPTURE(predicted);
    const bool agrees = std::fabs(predicted - actual) <= allowed;
    if (row.exception.empty()) CHECK(agrees);
    if (!row.exception.empty()) CHECK_FALSE_MESSAGE(agrees, "no longer an exception");
    ++checked;
  }
  CHECK(checked > 300);
}

TEST_CASE("every recipe of the catalogue is sound") {
  for (const auto& [id, entry] : entries("quantization/")) {
    Diagnostics diagnostics;
    const llm::Quantization quantization = to_quantization(entry, diagnostics);
    CHECK_MESSAGE(!diagnostics.has_errors(), to_text(diagnostics));
    CHECK(quantization.fallback != nullptr);
    CHECK(quantization.id == "quantization/" + id);
  }
}

}  // namespace rigor::catalog
