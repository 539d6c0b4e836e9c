#include "llm/quantization.hpp"

#include <array>

#include "base/result.hpp"

namespace rigor::llm {
namespace {

struct Replacement {
  std::string_view type;
  std::string_view instead;
};

/// What llama-quantize stores instead of a type whose blocks of 256 do not divide a row.
constexpr std::array kReplacements = {
    Replacement{"iq1_s", "iq4_nl"},   Replacement{"iq1_m", "iq4_nl"},
    Replacement{"iq2_xxs", "iq4_nl"}, Replacement{"iq2_xs", "iq4_nl"},
    Replacement{"iq2_s", "iq4_nl"},   Replacement{"iq3_xxs", "iq4_nl"},
    Replacement{"iq3_s", "iq4_nl"},   Replacement{"iq4_xs", "iq4_nl"},
    Replacement{"q2_0", "q4_0"},      Replacement{"q2_K", "q4_0"},
    Replacement{"q3_K", "q4_0"},      Replacement{"tq1_0", "q4_0"},
    Replacement{"tq2_0", "q4_0"},     Replacement{"q4_K", "q5_0"},
    Replacement{"q5_K", "q5_1"},      Replacement{"q6_K", "q8_0"},
    Replacement{"iq2_k", "iq4_nl"},   Replacement{"iq2_ks", "iq4_nl"},
    Replacement{"iq3_k", "iq4_nl"},   Replacement{"iq3_ks", "iq4_nl"},
    Replacement{"iq4_kss", "iq4_nl"}, Replacement{"iq2_kt", "iq4_nl"},
    Replacement{"iq3_kt", "iq4_nl"},  Replacement{"iq4_kt", "iq4_nl"},
    Replacement{"iq4_k", "q5_0"},     Replacement{"iq4_ks", "q5_0"},
    Replacement{"iq5_k", "q6_0"},     Replacement{"iq5_ks", "q6_0"},
    Replacement{"iq6_k", "q8_0"},
};

constexpr RoleSet kAlwaysF32 = {Role::norm, Role::bias, Role::router, Role::state_small,
                                Role::position_embedding};
constexpr RoleSet kNeverQuantized = {Role::per_layer_projection, Role::vision};
constexpr RoleSet kExperts = {Role::experts_gate, Role::experts_up, Role::experts_down};

const TensorType& known(std::string_view name) {
  const TensorType* type = find_tensor_type(name);
  RIGOR_ASSERT(type != nullptr);
  return *type;
}

const TensorType& f32() {
  static const TensorType& type = known("f32");
  return type;
}
const TensorType& f16() {
  static const TensorType& type = known("f16");
  return type;
}
const TensorType& mxfp4() {
  static const TensorType& type = known("mxfp4");
  return type;
}

const TensorType& fitting(const TensorType* type, std::int64_t columns) {
  if (columns % type->elements == 0) return *type;
  for (const Replacement& replacement : kReplacements) {
    if (replacement.type != type->name) continue;
    const TensorType& instead = known(replacement.instead);
    if (columns % instead.elements == 0) return instead;
  }
  return f16();
}

/// The type a GGUF file gives a tensor whatever the recipe says; null when the recipe decides.
const TensorType* fixed_by_gguf(const Quantization& q, const RecipeFacts& facts,
                                const Tensor& tensor) {
  if (tensor.dimensions == 1 || kAlwaysF32.contains(tensor.role)) return &f32();
  if (kNeverQuantized.contains(tensor.role)) return q.fallback == &f32() ? &f32() : &f16();
  if (facts.mxfp4_experts() && kExperts.contains(tensor.role)) return &mxfp4();
  return nullptr;
}

const TensorType& recipe_type(const Quantization& q, const RecipeFacts& facts,
                              const Tensor& tensor) {
  const ConditionSet conditions = facts.of(tensor);
  for (const RecipeRule& rule : q.rules) {
    const bool meant = rule.roles.empty() || rule.roles.contains(tensor.role);
    if (meant && rule.when.holds(conditions)) return *rule.type;
  }
  return *q.fallback;
}

}  // namespace

const TensorType& tensor_type(const Quantization& q, const RecipeFacts& facts,
                              const Tensor& tensor) {
  if (!q.gguf) return recipe_type(q, facts, tensor);
  if (const TensorType* fixed = fixed_by_gguf(q, facts, tensor)) return *fixed;
  return fitting(&recipe_type(q, facts, tensor), tensor.columns);
}

const TensorType& tensor_type(const Quantization& q, const Architecture& architecture,
                              const Tensor& tensor) {
  return tensor_type(q, RecipeFacts(architecture), tensor);
}

Bytes weights(const Quantization& q, const Architecture& architecture, InventoryScope scope) {
  scope.gguf_file = q.gguf;
  const RecipeFacts facts(architecture);
  Bytes sum;
  for (const Tensor& tensor : tensors(architecture, scope)) {
    sum += storage(tensor_type(q, facts, tensor), tensor.columns, tensor.rows);
  }
  return sum;
}

}  // namespace rigor::llm
