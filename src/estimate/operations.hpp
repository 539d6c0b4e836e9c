// What one token costs a network, by kind of operation: which matrices are read and multiplied, in
// which storage formats, what attention reads and computes, how many kernels are launched. Made
// once per network; every speed estimate is arithmetic over these few sums. Layer 5.
//
// Formulas: docs/models/30-inference-speed.md.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "llm/architecture.hpp"
#include "llm/tensor.hpp"
#include "units/quantity.hpp"

namespace rigor::estimate {

/// Storage formats that share kernels, and so an efficiency.
enum class Kernel : std::uint8_t {
  plain,     ///< F16, F32
  bf16,      ///< BF16: some backends have no matrix units for it
  legacy,    ///< q4_0, q4_1, q5_0, q5_1, iq4_nl
  q8,        ///< q8_0 and other 8-bit integers
  k_quant,   ///< q2_K … q6_K
  i_quant,   ///< iq1 … iq4: codebooks
  fp4,       ///< MXFP4, NVFP4
  fp8,       ///< FP8
  grouped4,  ///< AWQ, GPTQ, MLX, EXL: 4 bits with a scale per group
};
inline constexpr int kKernels = static_cast<int>(Kernel::grouped4) + 1;
std::string_view to_text(Kernel kernel);
/// By the name of a tensor type ("q4_K", "bf16", "awq4_g128").
Kernel kernel_of(std::string_view tensor_type);

/// Matrices that act alike.
enum class Operation : std::uint8_t {
  attention,     ///< projections of mixers that attend
  recurrent,     ///< projections of mixers that keep a state
  feed_forward,  ///< dense feed-forward and shared experts
  experts,       ///< routed experts
  head,          ///< output head; computed for the last token only
};
inline constexpr int kOperations = static_cast<int>(Operation::head) + 1;
std::string_view to_text(Operation operation);

/// All matrices of one operation over the whole network.
struct Matrices {
  double elements = 0;
  std::array<Bytes, kKernels> stored = {};  ///< bytes by format

  [[nodiscard]] Bytes sum() const;
};

/// Attention layers that see equally far.
struct AttentionKind {
  int layers = 0;
  int window = 0;        ///< tokens seen; 0: all
  double key_width = 0;  ///< cached elements of one token and layer, keys
  double value_width = 0;
  double heads = 0;
  double compute = 0;   ///< multiply-adds of one query token with one cached token, all heads
  double expanded = 0;  ///< the same while training, where latent keys are expanded
};

struct Operations {
  std::array<Matrices, kOperations> matrices = {};
  std::array<AttentionKind, 6> attention = {};  ///< the first `attention_kinds`
  int attention_kinds = 0;
  int attention_layers = 0, recurrent_layers = 0, dense_layers = 0, expert_layers = 0;
  double recurrent_kernels = 0;  ///< launched by all recurrent layers for one step
  bool has_head = false;         ///< a head of its own was added, not the embedding
  double state = 0;              ///< elements of all recurrent states of one sequence
  double experts = 0;            ///< routed experts of a layer
  double experts_used = 0;       ///< of those, used by one token
  double hidden = 0, vocabulary = 0, layers = 0;

  [[nodiscard]] const Matrices& of(Operation operation) const {
    return matrices[static_cast<std::size_t>(operation)];
  }
  /// Elements a token passes through.
  [[nodiscard]] double active_elements() const;
};

/// Adds one tensor; embeddings, vectors and other parts that cost next to nothing are left out.
void add_tensor(Operations& operations, const llm::Architecture& architecture, llm::Role role,
                int layer, double elements, Bytes size, Kernel kernel);
/// The sums that depend on dimensions alone.
Operations make_operations(const llm::Architecture& architecture);

/// The same of one MTP layer: it drafts a token in one pass, the head is added by the caller.
/// Without MTP layers there are no sums.
Operations make_draft_operations(const llm::Architecture& architecture);
/// Adds a tensor of the MTP layers.
void add_draft_tensor(Operations& operations, const llm::Architecture& architecture, llm::Role role,
                      double elements, Bytes size, Kernel kernel);

/// Of `count` experts, how many are met when `tokens` tokens choose `used` each independently.
double distinct_experts(double count, double used, double tokens);

}  // namespace rigor::estimate
