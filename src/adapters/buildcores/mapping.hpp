// A record of the BuildCores open database made into a catalogue entry: which of its members become
// which of our keys, with units. What is unknown there stays out here; what contradicts itself
// makes the record unusable. Slot widths of boards are mechanical there, so boards get no lane
// graph. Layer 10.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/buildcores/record.hpp"
#include "catalog/entry.hpp"

namespace rigor::adapters::buildcores {

/// A chip that cards of other makers carry, as the catalogue has it.
struct Chip {
  std::string id;                  ///< "gpu/nvidia/rtx-5060-ti-16gb"
  std::vector<std::string> names;  ///< words of its name and aliases, joined: "rtx 5060 ti 16 gb"
  double memory_gib = 0;
};

/// An entry without id, or the reason why there is none.
struct Mapped {
  catalog::Entry entry;
  std::string maker;
  std::string skipped;  ///< empty: the entry stands
  std::vector<LeftOut> left_out;
};

struct Category {
  std::string_view folder;  ///< of the database: "PCCase"
  std::string_view kind;    ///< of the catalogue: "case"
};
/// The categories that have a kind in the catalogue.
std::span<const Category> categories();
/// Null for categories that rigor has no kind for.
const Category* find_category(std::string_view folder);

/// `source` becomes the provenance of every value that is not derived. The entry's values have been
/// judged by the schema of its kind: what it refuses is left out.
Mapped map_record(const Category& category, const JsonNode& record,
                  const catalog::Provenance& source, std::span<const Chip> chips);

}  // namespace rigor::adapters::buildcores
