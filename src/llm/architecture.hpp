// A network as its publisher describes it: dimensions, layer by layer. Everything that decides
// sizes (weights, KV cache, recurrent state, activations) is derived from this and nothing else.
// Layer 2.
//
// `Architecture` is filled from the catalogue, from a Hugging Face config.json or from a GGUF
// header; all three lead here. The field's letters in the formulas: V vocabulary, H hidden, A
// heads, KV kv_heads, D head_dim, I feed-forward width, E experts. Formulas and sources:
// docs/models/01-parameters.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace rigor::llm {

/// What mixes information between tokens in one layer.
enum class Mixer : std::uint8_t { none, attention, mla, delta_net, mamba1, mamba2, short_conv };
/// Which earlier tokens an attention layer sees.
enum class Reach : std::uint8_t { full, sliding, chunked };
/// What follows the mixer. `dense_and_experts` runs both (Gemma 4 26B-A4B).
enum class FeedForward : std::uint8_t { none, dense, experts, dense_and_experts };

enum class Norm : std::uint8_t { rms, layer, layer_without_bias };
/// Normalisation of queries and keys: one weight vector per head dimension, or per projection
/// width.
enum class QkNorm : std::uint8_t { none, head, full };
/// Overall plan of the network.
enum class Plan : std::uint8_t {
  decoder,
  bert,
  nomic_bert,
  t5,
  whisper,
  mamba,
  deepseek_v4,
  flux,
  sizes_only
};

/// One layer, resolved: patterns and exceptions are already applied.
struct Layer {
  Mixer mixer = Mixer::attention;
  Reach reach = Reach::full;
  FeedForward feed_forward = FeedForward::dense;
  bool owns_cache = true;        ///< false: reads another layer's KV cache (Gemma 3n/4 E)
  bool values_are_keys = false;  ///< no value projection (Gemma 4 full-attention layers)
  std::int32_t heads = 0;
  std::int32_t kv_heads = 0;
  std::int32_t head_dim = 0;
  std::int32_t width = 0;      ///< dense feed-forward width of this layer; 0 if none
  std::int32_t compress = 0;   ///< DeepSeek-V4 compression ratio: 0, 4 or 128
  bool hashed_router = false;  ///< DeepSeek-V4: routing by token id instead of a learned bias
};

/// Multi-head latent attention. q_rank 0: queries are not compressed.
struct Mla {
  int q_rank = 0, kv_rank = 0, rope_dim = 0, nope_dim = 0, v_dim = 0;
  int index_heads = 0, index_dim = 0, index_top = 0;  ///< sparse-attention indexer; 0 heads: none
};
/// Gated DeltaNet.
struct DeltaNet {
  int key_heads = 0, value_heads = 0, key_dim = 0, value_dim = 0, convolution = 0;
  bool fused_beta_alpha = false;  ///< GGUF stores both step projections as one tensor (Qwen3-Next)
};
/// Mamba 1 (inner, dt_rank) or Mamba 2 (heads, head_dim, groups).
struct StateSpace {
  int heads = 0, head_dim = 0, state = 0, groups = 1, convolution = 4, inner = 0, dt_rank = 0;
};
struct ShortConvolution {
  int cache = 0, width = 0;
};
struct Experts {
  int count = 0;             ///< routed experts per layer
  int used = 0;              ///< routed experts per token
  int width = 0;             ///< feed-forward width of one routed expert
  int shared_width = 0;      ///< width of all shared experts together; 0: none
  bool shared_gate = false;  ///< the shared expert has its own gate vector (Qwen)
  bool correction_bias = false;
  bool expert_bias = false;  ///< biases on every expert projection (gpt-oss)
  bool router_bias = false;
  bool fused_gate_up = false;     ///< GGUF stores gate and up as one tensor (Gemma 4)
  std::int64_t router_extra = 0;  ///< further router parameters per layer (Gemma 4: H + E)
};
/// Per-layer embeddings (Gemma 3n, Gemma 4 E).
struct PerLayerEmbedding {
  int width = 0, vocabulary = 0;
};
/// AltUp and LAuReL (Gemma 3n).
struct AltUp {
  int inputs = 0, laurel_rank = 0;
};
/// Multi-token-prediction layers stored beside the main network.
enum class MtpKind : std::uint8_t { qwen, deepseek, deepseek_v4 };
struct Mtp {
  MtpKind kind = MtpKind::qwen;
  int layers = 0;
  bool stores_embedding_copies = false;  ///< the published file repeats embedding and head
};
enum class VisionKind : std::uint8_t { qwen3vl, siglip, pixtral, llama4, gemma4 };
struct Vision {
  VisionKind kind = VisionKind::siglip;
  int hidden = 0, width = 0, depth = 0, heads = 0, patch = 0, merge = 0, temporal_patch = 0,
      positions = 0, output = 0, image = 0, projector = 0, head_dim = 0;
  bool standardize = false;  ///< learned shift and scale of the output (Gemma 4)
};
/// The DeepSeek-V4 compression whose entries an indexer chooses from; the other ratio attends to
/// all of them.
inline constexpr int kIndexedCompression = 4;
/// DeepSeek-V4 attention and hyper-connections.
struct DeepSeekV4 {
  int q_rank = 0, o_rank = 0, o_groups = 0, rope_dim = 0, index_heads = 0, index_dim = 0,
      index_top = 0, hyper = 0;
};
struct Flux {
  int depth = 0, depth_single = 0, in_channels = 0, context_in = 0, vector_in = 0;
  bool guidance = false;
};

