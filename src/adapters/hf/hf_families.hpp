// What a config.json leaves to its modelling code: norms, biases, defaults. One row per model_type;
// everything else is read from the file. Layer 10.
#pragma once

#include <span>
#include <string_view>

#include "adapters/hf/config_reader.hpp"
#include "adapters/model/windows.hpp"
#include "llm/architecture.hpp"

namespace rigor::adapters {

/// Values that a class of transformers fills in when the file does not state them.
struct HfDefaults {
  int vocabulary = 0, heads = 0, kv_heads = 0, head_dim = 0, context = 0;
};

/// Which projections the key attention_bias speaks of.
enum class BiasScope : std::uint8_t { all, inputs };

struct HfFamily {
  std::string_view model_type;
  std::string_view family;
  std::string_view gguf = {};  ///< general.architecture after conversion
  llm::Plan plan = llm::Plan::decoder;
  llm::Norm norm = llm::Norm::rms;
  int norms = 2;
  llm::QkNorm qk_norm = llm::QkNorm::none;
  bool tied = false;  ///< where the file does not say
  bool qkv_bias = false, o_bias = false, mlp_bias = false, head_bias = false;
  BiasScope bias_scope = BiasScope::all;
  bool gated = true;
  bool fused_qkv = false, fused_gate_up = false;  ///< in GGUF files
  Windows windows = Windows::stated;
  int period = 0;
  HfDefaults defaults = {};
  /// What the family's files say in words of their own; null when there is nothing of the kind.
  void (*before)(ConfigReader&,
                 llm::Architecture&) = nullptr;  ///< called before the layers are read
  void (*after)(ConfigReader&, llm::Architecture&) = nullptr;  ///< called when the layers are there
};

/// The rows, in two tables.
std::span<const HfFamily> dense_hf_families();
std::span<const HfFamily> mixed_hf_families();
/// Null for a model_type that is not in the table.
const HfFamily* find_hf_family(std::string_view model_type);

}  // namespace rigor::adapters
