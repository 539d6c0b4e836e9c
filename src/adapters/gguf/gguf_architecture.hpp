// From a GGUF header to the architecture of the network, checked against the tensors the file
// lists. Layer 10.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/gguf/gguf_header.hpp"
#include "llm/architecture.hpp"

namespace rigor::adapters {

/// Nothing when the architecture is unknown to rigor or the header contradicts itself;
/// `undetermined` then says why. An unknown name is accepted when the shapes alone explain every
/// parameter in the file.
std::optional<llm::Architecture> gguf_architecture(const GgufMetadata& metadata,
                                                   const std::vector<GgufTensor>& tensors,
                                                   std::vector<std::string>& undetermined);

}  // namespace rigor::adapters
