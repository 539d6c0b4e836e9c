// A file of an overlay that an import wrote: two lines of comment in front of the entry name the
// record and hold a sum over the rest, so that a later import can tell its own files from a
// person's, and untouched ones from changed ones. Layer 10.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rigor::adapters::buildcores {

/// Whose data a file holds.
enum class Database { buildcores, skypilot };

/// The whole file. Requires: `record` has no line break.
std::string overlay_text(std::string_view record, const std::string& entry,
                         Database database = Database::buildcores);

struct OverlayMark {
  std::string record;
  bool untouched = false;  ///< the entry is as it was written
};
/// Nothing when no import wrote the text.
std::optional<OverlayMark> overlay_mark(std::string_view text);

}  // namespace rigor::adapters::buildcores
