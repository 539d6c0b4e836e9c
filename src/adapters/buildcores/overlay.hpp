// The user's overlay as an import meets it: what stands there already, and writing into it without
// harm to what a person made or changed. Layer 10.
#pragma once

#include <string>
#include <vector>

#include "adapters/buildcores/importer.hpp"
#include "base/result.hpp"
#include "catalog/catalog.hpp"

namespace rigor::adapters::buildcores {

/// Names, ids, cited records and chips of the kinds that an import may write.
void note_catalogue(const catalog::Catalog& catalog, Surroundings& around);

/// The same of an overlay, and which records were imported into it before. A missing folder is an
/// empty overlay. Errors: it is no folder, or a file in it cannot be read.
Result<void> note_overlay(const std::string& folder, Surroundings& around);

struct WriteRules {
  bool force = false;      ///< replaces files that a person made or changed
  bool only_look = false;  ///< writes nothing
};
/// Writes each file whole or not at all, and counts what happened in `import`. Errors: those of the
/// file system; what was written before one stays.
Result<void> write_overlay(const std::string& folder, const std::vector<PlannedFile>& files,
                           WriteRules rules, report::Import& import);

}  // namespace rigor::adapters::buildcores
