// From a GGUF header's tensors to exact bytes: a known format by its shape, an unknown one by the
// distance to the next tensor; and the proof that all of them lie inside the file and apart.
// Layer 10.
#pragma once

#include <string>
#include <vector>

#include "adapters/gguf/gguf_header.hpp"
#include "llm/stored_model.hpp"

namespace rigor::adapters {

/// In the file's order, classified. `undetermined` gains a sentence when a format is unknown.
/// Errors: rows that are no whole number of blocks, tensors that overlap, lie unaligned or outside
/// the file.
Result<std::vector<llm::StoredTensor>> stored_tensors(const GgufHeader& header,
                                                      std::vector<std::string>& undetermined);

}  // namespace rigor::adapters
