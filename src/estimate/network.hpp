// A network ready to be estimated: its architecture and the bytes of its tensors summed per layer
// and kind. Made once (it allocates), then read by every estimate without allocation. Layer 5.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "estimate/llama_facts.hpp"
#include "estimate/operations.hpp"
#include "llm/architecture.hpp"
#include "llm/cache_shape.hpp"
#include "llm/quantization.hpp"
#include "llm/stored_model.hpp"
#include "units/quantity.hpp"

namespace rigor::estimate {

/// One main layer.
struct NetworkLayer {
  Bytes dense = {};    ///< everything but routed experts
  Bytes experts = {};  ///< routed experts
  llm::LayerCache cache = {};
  llm::RecurrentState state = {};
  double linear_elements = 0;  ///< elements of its matrices, routed experts included
  double expert_elements = 0;  ///< elements of its routed experts
  double small_elements = 0;   ///< norms, biases, router, state vectors
};

/// Layers that cost the same where shapes decide and bytes do not: one of them, and how many.
struct LayerKind {
  int example = 0;  ///< index of the first
  int count = 0;
};

struct Network {
  llm::Architecture architecture;
  std::string quantization;  ///< name, for people
  bool exact = false;        ///< bytes from a file's header, not from a recipe
  double tolerance = 0.0;    ///< how far a recipe's size may be off, as a fraction either way

  std::vector<NetworkLayer> layers;  ///< main layers; MTP layers are in `draft`
  Bytes token_embedding = {};  ///< bytes of the input table; when the head is tied it serves both
  Bytes output_head = {};      ///< 0 when tied
  Bytes per_layer_embedding = {};
  Bytes others = {};  ///< final norm and everything without a layer
  Bytes vision = {};
  Bytes draft = {};           ///< MTP layers
  Bytes largest_tensor = {};  ///< biggest single tensor outside the token tables
  double embedding_elements = 0, head_elements = 0;  ///< head 0 when tied
  // Made by make_network from the layers, so that no estimate has to walk over them.
  LlamaFacts llama = {};
  Operations operations = {};
  Operations drafting = {};  ///< of one MTP layer and the head; no layers: there is none
  std::vector<LayerKind> kinds;
  NetworkLayer sum = {};  ///< bytes and elements of all main layers; no cache, no state

  /// Text network as stored: everything above but vision and draft.
  [[nodiscard]] Bytes weights() const;
  [[nodiscard]] double elements() const;
  [[nodiscard]] bool tied() const { return output_head <= Bytes{}; }
};

/// From an architecture and a recipe.
Network make_network(const llm::Architecture& architecture, const llm::Quantization& quantization);
/// Fills `kinds` and `sum` from the layers: for networks put together or changed by hand;
/// `make_network` has done it.
void derive(Network& network);
/// From a file's header. Requires: the stored model knows its architecture.
Network make_network(const llm::StoredModel& model);

}  // namespace rigor::estimate
