// Catalogue entries of kind "engine" as engines: family, version and constants. The constants' keys
// are those of workload::constant_specs(). Keys: catalog/README.md. Layer 4.
#pragma once

#include "base/diagnostic.hpp"
#include "base/result.hpp"
#include "catalog/entry.hpp"
#include "workload/engine.hpp"

namespace rigor::catalog {

/// Every problem becomes an error at the field that has it; after an error the result must not be
/// used.
workload::Engine to_engine(const Entry& entry, Diagnostics& diagnostics);

/// The same for callers that need one answer: the first problem is the error.
Result<workload::Engine> to_engine(const Entry& entry);

}  // namespace rigor::catalog