struct Architecture {
  std::string id;
  std::string name;
  std::string family;  ///< groups architectures that share their modelling code
  std::string gguf;    ///< general.architecture of its GGUF files; empty if none
  Plan plan = Plan::decoder;

  int vocabulary = 0;
  int hidden = 0;
  int context = 0;         ///< longest position the publisher states
  int sliding_window = 0;  ///< window (or chunk) of the layers that do not see everything
  bool causal = true;

  bool tied_embeddings = false;
  bool head_bias = false;  ///< bias on the output head
  int learned_positions = 0;
  int token_types = 0;
  bool pooler = false;
  int decoder_layers = 0;  ///< encoder-decoder plans: layers of the second stack
  int mel_bins = 0, audio_positions = 0;
  int rope_factors = 0;  ///< elements of the rope_freqs tensor that GGUF files add; not a parameter

  Norm norm = Norm::rms;
  int norms_per_layer = 2;  ///< block norms besides query/key norms (1: parallel block)
  int scalars_per_layer = 0;
  QkNorm qk_norm = QkNorm::none;
  bool qkv_bias = false, o_bias = false, mlp_bias = false;
  bool gated = true;           ///< SwiGLU/GeGLU: three matrices; else two
  bool output_gate = false;    ///< attention output gate doubles the query projection (Qwen3-Next)
  bool sinks = false;          ///< one learned sink logit per head (gpt-oss)
  bool fused_qkv = false;      ///< GGUF stores one attn_qkv tensor (Phi-3, Falcon, GPT-2, …)
  bool fused_gate_up = false;  ///< GGUF stores gate and up as one tensor (Phi-3, ChatGLM)
  bool mixer_or_feed_forward = false;  ///< one block per layer with one norm (Nemotron-H)

  /// Of encoder-decoders: the encoder's; a decoder layer has the same dimensions.
  std::vector<Layer> layers;

  std::optional<Mla> mla;
  std::optional<DeltaNet> delta_net;
  std::optional<StateSpace> state_space;
  std::optional<ShortConvolution> short_convolution;
  std::optional<Experts> experts;
  std::optional<PerLayerEmbedding> per_layer_embedding;
  std::optional<AltUp> alt_up;
  std::optional<Mtp> mtp;
  std::optional<Vision> vision;
  std::optional<DeepSeekV4> deepseek_v4;
  std::optional<Flux> flux;

  std::int64_t published_parameters = 0;  ///< as the publisher's file counts them; 0: not known
  /// What the published count includes beside the text network.
  bool published_with_vision = false, published_with_mtp = false;
};

/// The table that a layer's mixer or the plan relies on: `stated(a.mla).kv_rank`.
/// Requires: the architecture has it.
template <class Table>
const Table& stated(const std::optional<Table>& table) {
  RIGOR_ASSERT(table.has_value());
  return *table;
}

}  // namespace rigor::llm
