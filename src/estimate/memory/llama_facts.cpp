#include "estimate/llama_facts.hpp"

#include <algorithm>

#include "estimate/memory/llama_widths.hpp"

namespace rigor::estimate {
namespace {

constexpr double kFloat = 4.0;

/// Matrix states, and the inputs that a convolution still needs, all in F32.
Bytes state_size(const llm::RecurrentState& state) {
  const double before = static_cast<double>(state.channels) * std::max(0, state.taps - 1);
  return kFloat * (static_cast<double>(state.state) + before) * byte;
}

/// DeepSeek-V4 keeps a window of cells and, of everything, one compressed cell for several tokens.
void add_cache(const llm::LayerCache& cache, LayerSums& sum) {
  if (cache.empty()) return;
  const auto keys = static_cast<double>(cache.keys + cache.index_keys);
  const auto values = static_cast<double>(cache.values);
  (cache.window > 0 ? sum.window_keys : sum.keys) += keys;
  (cache.window > 0 ? sum.window_values : sum.values) += values;
  if (cache.ratio == 0) return;
  const auto compressed = static_cast<double>(cache.compressed_keys + cache.compressed_index_keys);
  sum.keys += compressed / cache.ratio;
}

std::vector<LayerSums> sums(const Network& network) {
  std::vector<LayerSums> before(1);
  before.reserve(network.layers.size() + 1);
  for (const NetworkLayer& layer : network.layers) {
    LayerSums sum = before.back();
    sum.dense += layer.dense;
    sum.vectors += std::min(layer.dense, kFloat * layer.small_elements * byte);
    sum.experts += layer.experts;
    sum.state += state_size(layer.state);
    add_cache(layer.cache, sum);
    before.push_back(sum);
  }
  return before;
}

void widen(const NetworkLayer& layer, LlamaFacts& facts) {
  const bool windowed = layer.cache.window > 0;
  double& keys = windowed ? facts.window_cell_keys : facts.cell_keys;
  double& values = windowed ? facts.window_cell_values : facts.cell_values;
  keys = std::max(keys, static_cast<double>(layer.cache.keys));
  values = std::max(values, static_cast<double>(layer.cache.values));
  facts.layer_experts = std::max(facts.layer_experts, layer.experts);
}

void widen(const llm::Layer& layer, LlamaFacts& facts) {
  const bool attends = layer.mixer == llm::Mixer::attention || layer.mixer == llm::Mixer::mla;
  facts.dense = std::max<double>(facts.dense, layer.width);
  if (!attends) return;
  facts.heads = std::max(facts.heads, layer.heads);
  facts.queries = std::max(facts.queries, static_cast<double>(layer.heads) * layer.head_dim);
  if (layer.mixer == llm::Mixer::mla) return;
  int& kv_heads = layer.reach == llm::Reach::full ? facts.kv_heads : facts.window_kv_heads;
  kv_heads = std::max(kv_heads, layer.kv_heads);
}

bool is_quantized(const Network& network) {
  constexpr double kLessThanHalf = 1.75;
  if (network.layers.empty()) return true;
  const NetworkLayer& last = network.layers.back();
  return (last.dense + last.experts).in(byte) < kLessThanHalf * last.linear_elements;
}

LlamaFacts facts_without_graph(const Network& network) {
  LlamaFacts facts;
  facts.before = sums(network);
  for (const NetworkLayer& layer : network.layers) widen(layer, facts);
  for (const llm::Layer& layer : network.architecture.layers) widen(layer, facts);
  const LayerSums& all = facts.before.back();
  facts.attends = all.keys + all.window_keys > 0;
  facts.windows = all.keys > 0 && all.window_keys > 0;
  facts.quantized = is_quantized(network);
  return facts;
}

}  // namespace

LlamaFacts llama_facts(const Network& network) {
  LlamaFacts facts = facts_without_graph(network);
  facts.graph = graph_widths(network);
  return facts;
}

LlamaFacts rough_llama_facts(const Network& network) {
  LlamaFacts facts = facts_without_graph(network);
  facts.graph = widest(network.architecture);
  return facts;
}

}  // namespace rigor::estimate
