// Encoders (BERT, nomic) and encoder-decoders (T5, Whisper).
#include "llm/inventory.hpp"

namespace rigor::llm {
namespace {

/// Buckets of T5's relative position bias (huggingface/transformers T5Config).
constexpr Size kRelativeBuckets = 32;
/// Width of both convolution kernels of Whisper's audio front end.
constexpr Size kAudioKernel = 3;

const Layer& model_layer(const Architecture& a) {
  return a.layers.front();
}

/// The encoder stack, then the decoder stack; each decoder layer attends twice and has one more
/// norm.
struct Stack {
  int first = 0;
  int layers = 0;
  int attentions = 1;
};

Stack encoder_stack(const Architecture& a) {
  return {0, static_cast<int>(a.layers.size()), 1};
}
Stack decoder_stack(const Architecture& a) {
  return {static_cast<int>(a.layers.size()), a.decoder_layers, 2};
}

void add_t5_stack(Inventory& out, const Architecture& a, const Stack& stack) {
  const Layer& layer = model_layer(a);
  for (int i = 0; i < stack.layers; ++i) {
    out.enter(stack.first + i);
    for (int k = 0; k < stack.attentions; ++k) {
      out.norm(a.norm, a.hidden);
      add_attention(out, a, layer);
    }
    if (i == 0) out.matrix(Role::position_embedding, layer.heads, kRelativeBuckets);
    out.norm(a.norm, a.hidden);
    add_dense(out, a, layer.width);
  }
  out.enter(kNoLayer);
  out.norm(a.norm, a.hidden);
}

/// Keys have no bias; queries, values and the output have one.
void add_whisper_attention(Inventory& out, const Architecture& a, const Layer& layer) {
  const Size width = Size{layer.heads} * layer.head_dim;
  out.linear(Role::attention_q, a.hidden, width, Bias::with);
  out.matrix(Role::attention_k, a.hidden, width);
  out.linear(Role::attention_v, a.hidden, width, Bias::with);
  out.linear(Role::attention_output, width, a.hidden, Bias::with);
}

void add_whisper_stack(Inventory& out, const Architecture& a, const Stack& stack) {
  const Layer& layer = model_layer(a);
  for (int i = 0; i < stack.layers; ++i) {
    out.enter(stack.first + i);
    for (int k = 0; k < stack.attentions; ++k) {
      out.norm(a.norm, a.hidden);
      add_whisper_attention(out, a, layer);
    }
    out.norm(a.norm, a.hidden);
    add_dense(out, a, layer.width);
  }
  out.enter(kNoLayer);
  out.norm(a.norm, a.hidden);
}

}  // namespace

void add_encoder(Inventory& out, const Architecture& a, InventoryScope scope) {
  const Size hidden = a.hidden;
  out.matrix(Role::token_embedding, hidden, a.vocabulary);
  out.matrix(Role::position_embedding, hidden, a.token_types);
  out.matrix(Role::position_embedding, hidden, a.learned_positions);
  out.norm(a.norm, hidden);
  for (std::size_t i = 0; i < a.layers.size(); ++i) {
    out.enter(static_cast<int>(i));
    add_layer(out, a, a.layers[i]);
  }
  out.enter(kNoLayer);
  if (a.pooler && !scope.gguf_file) out.linear(Role::other, hidden, hidden, Bias::with);
}

void add_t5(Inventory& out, const Architecture& a) {
  out.matrix(Role::token_embedding, a.hidden, a.vocabulary);
  if (!a.tied_embeddings) out.matrix(Role::output_head, a.hidden, a.vocabulary);
  if (a.layers.empty()) return;
  add_t5_stack(out, a, encoder_stack(a));
  add_t5_stack(out, a, decoder_stack(a));
}

void add_whisper(Inventory& out, const Architecture& a) {
  const Size hidden = a.hidden;
  out.linear(Role::other, kAudioKernel * a.mel_bins, hidden, Bias::with);
  out.linear(Role::other, kAudioKernel * hidden, hidden, Bias::with);
  out.matrix(Role::position_embedding, hidden, a.audio_positions);
  out.matrix(Role::token_embedding, hidden, a.vocabulary);
  out.matrix(Role::position_embedding, hidden, a.learned_positions);
  if (a.layers.empty()) return;
  add_whisper_stack(out, a, encoder_stack(a));
  add_whisper_stack(out, a, decoder_stack(a));
}

}  // namespace rigor::llm
