// The layer pattern of an "architecture" entry. Used by architecture_entry.cpp only. Layer 4.
#pragma once

#include <vector>

#include "catalog/architecture_reader.hpp"
#include "llm/architecture.hpp"

namespace rigor::catalog {

/// Every layer with pattern, exceptions and lists applied.
/// Requires: the tables of `architecture` ([moe], [mla], …) are read.
std::vector<llm::Layer> read_layers(ArchitectureReader& reader,
                                    const llm::Architecture& architecture);

}  // namespace rigor::catalog
