// Catalogue entries of kind "quantization" as recipes. Keys: catalog/README.md. Layer 4.
#pragma once

#include "base/diagnostic.hpp"
#include "base/result.hpp"
#include "catalog/entry.hpp"
#include "llm/quantization.hpp"

namespace rigor::catalog {

/// Every problem becomes an error at the field that has it; after an error the result must not be
/// used.
llm::Quantization to_quantization(const Entry& entry, Diagnostics& diagnostics);

/// The same for callers that need one answer: the first problem is the error.
Result<llm::Quantization> to_quantization(const Entry& entry);

}  // namespace rigor::catalog
