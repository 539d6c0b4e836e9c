// vLLM's cache: pages of one size in one pool, drawn by groups of layers. Layer 5.
//
// Layers that keep a cache of the same reach are one kind. All groups have as many layers as the
// smallest kind, so other kinds leave slots unused; a recurrent state takes a page of its own.
// Formulas and checks: docs/models/12-vllm-memory.md.
#pragma once

#include <array>

#include "estimate/memory/inference_shard.hpp"

namespace rigor::estimate {

/// Attention layers of one reach.
struct VllmKind {
  int window = 0;  ///< 0: every token
  int layers = 0;
  Bytes per_token = {};  ///< of all its layers
};

struct VllmKinds {
  std::array<VllmKind, 4> kind = {};
  int count = 0;
  int recurrent = 0;  ///< layers with a state instead
  Bytes state = {};   ///< of one of them and one sequence

  /// Layers in a group.
  [[nodiscard]] int group() const;
  /// Layers of slots that this many layers reserve.
  [[nodiscard]] double slots(int layers) const;
  /// Bytes one token reserves in the slots of a kind.
  [[nodiscard]] Bytes reserved(const VllmKind& of) const;
  /// Bytes one token takes in one layer of the first kind.
  [[nodiscard]] Bytes cell() const;
};
VllmKinds vllm_kinds(const InferenceCase& input, const Shard& shard);

struct VllmCacheNeed {
  Bytes cache = {}, state = {};
};
/// Pages of all sequences at full context, when up to `batched_tokens` are computed together.
VllmCacheNeed vllm_cache_need(const InferenceCase& input, const VllmKinds& kinds,
                              double batched_tokens);

}  // namespace rigor::estimate
