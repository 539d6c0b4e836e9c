// Values that a rig file gives itself, beside those of the catalogue. Layer 4.
#pragma once

#include <string_view>

#include "catalog/entry.hpp"
#include "hardware/rig.hpp"

namespace rigor::catalog {

/// `as_of` of a value that stands in a rig file without a date of its own.
inline constexpr std::string_view kRigFile = "rig file";

/// Whether the rig file itself gives the value of a part, and no catalogue.
inline bool states(const hardware::PlacedPart& part, const Entry& entry, std::string_view key) {
  const Field* field = entry.find(key);
  return field != nullptr && field->where.file == part.where.file;
}

}  // namespace rigor::catalog
