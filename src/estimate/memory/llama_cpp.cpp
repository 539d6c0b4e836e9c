// llama.cpp and its forks: whole layers on devices, the rest in host memory, a compute buffer on
// each. Formulas, sources and errors: docs/models/11-llama-cpp-memory.md.
#include <algorithm>

#include "estimate/memory/inference_memory.hpp"
#include "estimate/memory/inference_shard.hpp"
#include "estimate/memory/llama_compute.hpp"
#include "estimate/memory/llama_pool.hpp"
#include "estimate/memory/llama_widths.hpp"

namespace rigor::estimate {
namespace {

using workload::Backend;
using workload::Constant;

/// Main layers [first, last) on one device, their matrices cut `ways` ways.
struct Span {
  int first = 0, last = 0, ways = 1;
  bool is_first = true, is_last = true;  ///< of the pipeline
  bool is_main = true;                   ///< the first device of all
};

/// What every device holds alike.
struct Shared {
  LlamaCompute compute;
  Bytes pool = {}, staging = {};
};

int layer_count(const InferenceCase& input) {
  return static_cast<int>(input.network.layers.size());
}

/// Layers before a device's: layer i of n goes to device i * devices / (n + 1), since the head
/// counts as one more layer.
int equal_share(int layers, int devices, int device) {
  return std::min(layers, (device * (layers + 1) + devices - 1) / devices);
}

Span span_at(const InferenceCase& input, int place) {
  const workload::Placement& placement = input.placement;
  const Shard shard = shard_at(input, place);
  const int stages = std::max(1, devices_of_copy(placement) / shard.ways);
  const int stage = place / shard.ways % stages;
  const int host = std::min(placement.host_layers, layer_count(input));
  const int layers = layer_count(input) - host;
  const bool stated =
      stages > 1 && *std::max_element(placement.layers.begin(), placement.layers.end()) > 0;
  Span span{.ways = shard.ways, .is_first = stage == 0, .is_last = stage == stages - 1};
  span.is_main = place == 0;
  span.first = host + (stated ? shard.first : equal_share(layers, stages, stage));
  span.last = host + (stated ? shard.last : equal_share(layers, stages, stage + 1));
  span.last = std::min(span.last, layer_count(input));
  return span;
}

LayerSums between(const LlamaRun& run, int first, int last) {
  LayerSums sum = run.facts.before[static_cast<std::size_t>(last)];
  const LayerSums& less = run.facts.before[static_cast<std::size_t>(std::min(first, last))];
  sum.dense -= less.dense;
  sum.vectors -= less.vectors;
  sum.experts -= less.experts;
  sum.state -= less.state;
  sum.keys -= less.keys;
  sum.values -= less.values;
  sum.window_keys -= less.window_keys;
  sum.window_values -= less.window_values;
  return sum;
}

/// Experts of layers [first, last) that stay in host memory.
Bytes host_experts(const LlamaRun& run, int first, int last) {
  const int until = std::min(last, run.input.placement.host_expert_layers);
  return until > first ? between(run, first, until).experts : Bytes{};
}

/// Heads that cannot be cut are repeated; one latent vector serves all heads.
double head_share(int heads, int ways) {
  if (heads == 0) return 1.0;
  const int kept = (heads + ways - 1) / ways;
  return 1.0 * kept / heads;
}

Bytes cache_size(const LlamaRun& run, const LayerSums& layers, int ways) {
  const workload::Inference& inference = run.input.inference;
  const double key = inference.key_type.bytes_per_element;
  const double value = inference.value_type.bytes_per_element;
  const double all = layers.keys * key + layers.values * value;
  const double windowed = layers.window_keys * key + layers.window_values * value;
  const double cells = run.cells * all * head_share(run.facts.kv_heads, ways) +
                       run.window_cells * windowed * head_share(run.facts.window_kv_heads, ways);
  return run.caches * cells * byte;
}

/// Head and final norm; a tied head is a second copy of the embedding.
Bytes output_size(const Network& network) {
  return network.others + (network.tied() ? network.token_embedding : network.output_head);
}

Interval weights(const InferenceCase& input, Bytes expected) {
  const double margin = input.engine.number(Constant::margin_exact);
  return spread(expected, std::max(margin, input.network.tolerance));
}

/// Layers that predict further tokens keep a cache of their own, in F16.
Bytes draft_cache(const LlamaRun& run) {
  constexpr double kHalf = 2.0;
  const auto& mtp = run.input.network.architecture.mtp;
  const double elements = run.facts.cell_keys + run.facts.cell_values;
  const double layers = mtp ? mtp->layers : 0;
  return kHalf * layers * run.cells * run.caches * elements * byte;
}

Bytes context(const InferenceCase& input, bool is_main) {
  const Bytes further = input.engine.bytes(Constant::context_next);
  const bool is_next = input.backend == Backend::cuda && !is_main && further > Bytes{};
  return is_next ? further : context_bytes(input);
}

/// Uploads go through a buffer that stays as large as the largest tensor.
Bytes staging(const InferenceCase& input) {
  const bool keeps =
      input.backend == Backend::vulkan && input.engine.number(Constant::staging_vulkan) > 0;
  if (!keeps) return {};
  const Network& network = input.network;
  return std::max(network.largest_tensor, network.tied() ? network.token_embedding : Bytes{});
}

void add_states(const LlamaRun& run, const LayerSums& layers, int ways, DeviceMemory& memory) {
  const workload::Inference& inference = run.input.inference;
  const double kept = inference.sequences * (1.0 + inference.draft_tokens);
  memory[Term::kv_cache] = counted(run.input.engine, cache_size(run, layers, ways));
  memory[Term::recurrent_state] = counted(run.input.engine, kept / ways * layers.state);
}

void add_vision(const InferenceCase& input, DeviceMemory& memory) {
  if (!input.inference.vision || input.network.vision <= Bytes{}) return;
  memory[Term::vision] = weights(input, input.network.vision);
  memory[Term::vision] += modelled(input.engine, input.engine.bytes(Constant::vision_compute));
}

/// Its layers lie behind the last; its graph has a compute buffer wherever the main one has.
void add_draft(const LlamaRun& run, bool holds_layers, Bytes compute, DeviceMemory& memory) {
  const InferenceCase& input = run.input;
  if (!input.inference.drafts_with(workload::Drafter::mtp)) return;
  memory[Term::draft] = modelled(input.engine, compute);
  if (!holds_layers) return;
  memory[Term::draft] += weights(input, input.network.draft);
  memory[Term::draft] += counted(input.engine, draft_cache(run));
}

void fill_device(const LlamaRun& run, const Shared& shared, const Span& span,
                 DeviceMemory& memory) {
  const InferenceCase& input = run.input;
  const workload::Engine& engine = input.engine;
  const LayerSums layers = between(run, span.first, span.last);
  const Bytes offloaded = layers.experts - host_experts(run, span.first, span.last);
  Bytes stored = (layers.dense - layers.vectors + offloaded) / span.ways + layers.vectors;
  if (span.is_last) stored += output_size(input.network) / span.ways;
  const Bytes copies = span.is_first ? shared.compute.first_copies : shared.compute.copies;
  memory[Term::weights] = weights(input, stored);
  add_states(run, layers, span.ways, memory);
  add_draft(run, span.is_last, shared.compute.draft + copies, memory);
  if (span.is_first) add_vision(input, memory);
  memory[Term::compute] = modelled(engine, shared.compute.buffer);
  memory[Term::graph_copies] = modelled(engine, copies);
  memory[Term::prompt_pool] = modelled(engine, shared.pool);
  memory[Term::staging] = modelled(engine, shared.staging);
  const Bytes tables = engine.number(Constant::page_table_share) * stored;
  memory[Term::runtime] =
      spread(context(input, span.is_main), engine.number(Constant::margin_runtime));
  memory[Term::runtime] += modelled(engine, tables);
  memory[Term::fragmentation] = {{}, {}, engine.bytes(Constant::margin_fixed)};
}

/// Tables that are looked up, layers and experts that stay, and what the host computes.
void fill_host(const LlamaRun& run, const LlamaCompute& compute, DeviceMemory& host) {
  const InferenceCase& input = run.input;
  const Network& network = input.network;
  const workload::Engine& engine = input.engine;
  const int count = layer_count(input);
  const bool alone = input.placement.devices == 0;
  const int kept = alone ? count : std::min(input.placement.host_layers, count);
  const LayerSums layers = between(run, 0, kept);
  Bytes stored = layers.dense + layers.experts + host_experts(run, kept, count);
  stored += network.token_embedding + network.per_layer_embedding;
  if (alone) stored += network.others + network.output_head;
  host[Term::weights] = weights(input, stored);
  add_states(run, layers, 1, host);
  if (alone) {
    add_draft(run, true, compute.draft, host);
    add_vision(input, host);
  }
  host[Term::compute] = modelled(engine, compute.pinned + compute.host);
  host[Term::runtime] =
      spread(engine.bytes(Constant::context_cpu), engine.number(Constant::margin_runtime));
  host[Term::fragmentation] = {{}, {}, engine.bytes(Constant::margin_fixed)};
}

void estimate(const InferenceCase& input, const LlamaFacts& facts, MemoryEstimate& result) {
  const LlamaRun run = llama_run(input, facts);
  const Shared shared{llama_compute(run), prompt_pool(run), staging(input)};
  for (int place = 0; place < result.devices; ++place) {
    DeviceMemory& memory = result.device[static_cast<std::size_t>(place)];
    fill_device(run, shared, span_at(input, place), memory);
  }
  fill_host(run, shared.compute, result.host);
}

void leave_empty(const InferenceCase&, const Shard&, DeviceMemory&) {}

}  // namespace

void llama_cpp_memory(const InferenceCase& input, MemoryEstimate& result) {
  estimate_shards(input, result, leave_empty);
  if (!input.network.llama.before.empty()) return estimate(input, input.network.llama, result);
  estimate(input, rough_llama_facts(input.network), result);  // put together by hand: allocates
}

}  // namespace rigor::estimate
