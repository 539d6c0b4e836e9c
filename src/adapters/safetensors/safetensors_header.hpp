// The header of one safetensors file: names, types and exact bytes of its tensors. Nothing behind
// the header is read. Format: huggingface/safetensors README. Layer 10.
#pragma once

#include <string>
#include <vector>

#include "adapters/bytes/byte_source.hpp"
#include "llm/stored_model.hpp"

namespace rigor::adapters {

/// The tensors in the header's order, classified by name. Packed formats (four-bit weights in I32)
/// are listed as they are stored. Errors: not safetensors, cut off, an unknown type, sizes that
/// disagree with shapes, tensors that overlap or lie outside the file, names that appear twice,
/// sizes beyond the stated bounds.
Result<std::vector<llm::StoredTensor>> read_safetensors_header(ByteSource& source);

}  // namespace rigor::adapters
