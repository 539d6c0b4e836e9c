// Rig files. Every name is resolved against the catalogue; all problems of the file are reported in
// one go. Layer 10.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.hpp"
#include "catalog/catalog.hpp"
#include "hardware/rig.hpp"

namespace rigor::adapters {

constexpr int kMostPieces = 64;  ///< of one line

/// A rig and, for each of its lines, the catalogue entry with the file's overrides (no fields for
/// parts the catalogue does not know), so that provenance can be shown.
struct RigFile {
  hardware::Rig rig;
  std::vector<catalog::Entry> entries;  ///< same order and size as rig.parts
  /// The errors, when all of the file's are of places: slots that are not there, taken twice or
  /// without lanes. The parts are sound then, and their `slots` empty.
  std::vector<Diagnostic> wrong_places = {};
};

/// Reads TOML text. The result is meaningful only when `diagnostics` has no errors.
RigFile read_rig(std::string_view text, const std::string& file, const catalog::Catalog& catalog,
                 Diagnostics& diagnostics);

/// A rig from words instead of a file: "2x rtx 3090", "rtx pro 6000 max-q", "dgx spark". The hint
/// of `not_found` says what the words may have been meant to be.
Result<RigFile> rig_from_words(std::string_view words, const catalog::Catalog& catalog);

}  // namespace rigor::adapters
