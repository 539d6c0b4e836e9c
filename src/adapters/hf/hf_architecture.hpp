// From a Hugging Face config.json to the architecture of the network. Layer 10.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "llm/architecture.hpp"

namespace rigor::adapters {

struct HfConfig {
  std::optional<llm::Architecture> architecture;  ///< absent when rigor cannot describe it
  std::string quantization;
  std::vector<std::string> undetermined;
};

/// Errors: no JSON, no object, values of a wrong kind or out of bounds.
Result<HfConfig> read_hf_config(std::string_view text, const std::string& file);

}  // namespace rigor::adapters
