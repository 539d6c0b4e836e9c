// A network as it lies on a disk or a server: the tensors a file's header lists, with exact bytes,
// and as much of the architecture as the file states. Layer 2.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "llm/architecture.hpp"
#include "llm/quantization.hpp"
#include "llm/tensor.hpp"
#include "units/quantity.hpp"

namespace rigor::llm {

struct StoredTensor {
  std::string name;
  Role role = Role::other;
  int layer = kNoLayer;
  std::int64_t elements = 0;
  Bytes size = {};  ///< exact, from the header
  const TensorType* type =
      nullptr;  ///< null: a format rigor does not know (its size is still exact)
};

struct StoredModel {
  std::string source;  ///< path or address as the user wrote it
  std::string format;  ///< "GGUF v3", "safetensors", "config.json"
  std::string
      quantization;  ///< as the file names it ("Q4_K_M", "gptq 4-bit g128"); empty if unknown
  /// Absent when the file's architecture is one rigor does not know; weights are exact all the
  /// same.
  std::optional<Architecture> architecture;
  std::vector<StoredTensor> tensors;      ///< empty for a bare config.json
  std::vector<std::string> undetermined;  ///< what the file did not say, in plain words

  [[nodiscard]] Bytes size() const;  ///< sum over tensors
};

/// Role and layer of a tensor by its name in a GGUF file ("blk.3.attn_q.weight").
void classify_gguf(StoredTensor& tensor);
/// By its name in a Hugging Face checkpoint ("model.layers.3.self_attn.q_proj.weight").
void classify_checkpoint(StoredTensor& tensor);

}  // namespace rigor::llm
