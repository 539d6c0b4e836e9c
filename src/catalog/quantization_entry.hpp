// Catalogue entries of kind "quantization" as recipes. Keys: catalog/README.md. Layer 4.
#pragma once

#include "base/diagnostic.hpp"
#include "base/result.hpp"
#include "catalog/entry.hpp"
#include "llm/quantization.hpp"

namespace rigor::catalog {

/// Reports every problem, each at the field that has it. The result must not be used when there is one.
llm::Quantization read_quantization(const Entry& entry, Diagnostics& diagnostics);

/// The recipe, or the first problem.
Result<llm::Quantization> to_quantization(const Entry& entry);

}  // namespace rigor::catalog
