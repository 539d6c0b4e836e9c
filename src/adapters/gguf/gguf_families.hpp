// What a GGUF file does not say about its architecture: which layers a sliding window applies to,
// and where a name stands for a plan of its own. Everything else comes from metadata and shapes.
// Layer 10.
#pragma once

#include <string_view>

#include "adapters/model/windows.hpp"
#include "llm/architecture.hpp"

namespace rigor::adapters {

struct GgufFamily {
  std::string_view name;  ///< general.architecture
  Windows windows = Windows::stated;
  int period = 0;  ///< layers of one period
  int window = 0;  ///< where the file does not state it
  llm::Reach reach = llm::Reach::sliding;
  llm::Plan plan = llm::Plan::decoder;
  int cached_layers = 0;  ///< layers from here on read another layer's cache; 0: all own one
  std::string_view unsupported = {};  ///< why rigor cannot describe it; empty if it can
};

/// Null for a name that is not in the table.
const GgufFamily* find_gguf_family(std::string_view name);

}  // namespace rigor::adapters
