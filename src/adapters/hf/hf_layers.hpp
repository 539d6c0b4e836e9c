// The layers of a network as its config.json lists or implies them. Layer 10.
#pragma once

#include "adapters/hf/config_reader.hpp"
#include "adapters/hf/hf_families.hpp"
#include "llm/architecture.hpp"

namespace rigor::adapters {

/// Fills `layers` and `sliding_window`. Requires: scalars and the tables of experts and mixers are
/// read.
void read_hf_layers(ConfigReader& config, const HfFamily& family, llm::Architecture& a);

}  // namespace rigor::adapters
