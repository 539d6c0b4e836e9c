// What is taken for drafts when nothing is stated. Layer 4.
#pragma once

#include "catalog/catalog.hpp"
#include "workload/inference.hpp"

namespace rigor::catalog {

/// From choice/drafting of the catalogue. Errors: there is no such entry, or it is malformed.
Result<workload::DraftTable> draft_table(const Catalog& catalog);

}  // namespace rigor::catalog
