// Builds the tensor list of a network piece by piece. The pieces are split by kind into
// inventory_*.cpp; only tensor.cpp and these include this header. Layer 2.
//
// Sizes are those of the published checkpoint; names, merging and shapes are those of its GGUF
// files: ggml-org/llama.cpp src/models/*.cpp. Formulas: docs/models/01-parameters.md.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "llm/architecture.hpp"
#include "llm/tensor.hpp"

namespace rigor::llm {

using Size = std::int64_t;

/// Whether a projection has a bias vector beside its matrix.
enum class Bias : std::uint8_t { without, with };
constexpr Bias bias_if(bool stated) {
  return stated ? Bias::with : Bias::without;
}

class Inventory {
 public:
  /// Tensors added from now on belong to this layer.
  void enter(int layer) { layer_ = layer; }

  /// One matrix of `rows` rows of `columns` contiguous elements; nothing when it is empty.
  void matrix(Role role, Size columns, Size rows);
  /// A matrix and, if asked for, the bias vector of its outputs.
  void linear(Role role, Size columns, Size rows, Bias bias);
  void vector(Role role, Size elements);
  /// `count` matrices stacked in one tensor.
  void stack(Role role, Size columns, Size rows, int count);
  /// Normalisation of a vector of this width: a weight, and for LayerNorm a bias.
  void norm(Norm kind, Size width);

  std::vector<Tensor> take() { return std::move(tensors_); }

 private:
  std::vector<Tensor> tensors_;
  int layer_ = kNoLayer;
};

// Parts of a layer.
void add_attention(Inventory& out, const Architecture& a, const Layer& layer);
void add_mla(Inventory& out, const Architecture& a, const Layer& layer);
void add_delta_net(Inventory& out, const Architecture& a);
void add_mamba1(Inventory& out, const Architecture& a);
void add_mamba2(Inventory& out, const Architecture& a);
void add_short_convolution(Inventory& out, const Architecture& a);
void add_dense(Inventory& out, const Architecture& a, Size width);
void add_experts(Inventory& out, const Architecture& a);
/// A whole layer of the common plan: norms, mixer, feed-forward, per-layer extras.
void add_layer(Inventory& out, const Architecture& a, const Layer& layer);
/// Multi-token-prediction layers, numbered after the main ones.
void add_mtp(Inventory& out, const Architecture& a);

// Whole networks, one function per plan.
void add_decoder(Inventory& out, const Architecture& a);
void add_encoder(Inventory& out, const Architecture& a, InventoryScope scope);
void add_t5(Inventory& out, const Architecture& a);
void add_whisper(Inventory& out, const Architecture& a);
void add_deepseek_v4(Inventory& out, const Architecture& a, InventoryScope scope);
void add_flux(Inventory& out, const Architecture& a);
/// The image encoder and its projector.
void add_vision(Inventory& out, const Architecture& a);

}  // namespace rigor::llm
