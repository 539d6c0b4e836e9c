// Predictions of the buffers that llama.cpp's logs print beside the compute buffer: weights by
// device, key-value cache, recurrent state. Sizes come from the estimator's network, places from
// the log. Layer 7.
#pragma once

#include "evidence/llama_siblings.hpp"
#include "evidence/mapper.hpp"

namespace rigor::evidence {

/// Did somebody choose the file's tensor types by hand? Its name says so.
bool is_own_mixture(const LlamaRow& row);

/// The storage recipe of the run's file.
struct FileRecipe {
  const estimate::Network* network = nullptr;  ///< null: the catalogue has no such recipe
  bool standard = false;  ///< made by the plain recipe; false: a mixture of somebody's own
  double pruned = 0.0;    ///< share of the routed experts that the file leaves out ("-reap50")
};
FileRecipe file_recipe(const LlamaRow& row, Library& library);

/// Token embedding of a mixture, in the type that those who make such files usually give it.
Bytes usual_embedding(const LlamaRow& row, const llm::Architecture& architecture);

/// The network whatever its storage: for caches and graphs. Null when the catalogue has no such
/// network.
const estimate::Network* any_network(const LlamaRow& row, Library& library);

Prediction predict_weights(const LlamaRun& run, Library& library);
/// One device's cache, or the whole.
Prediction predict_cache(const LlamaRun& run, const estimate::Network& network);
Prediction predict_state(const LlamaRun& run, const estimate::Network& network);

/// A counted size as a prediction: the interval is as wide as its basis is weak.
Prediction counted(Bytes size, Basis basis, const estimate::Network& network,
                   std::string remark = {});

}  // namespace rigor::evidence
