// A catalogue entry as read: keys, values and where each value comes from. Typed parts are made
// from entries; what a person sees (`rigor catalog show`, `--explain`) is printed from them.
// Layer 4.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/diagnostic.hpp"

namespace rigor::catalog {

enum class Origin : std::uint8_t { vendor_spec, measured, derived, assumed };
std::string_view to_text(Origin origin);

/// Where a value comes from.
struct Provenance {
  Origin origin = Origin::assumed;
  std::string cite = {};   ///< page, data sheet, repository and commit
  std::string as_of = {};  ///< ISO date
  std::string note = {};
  std::string vendor = {};  ///< the vendor's own figure where it differs
};

using Value = std::variant<std::string, std::int64_t, double, bool, std::vector<std::string>,
                           std::vector<std::int64_t>>;

/// One value. Tables are flattened: `moe.experts`, `connector[2].name`,
/// `lanes[0].modes[1].PCIEX16_1`.
struct Field {
  std::string key;
  Value value;
  Provenance provenance;
  Location where;
};

struct Entry {
  std::string id;  ///< path without ".toml": "gpu/nvidia/rtx-5090"
  std::string name;
  std::vector<std::string> aliases;
  std::string base;  ///< id of the entry whose values are taken where this one states none
  std::vector<Field> fields;

  /// Null when the entry does not state it. Quoted key parts are written plain.
  [[nodiscard]] const Field* find(std::string_view key) const;
  /// "gpu" of "gpu/nvidia/rtx-5090".
  [[nodiscard]] std::string_view kind() const;
};

}  // namespace rigor::catalog
