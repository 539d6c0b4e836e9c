// Builds the graph of one micro-batch in the order in which llama.cpp builds it. Only what decides
// sizes is here: rows, widths, which operation may take its source's place, what is computed early.
// Internal to `replay`; one file per kind of block. Layer 5.
//
// Letters: u tokens, h hidden, D head dim, A heads. Sources: ggml-org/llama.cpp src/llama-graph.cpp
// and src/models/, ikawrakow/ik_llama.cpp src/llama.cpp.
#pragma once

#include <vector>

#include "estimate/memory/ggml_graph.hpp"
#include "estimate/memory/llama_graph.hpp"

namespace rigor::estimate {

/// What differs between builds.
struct GraphStyle {
  bool half_mask = false;        ///< the mask is F16 from the start (with flash attention)
  bool cell_inputs = false;      ///< the cells to write are inputs
  bool embedding_input = false;  ///< a second input for embeddings in place of tokens
  bool fused_norm = false;       ///< norm and its weight are one operation
  bool fused_gate = false;       ///< activation and product are one operation with a fresh result
  bool up_first = false;         ///< of a dense feed-forward, up is computed before gate
  bool slot_logits = false;      ///< logits of one token per slot, not of the micro-batch
  bool windows = false;          ///< layers with a window have their own cells and mask
  bool flash_scratch = false;    ///< quantized caches are converted behind the attention's result
  bool rotation = false;         ///< queries and quantized caches are rotated
  bool experts_weighted_in_place = false;
  bool experts_summed_at_once = false;
  bool experts_early = false;  ///< every step of the experts is expanded as it is built
  bool keys_last = false;      ///< queries, values, keys instead of queries, keys, values
};
GraphStyle style_of(LlamaEpoch epoch);

class LlamaBuilder {
 public:
  explicit LlamaBuilder(const LlamaGraph& settings);

  /// The whole graph. Call once.
  TensorGraph build();

 private:
  // llama_graph.cpp
  TensorId embedding();
  void make_inputs();
  void make_masks();
  void make_rotations();
  TensorId layer(int index, TensorId in);
  TensorId with_feed_forward(int index, TensorId attended);
  void logits(TensorId in);
  /// The last layer goes on with the rows whose logits are wanted.
  TensorId wanted_rows(TensorId all);
  TensorId norm(TensorId in);
  TensorId norm(TensorId in, Shape dimensions);
  TensorId mul_mat(std::int64_t rows, TensorId in);
  void place_layers();

  // llama_attention.cpp
  TensorId attention(int index, TensorId in);
  TensorId attend(int index, TensorId queries);
  TensorId attend_by_scores(int index, TensorId queries);
  TensorId flash(const Shape& result, std::initializer_list<TensorId> sources, double key_elements,
                 double value_elements);
  TensorId with_positions(TensorId heads);
  TensorId queries_of(const llm::Layer& shape, TensorId projected);
  TensorId keys_of(const llm::Layer& shape, TensorId projected);
  TensorId values_of(const llm::Layer& shape, TensorId projected);
  TensorId rotated(TensorId in, TensorId rotation);
  [[nodiscard]] TensorId key_rotation_of(int index) const;
  [[nodiscard]] TensorId value_rotation_of(int index) const;
  void store(TensorId queries, TensorId keys, TensorId values);
  [[nodiscard]] bool is_windowed(int index) const;
  [[nodiscard]] std::int64_t cells_of(int index) const;
  [[nodiscard]] TensorId mask_of(int index) const;

  // llama_latent.cpp
  TensorId latent_attention(TensorId in);
  struct LatentInputs {
    TensorId queries = kNoTensor;  ///< both parts
    TensorId rope_queries = kNoTensor;
    TensorId rope_keys = kNoTensor;
    TensorId compressed = kNoTensor;
  };
  LatentInputs latent_inputs(TensorId in);

  // llama_latent_ik.cpp
  TensorId fork_latent_attention(TensorId in);
  TensorId fork_expanded(const LatentInputs& in);
  TensorId fork_computed(const LatentInputs& in);
  TensorId fork_computed_at_first(const LatentInputs& in);
  TensorId fork_absorbed(const LatentInputs& in);
  TensorId fork_absorbed_scores(TensorId queries, TensorId transposed);
  TensorId fork_scores_in_parts(TensorId queries, TensorId transposed, std::int64_t parts);
  [[nodiscard]] int heads_at_once() const;

  // llama_recurrent.cpp
  TensorId delta_net(TensorId in);
  TensorId delta_net_heads(TensorId convolved, TensorId decay, TensorId beta);
  TensorId short_convolution(TensorId in);
  TensorId state_space(const llm::Layer& shape, TensorId in);
  TensorId convolution(TensorId in, std::int64_t channels, std::int64_t taps);

  // llama_feed_forward.cpp
  TensorId feed_forward(int index, TensorId in);
  TensorId dense(std::int64_t width, TensorId in);
  TensorId dense_merged(std::int64_t width, TensorId in);
  TensorId gated(TensorId gate, TensorId up, const Shape& dimensions);
  TensorId routed(int index, TensorId in);
  struct Routing {
    TensorId chosen = kNoTensor, weights = kNoTensor;
  };
  Routing route(TensorId in);
  TensorId routed_product(TensorId in, const std::array<TensorId, 3>& weights, TensorId chosen);
  TensorId sum_experts(TensorId experts);
  std::array<TensorId, 3> expert_weights(int index);
  TensorId shared(TensorId in, TensorId routed);
  void prepare_per_layer_inputs(TensorId embedded);
  TensorId with_per_layer_input(TensorId in);

  const LlamaGraph& settings_;
  const llm::Architecture& a_;
  GraphStyle style_;
  TensorGraph graph_;
  std::vector<int> device_of_;  ///< of each layer
  std::int64_t u_ = 0;          ///< rows that flow through the current layer

  TensorId positions_ = kNoTensor, wanted_ = kNoTensor, state_rows_ = kNoTensor;
  TensorId mask_ = kNoTensor, window_mask_ = kNoTensor;
  TensorId key_cells_ = kNoTensor, value_cells_ = kNoTensor;
  TensorId key_rotation_ = kNoTensor, value_rotation_ = kNoTensor;
  TensorId window_key_rotation_ = kNoTensor, window_value_rotation_ = kNoTensor;
  TensorId per_layer_ = kNoTensor;
  TensorId weight_ = kNoTensor, cache_ = kNoTensor;  ///< of the current layer
};

}  // namespace rigor::estimate
