#include "adapters/skypilot/prices.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "adapters/buildcores/overlay_file.hpp"
#include "adapters/toml/entry_writer.hpp"
#include "base/text.hpp"
#include "evidence/row.hpp"
#include "units/unit_text.hpp"

namespace rigor::adapters::skypilot {
namespace {

using catalog::Entry;
using evidence::Row;

constexpr std::array<std::string_view, 5> kColumns = {"InstanceType", "AcceleratorName",
                                                      "AcceleratorCount", "Price", "Region"};
constexpr double kMostCards = 64, kMostPrice = 1000;  // USD an hour

/// A row worth keeping.
struct Listed {
  const Row* row = nullptr;
  std::string gpu, gpu_name;
  int count = 1;
  std::optional<double> price, spot;
};

std::optional<double> money(std::string_view text) {
  const Result<double> value = parse_number(trim(text));
  if (!value || *value <= 0 || *value > kMostPrice) return std::nullopt;
  return *value;
}

/// The catalogue's id for SkyPilot's name of a card; empty when there is none.
std::string card_of(std::string_view name, const catalog::Catalog& catalog) {
  const Result<const Entry*> names = catalog.entry("choice/accelerators");
  if (names) {
    const catalog::Field* field = (*names)->find(fmt::format("accelerator.{}", name));
    const auto* id = field != nullptr ? std::get_if<std::string>(&field->value) : nullptr;
    if (id != nullptr) return *id;
  }
  const Result<std::string> found = catalog.resolve(name, "gpu");
  return found ? *found : std::string();
}

/// Why a row is not taken, in `why`; empty when it is.
std::optional<Listed> listed(const Row& row, const catalog::Catalog& catalog, std::string& why) {
  const std::string_view card = trim(row["AcceleratorName"]);
  if (card.empty()) {
    why = "no accelerator";
    return std::nullopt;
  }
  Listed one;
  one.row = &row;
  const double count = row.number("AcceleratorCount", 0);
  if (count < 1 || count > kMostCards || count != static_cast<int>(count)) {
    why = "a part of a card, or no number of cards";
    return std::nullopt;
  }
  one.count = static_cast<int>(count);
  one.price = money(row["Price"]);
  one.spot = money(row["SpotPrice"]);
  if (!one.price && !one.spot) {
    why = "no price";
    return std::nullopt;
  }
  one.gpu = card_of(card, catalog);
  if (one.gpu.empty()) {
    why = "the catalogue has no such card, or several";
    return std::nullopt;
  }
  const Result<const Entry*> gpu = catalog.entry(one.gpu);
  if (gpu) one.gpu_name = (*gpu)->name;
  return one;
}

bool is_cheaper(const Listed& a, const Listed& b) {
  if (a.price && b.price) return *a.price < *b.price;
  if (a.price.has_value() != b.price.has_value()) return a.price.has_value();
  return a.spot && b.spot && *a.spot < *b.spot;
}

Entry entry_of(const Listed& one, const ListOrigin& origin, const catalog::Provenance& source) {
  const std::string card = one.gpu.substr(one.gpu.rfind('/') + 1);
  Entry entry;
  entry.id = fmt::format("cloud/{}/{}-x{}", origin.provider, card, one.count);
  entry.name = fmt::format("{}, {} x {}", origin.provider, one.count, one.gpu_name);
  const auto add = [&](std::string key, catalog::Value value) {
    entry.fields.push_back({std::move(key), std::move(value), source, {}});
  };
  add("provider", origin.provider);
  const std::string instance(trim((*one.row)["InstanceType"]));
  if (!instance.empty()) add("instance", instance);
  add("gpu", one.gpu);
  add("count", std::int64_t{one.count});
  const std::string region(trim((*one.row)["Region"]));
  if (!region.empty()) add("region", region);
  if (one.price) add("price", fmt::format("{:g} USD/h", *one.price));
  if (one.spot) add("spot", fmt::format("{:g} USD/h", *one.spot));
  return entry;
}

}  // namespace

Result<std::vector<buildcores::PlannedFile>> read_prices(std::string_view text,
                                                         const ListOrigin& origin,
                                                         const catalog::Catalog& catalog,
                                                         report::Import& import) {
  const Result<evidence::Table> table = evidence::parse_csv(text, origin.file);
  if (!table) return tl::unexpected<Error>(table.error());
  for (const std::string_view column : kColumns) {
    if (std::find(table->header.begin(), table->header.end(), column) != table->header.end())
      continue;
    return fail(ErrorCode::malformed, fmt::format("the list has no column \"{}\"", column),
                origin.file,
                "SkyPilot's lists have: " + join({kColumns.begin(), kColumns.end()}, ", "));
  }
  std::map<std::string, Listed> best;  // by card and count
  report::ImportedKind& kind = import.kinds["cloud"];
  for (const Row& row : table->rows) {
    ++kind.records;
    std::string why;
    const std::optional<Listed> one = listed(row, catalog, why);
    if (!one) {
      import.skipped.add(
          why, row["AcceleratorName"].empty() ? row["InstanceType"] : row["AcceleratorName"]);
      continue;
    }
    const std::string key = fmt::format("{} {}", one->gpu, one->count);
    const auto [place, is_new] = best.emplace(key, *one);
    if (is_new) continue;
    Listed dearer = *one;
    if (is_cheaper(*one, place->second)) std::swap(dearer, place->second);
    import.skipped.add("another row of the same cards is cheaper", (*dearer.row)["InstanceType"]);
  }
  const catalog::Provenance source{catalog::Origin::vendor_spec,
                                   fmt::format("SkyPilot catalogue, {}", origin.file),
                                   origin.date,
                                   {},
                                   {}};
  std::vector<buildcores::PlannedFile> files;
  for (const auto& [key, one] : best) {
    const Entry entry = entry_of(one, origin, source);
    const std::string record = fmt::format("skypilot {} {}", origin.provider, key);
    files.push_back({entry.id, entry.name,
                     buildcores::overlay_text(record, entry_toml(entry, source),
                                              buildcores::Database::skypilot)});
  }
  kind.imported = static_cast<int>(files.size());
  return files;
}

}  // namespace rigor::adapters::skypilot
