// What a layer remembers of the tokens it has seen, in elements: the key-value cache that grows
// with the context and the recurrent state that does not. Bytes follow from the cache's type.
// Layer 2.
//
// Encoder-decoders: the figures are those of one decoder layer's own cache; its cross-attention
// keeps as much again for every input position. Sources and checks: docs/models/01-parameters.md.
#pragma once

#include <cstdint>

#include "llm/architecture.hpp"

namespace rigor::llm {

/// The key-value cache of one layer.
struct LayerCache {
  std::int64_t keys = 0;        ///< elements of one cell
  std::int64_t values = 0;      ///< elements of one cell; 0 where values are part of the keys (MLA)
  std::int64_t index_keys = 0;  ///< sparse-attention indexer, elements of one cell
  int window = 0;               ///< only this many last tokens have a cell; 0: every token has one
  int ratio = 0;  ///< DeepSeek-V4: every `ratio` tokens leave one compressed cell; 0: none
  std::int64_t compressed_keys = 0;        ///< elements of one compressed cell
  std::int64_t compressed_index_keys = 0;  ///< elements of one compressed indexer cell

  [[nodiscard]] bool empty() const { return keys == 0 && values == 0; }
  /// Keys and values of one cell, without the indexer.
  [[nodiscard]] std::int64_t elements() const { return keys + values; }
};

/// Empty when the layer keeps no cache of its own: recurrent, sharing another's, or not causal.
LayerCache layer_cache(const Architecture& architecture, const Layer& layer);

/// The state of one layer for one sequence, whatever the context.
struct RecurrentState {
  std::int64_t state = 0;     ///< matrix state, kept in F32 by every engine
  std::int64_t channels = 0;  ///< channels of the convolution before it
  int taps = 0;               ///< kernel length; llama.cpp keeps taps - 1 columns, transformers all

  [[nodiscard]] bool empty() const { return state == 0 && channels == 0; }
  /// Inputs kept for the convolution when every tap is stored.
  [[nodiscard]] std::int64_t convolution() const { return channels * taps; }
};

/// Empty for layers that attend.
RecurrentState recurrent_state(const Architecture& architecture, const Layer& layer);

/// Layers that generate and therefore keep a cache: the decoder's in encoder-decoders.
int generating_layers(const Architecture& architecture);

}  // namespace rigor::llm
