// What each kind of entry may state: key, type, dimension, plausible range. One table per kind;
// lint, the readers and the printed reference all use it. Layer 4.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.hpp"
#include "catalog/entry.hpp"
#include "units/quantity.hpp"

namespace rigor::catalog {

enum class FieldType : std::uint8_t {
  text,
  texts,
  count,
  counts,
  real,
  boolean,
  date,
  quantity,
  fraction,
  price,
  level,
  range  ///< one text, or three: low, expected, high; without dimension a number or percentage
};

/// One key. `low` and `high` are in base units (counts and reals as they are); outside them lint
/// complains.
struct FieldSpec {
  std::string_view key;  ///< "[]" stands for any index, "*" for any name
  FieldType type = FieldType::text;
  Dimension dimension = {};
  double low = 0.0;
  double high = 0.0;         ///< high <= low: no range
  std::string_view example;  ///< for messages: "1008 GB/s"
  bool required = false;
};

struct KindSpec {
  std::string_view kind;
  std::string_view title;  ///< "graphics card or accelerator"
  std::span<const FieldSpec> fields;
};

std::span<const KindSpec> kinds();
/// Null when the kind is unknown.
const KindSpec* find_kind(std::string_view kind);
/// Null when the kind has no such key. Indices in `key` match "[]".
const FieldSpec* find_field(const KindSpec& kind, std::string_view key);

/// Type, unit and range of one value.
void lint_value(const Field& field, const FieldSpec& spec, Diagnostics& diagnostics);
/// Type, unit, range of every value; unknown keys with a suggestion; missing required keys.
void lint(const Entry& entry, Diagnostics& diagnostics);
/// Relations within one entry: lane modes within their group, usable memory below nominal,
/// bandwidth against bus width and rate, tensor rates against vector rates, dense below sparse.
/// Physical plausibility.
void lint_physics(const Entry& entry, Diagnostics& diagnostics);
/// Relations between entries: names and aliases that stand twice. (A `base` that does not exist is
/// found when the entry is loaded.)
void lint_all(const std::vector<const Entry*>& entries, Diagnostics& diagnostics);

}  // namespace rigor::catalog
