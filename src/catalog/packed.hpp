// The catalogue as it is compiled into the program: the text of every entry and what is needed to
// find it without parsing. Layer 4.
#pragma once

#include <span>
#include <string_view>

namespace rigor::catalog {

struct PackedEntry {
  std::string_view id;
  std::string_view name;
  std::string_view aliases;  ///< one per line
  std::string_view base;
  std::string_view text;  ///< TOML
};

/// All entries, sorted by id. Defined in a source generated from catalog/ when the project is
/// built.
std::span<const PackedEntry> packed_catalogue();
/// The text of calibration/speed.csv, from the same source.
std::string_view packed_calibration();
/// The text of calibration/power.csv.
std::string_view packed_power_calibration();

}  // namespace rigor::catalog
