// Activations of training: what the forward pass leaves for the backward pass, and what one layer
// needs while its backward pass runs. Layer 5.
#pragma once

#include "estimate/memory/training_memory.hpp"
#include "estimate/memory/training_widths.hpp"

namespace rigor::estimate {

/// Of one layer, before tensor parallelism.
struct LayerActivations {
  BytesPerToken saved = {};         ///< everything autograd keeps
  BytesPerToken feed_forward = {};  ///< part of `saved` that tiling takes away
  BytesPerToken selected = {};      ///< what selective checkpointing keeps
  BytesPerToken transient = {};     ///< gradients and recomputed tensors during its backward pass
};
/// A layer of Korthikanti et al. (LayerNorm, plain feed-forward of 4 hidden, dropout) keeps 34 x
/// hidden.
LayerActivations layer_activations(const FineTuneCase& input, const llm::Layer& layer);

struct TrainingActivations {
  Bytes kept = {};             ///< by all layers, micro-batches in flight included
  Bytes layer = {};            ///< by the layer whose backward pass runs, the largest one
  Bytes input_gradients = {};  ///< FSDP 1 with a frozen base: of every layer, until the pass ends
  Bytes on_host = {};          ///< hidden states moved to the host
};
TrainingActivations training_activations(const FineTuneCase& input);

/// Tokens of one micro-batch on one device.
Tokens tokens_per_device(const FineTuneCase& input);
/// Bytes of an activation: 4 in F32, else 2.
double activation_bytes(const workload::FineTune& finetune);
/// Bytes of the hidden state between layers. Where a quantized base was prepared for training its
/// norms and embeddings are F32 and so is what flows between layers, unless FSDP casts it back.
double hidden_bytes(const FineTuneCase& input);

}  // namespace rigor::estimate
