// The image encoder of a multimodal checkpoint. Layer 10.
#pragma once

#include <string_view>

#include "adapters/hf/config_reader.hpp"
#include "llm/architecture.hpp"

namespace rigor::adapters {

/// Fills `vision` from the outer config's vision_config; an encoder rigor cannot describe becomes a
/// note.
void read_hf_vision(ConfigReader& outer, std::string_view model_type, llm::Architecture& a);

}  // namespace rigor::adapters
