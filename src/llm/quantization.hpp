// How tensors are stored. A `TensorType` is a block format with exact sizes; a `Quantization` is a
// recipe that gives each tensor of a network its type (Q4_K_M is such a recipe, q4_K a type).
// Layer 2.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "llm/architecture.hpp"
#include "llm/recipe_condition.hpp"
#include "llm/role_set.hpp"
#include "llm/tensor.hpp"
#include "units/quantity.hpp"

namespace rigor::llm {

/// A storage format: `elements` consecutive weights of a row take `bits` bits, scales included.
struct TensorType {
  std::string_view name;       ///< as ggml spells it ("q4_K"), or "nf4", "fp8_e4m3", "awq4_g128", …
  std::int32_t elements = 1;   ///< block length
  std::int32_t bits = 0;       ///< bits of one block, scales and zero points included
  std::int32_t ggml_id = -1;   ///< number in GGUF files; -1: not a ggml type
  std::int32_t row_bytes = 0;  ///< further bytes per row (ik_llama *_KS, *_KT types)
  std::string_view source;     ///< where the layout is defined
};

/// Every format known, ggml's first.
std::span<const TensorType> tensor_types();
/// By name, any case; null when unknown.
const TensorType* find_tensor_type(std::string_view name);
/// By the number in a GGUF header; null when unknown.
const TensorType* find_ggml_type(std::uint32_t id);

/// Bytes of a matrix. ggml types pad every row to whole blocks; the others fill blocks across rows.
Bytes storage(const TensorType& type, std::int64_t columns, std::int64_t rows);

/// One rule of a recipe: tensors of these roles, where the condition holds, are stored as `type`.
struct RecipeRule {
  RoleSet roles = {};  ///< empty: any role
  When when = {};
  const TensorType* type = nullptr;
};

/// A recipe: the first rule that matches gives the type, else `fallback`.
struct Quantization {
  std::string id;    ///< catalogue id, e.g. "quantization/q4_k_m"
  std::string name;  ///< "Q4_K_M"
  const TensorType* fallback = nullptr;
  std::vector<RecipeRule> rules;
  bool gguf = false;  ///< GGUF conventions: vectors F32, incompatible widths fall back
  /// How far the size may be off, as a fraction either way; 0: the recipe is the published rule
  /// itself.
  double tolerance = 0.0;
};

/// The type of one tensor. `facts` are those of the tensor's network.
const TensorType& tensor_type(const Quantization& quantization, const RecipeFacts& facts,
                              const Tensor& tensor);

/// The same for one tensor alone: prepares the facts anew each time.
const TensorType& tensor_type(const Quantization& quantization, const Architecture& architecture,
                              const Tensor& tensor);

/// Bytes of the network's tensors; file headers are not counted. The scope's `gguf_file` is set by
/// the recipe itself.
Bytes weights(const Quantization& quantization, const Architecture& architecture,
              InventoryScope scope = {});

/// Types a KV cache may have, with bytes per element (q8_0 = 1.0625, q4_0 = 0.5625).
const TensorType* find_cache_type(std::string_view name);

}  // namespace rigor::llm
