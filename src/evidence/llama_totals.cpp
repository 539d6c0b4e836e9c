#include "evidence/llama_totals.hpp"

#include <algorithm>

#include "evidence/llama_buffers.hpp"
#include "evidence/memory_row.hpp"

namespace rigor::evidence {
namespace {

using estimate::Network;

/// Builds of 2023 allocated the larger of three moments: feed-forward, logits, attention scores.
Bytes compute_2023(const Network& network, double tokens) {
  const llm::Architecture& a = network.architecture;
  const llm::Layer& layer = a.layers.front();
  const double mask = tokens * tokens;
  const double feed_forward = tokens * (2.0 * layer.width + 2.0 * a.hidden) + mask;
  const double logits = tokens * (static_cast<double>(a.vocabulary) + a.hidden);
  const double scores = tokens * (tokens * layer.heads + 3.0 * a.hidden) + mask;
  constexpr double kFloat = 4.0;
  return std::max({feed_forward, logits, scores}) * kFloat * byte;
}

}  // namespace

Prediction predict_total_vram(const LlamaRun& run, Library& library) {
  constexpr double kTokens = 512;  // context and batch of llama-bench at that time
  constexpr double kHalf = 2.0;
  const FileRecipe recipe = file_recipe(run.own, library);
  if (recipe.network == nullptr) return unmapped("the catalogue has no such recipe");
  const Network& network = *recipe.network;
  double cell = 0;
  for (const estimate::NetworkLayer& layer : network.layers) cell += static_cast<double>(layer.cache.elements());
  const Bytes tables = network.tied() ? Bytes{} : network.token_embedding;
  const Bytes cache = kTokens * cell * kHalf * byte;
  return counted(network.weights() - tables + cache + compute_2023(network, kTokens), Basis::stated, network);
}

Prediction predict_footprint(const LlamaRun&, Library&) { return unmapped("TODO"); }

}  // namespace rigor::evidence
