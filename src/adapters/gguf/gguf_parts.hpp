// The parts of a network other than its layers, from shapes where they show it: norms, biases,
// experts, compressed attention, recurrent mixers, per-layer embeddings, prediction layers.
// Layer 10.
#pragma once

#include "adapters/gguf/gguf_facts.hpp"
#include "llm/architecture.hpp"

namespace rigor::adapters {

/// Requires: the layers are derived.
void derive_parts(const GgufFacts& facts, llm::Architecture& architecture);

}  // namespace rigor::adapters
