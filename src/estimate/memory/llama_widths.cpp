#include "estimate/memory/llama_widths.hpp"

#include <algorithm>

#include "estimate/memory/inference_shard.hpp"
#include "estimate/memory/llama_graph.hpp"

namespace rigor::estimate {
namespace {

constexpr int kTokens = 512;
constexpr std::int64_t kFewCells = 512;
/// So many that what grows with them decides the peak.
constexpr std::int64_t kManyCells = std::int64_t{1} << 26;
/// Graphs that are put together from widths alone may be that much too small.
constexpr double kInexact = 1.1;
constexpr workload::CacheType kQuantized = {.bytes_per_element = 1.0, .quantized = true};

bool has_graph(const Network& network) {
  const llm::Architecture& a = network.architecture;
  return a.plan == llm::Plan::decoder && !a.layers.empty() && a.causal;
}

int most_heads(const llm::Architecture& a) {
  int most = 0;
  for (const llm::Layer& layer : a.layers) most = std::max(most, layer.heads);
  return most;
}

LlamaGraph graph_of(const Network& network, std::int64_t cells) {
  constexpr std::int64_t kBlock = 256;
  const std::int64_t window = network.architecture.sliding_window + kTokens + kBlock - 1;
  const std::int64_t windowed = std::min(cells, window / kBlock * kBlock);
  return {.network = network, .cells = cells, .window_cells = windowed, .micro_batch = kTokens};
}

/// Floats per token beside the masks.
double width(const LlamaGraph& graph) {
  return (replay(graph).device.front() - mask_size(graph)).in(byte) / (4.0 * graph.micro_batch);
}

LlamaGraph quantized_graph(const Network& network, std::int64_t cells) {
  LlamaGraph graph = graph_of(network, cells);
  graph.key_type = graph.value_type = kQuantized;
  return graph;
}

double copies(const LlamaGraph& graph) {
  return flash_scratch(graph).in(byte) / (4.0 * kTokens);
}

/// Floats of copies that fit into what the projections have left free.
double room_for_copies(const llm::Architecture& a) {
  if (a.mla) return static_cast<double>(most_heads(a)) * (a.mla->nope_dim + 2.0 * a.mla->rope_dim);
  return widths(a).queries;
}

/// A copy that is neither small nor decisive moves tensors about: the larger of two peaks counts.
void add_copies(const Network& network, GraphWidths& widths) {
  const LlamaGraph many = quantized_graph(network, kManyCells);
  if (copies(many) <= 0) return;
  widths.converting = width(many) - copies(many);
  widths.room = room_for_copies(network.architecture);
  const bool side_by_side = network.architecture.norms_per_layer == 1;
  const double between = 0.75 * (widths.flash_quantized - widths.converting);
  const double wanted = side_by_side ? widths.room : std::max(0.0, between);
  const double share = wanted / copies(many);
  const auto cells = static_cast<std::int64_t>(share * static_cast<double>(kManyCells)) / 256 * 256;
  if (cells <= kFewCells) return;
  widths.flash_quantized = std::max(widths.flash_quantized, width(quantized_graph(network, cells)));
}

void add_scores(const Network& network, GraphWidths& widths) {
  constexpr std::int64_t kSomeCells = 2048;
  LlamaGraph graph = graph_of(network, kSomeCells);
  graph.flash_attention = false;
  widths.plain = width(graph);
  graph.cells = kManyCells;
  widths.scores = width(graph) - score_size(graph).in(byte) / (4.0 * kTokens);
}

double width_with(const Network& network, int slots) {
  LlamaGraph graph = graph_of(network, kFewCells);
  graph.sequences = slots;
  return width(graph);
}

/// Two points give the line that many slots follow; it must not pass below a third. States weigh
/// less, the larger the micro-batch is.
void add_states(const Network& network, GraphWidths& widths) {
  constexpr int kFew = 8, kSome = 16, kMany = 64;
  LlamaGraph large = graph_of(network, 4 * kFewCells);
  large.micro_batch = 4 * kTokens;
  widths.flash = std::max(widths.flash, width(large));
  const double some = width_with(network, kSome);
  const double per_slot = std::max(0.0, (width_with(network, kMany) - some) / (kMany - kSome));
  const double few = std::max(widths.flash, some - per_slot * (kSome - kFew));
  const double missing = std::max(0.0, width_with(network, kFew) - few);
  widths.state_of_slot = per_slot * kTokens;
  widths.state = std::max(0.0, some - per_slot * kSome) + missing;
}

bool has_state(const llm::Architecture& a) {
  return std::any_of(a.layers.begin(), a.layers.end(), [&](const llm::Layer& layer) {
    return !llm::recurrent_state(a, layer).empty();
  });
}

}  // namespace

/// Feed-forward, attention or scan with input, output and residual.
GraphWidths widest(const llm::Architecture& a) {
  constexpr double kCopies = 3, kHiddens = 4;
  const Widths w = widths(a);
  const double deep = 2.0 * w.used * a.hidden;
  double sum = std::max(kCopies * w.live() + deep, kCopies * w.queries);
  if (a.state_space) {
    const llm::StateSpace& s = *a.state_space;
    const double inner = std::max<double>(s.inner, static_cast<double>(s.heads) * s.head_dim);
    sum = std::max(sum, 2.0 * kCopies * (inner + 2.0 * s.groups * s.state));
  }
  sum += kHiddens * a.hidden;
  return {.flash = sum, .flash_quantized = sum, .converting = sum, .plain = sum, .scores = sum};
}

GraphWidths graph_widths(const Network& network) {
  if (!has_graph(network)) return widest(network.architecture);
  GraphWidths widths;
  widths.flash = width(graph_of(network, kFewCells));
  widths.flash_quantized = width(quantized_graph(network, kFewCells));
  add_copies(network, widths);
  add_scores(network, widths);
  if (has_state(network.architecture)) add_states(network, widths);
  if (!has_exact_graph(network)) widths.flash *= kInexact;
  const double held = network.architecture.fused_qkv ? network.architecture.hidden : 0.0;
  widths.flash_quantized = std::max(widths.flash_quantized, widths.flash + held);
  return widths;
}

}  // namespace rigor::estimate
