// The tensor inventory: every tensor of a network with its role, layer and shape, named as a GGUF
// file names it. Parameter counts, file sizes, placement and LoRA targets are sums over this list.
// Layer 2.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "llm/architecture.hpp"

namespace rigor::llm {

/// What a tensor does. Quantization recipes and placement rules speak of roles, never of names.
enum class Role : std::uint8_t {
  token_embedding,
  position_embedding,   ///< learned positions, token types
  per_layer_embedding,  ///< the table indexed by token (Gemma 3n/4 E); stays in host memory
  output_head,
  norm,  ///< any normalisation weight or bias vector
  bias,  ///< any other bias or per-head/per-layer scalar vector
  attention_q,
  attention_k,
  attention_v,
  attention_qkv,
  attention_output,
  attention_gate,  ///< output gate stored apart (delta-net z projection)
  mla_q_a,
  mla_q_b,
  mla_kv_a,
  mla_kv_b,
  mla_k_b,
  mla_v_b,
  mla_o_a,
  mla_o_b,     ///< output in two low-rank steps (DeepSeek-V4)
  indexer,     ///< sparse-attention indexer matrices
  compressor,  ///< key-value compressors (DeepSeek-V4)
  ffn_gate,
  ffn_up,
  ffn_down,
  experts_gate,
  experts_up,
  experts_down,
  shared_gate,
  shared_up,
  shared_down,
  router,
  state_in,
  state_out,
  state_x,
  state_dt,        ///< projections of recurrent mixers
  state_small,     ///< convolution kernels, A, D, hyper-connections; integer tables: 4 bytes each
  per_layer_gate,  ///< Gemma 3n/4 E: each layer's gate and projection (inp_gate, proj)
  per_layer_projection,  ///< Gemma 3n/4 E: of the whole network; AltUp, LAuReL; never quantized
  next_token,            ///< MTP glue projections
  vision,
  other,
};
inline constexpr int kRoles = static_cast<int>(Role::other) + 1;

std::string_view to_text(Role role);

/// Layer number of tensors that belong to no layer.
inline constexpr int kNoLayer = -1;

struct Tensor {
  Role role = Role::other;
  int layer = kNoLayer;  ///< 0-based; MTP layers continue after the last main layer
  /// Contiguous elements of one row (GGUF ne[0]); quantization blocks run along it.
  std::int64_t columns = 0;
  std::int64_t rows = 1;        ///< product of the other dimensions (experts included)
  std::int32_t dimensions = 2;  ///< 1 for vectors: those are never quantized
  std::int32_t experts = 1;     ///< how many expert matrices are stacked in it

  [[nodiscard]] std::int64_t elements() const { return columns * rows; }
};

/// Which optional parts of a network to list.
struct InventoryScope {
  bool vision = false;
  bool mtp = false;
  bool gguf_file = false;  ///< what a GGUF file adds (rope_freqs) and leaves out (BERT's pooler)
};

/// All tensors of the text network (and the parts asked for), in file order: globals, then layer by
/// layer. Requires: the architecture's layers are resolved. MLA is listed with k_b and v_b split
/// (current GGUF files).
std::vector<Tensor> tensors(const Architecture& architecture, InventoryScope scope = {});

/// Sum of elements. Compared with published counts in the catalogue tests.
std::int64_t parameters(const Architecture& architecture, InventoryScope scope = {});
/// Parameters one token passes through: of routed experts only those used; both embedding matrices
/// count.
std::int64_t active_parameters(const Architecture& architecture);

}  // namespace rigor::llm
