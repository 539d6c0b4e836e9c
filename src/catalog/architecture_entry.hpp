// "architecture" entries made into networks: dimensions read, the layer pattern resolved,
// contradictions found. The keys are documented in catalog/README.md. Layer 4.
#pragma once

#include "base/diagnostic.hpp"
#include "base/result.hpp"
#include "catalog/entry.hpp"
#include "llm/architecture.hpp"

namespace rigor::catalog {

/// The network an entry describes. Every missing, unknown or contradictory key becomes an error
/// with its place; after an error the result must not be used.
llm::Architecture to_architecture(const Entry& entry, Diagnostics& diagnostics);

/// The same for callers that need one answer: the first problem is the error.
Result<llm::Architecture> to_architecture(const Entry& entry);

}  // namespace rigor::catalog
