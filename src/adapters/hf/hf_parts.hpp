// Parts of a network that many families state alike: experts, compressed attention, recurrent
// mixers, prediction layers. Layer 10.
#pragma once

#include "adapters/hf/config_reader.hpp"
#include "adapters/hf/hf_families.hpp"
#include "llm/architecture.hpp"

namespace rigor::adapters {

/// Vocabulary, hidden size, context, window, norms, biases: the file's value or else the family's.
void read_hf_scalars(ConfigReader& config, const HfFamily& family, llm::Architecture& a);
/// Experts, MLA and DeltaNet where the file states their dimensions; prediction layers.
void read_hf_tables(ConfigReader& config, llm::Architecture& a);

}  // namespace rigor::adapters
