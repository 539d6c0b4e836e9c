// The layers of a network as its GGUF file shows them, block by block. Layer 10.
#pragma once

#include <string>
#include <vector>

#include "adapters/gguf/gguf_facts.hpp"
#include "llm/architecture.hpp"

namespace rigor::adapters {

/// Fills `layers` and `sliding_window`. Requires: vocabulary, hidden size and context are set.
/// `undetermined` gains a sentence when the file leaves open which layers a window applies to.
void derive_layers(const GgufFacts& facts, llm::Architecture& architecture,
                   std::vector<std::string>& undetermined);

}  // namespace rigor::adapters
