// Price lists of SkyPilot (skypilot-org/skypilot-catalog, one CSV for each provider) made into
// entries of kind "cloud". Layer 10.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "adapters/buildcores/importer.hpp"
#include "base/result.hpp"
#include "catalog/catalog.hpp"
#include "report/import_text.hpp"

namespace rigor::adapters::skypilot {

struct ListOrigin {
  std::string provider;  ///< "runpod"; names the folder of the entries
  std::string file;      ///< as typed
  std::string date;      ///< ISO
};

/// The cheapest row for each card and number of cards; regions are not told apart otherwise. Rows
/// that are not taken are counted in `import.skipped` by reason. Cards are found by the names in
/// choice/accelerators of the catalogue, then by its own names. Errors: no CSV, or a column is
/// missing.
Result<std::vector<buildcores::PlannedFile>> read_prices(std::string_view text,
                                                         const ListOrigin& origin,
                                                         const catalog::Catalog& catalog,
                                                         report::Import& import);

}  // namespace rigor::adapters::skypilot
