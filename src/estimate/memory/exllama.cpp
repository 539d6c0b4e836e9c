// ExLlama, ExLlamaV2 and ExLlamaV3: the cache is allocated whole at start, the token embedding may
// stay on the host. Formulas, sources and errors: docs/models/15-exllama-memory.md.
#include <algorithm>

#include "estimate/memory/inference_memory.hpp"
#include "estimate/memory/inference_shard.hpp"

namespace rigor::estimate {
namespace {

using workload::Constant;
using workload::Engine;

/// Shared by all engines of the family: no windows, every cell from the start.
CacheLayout layout(const workload::Inference& inference) {
  return {.cells = static_cast<double>(inference.context),
          .windows = false,
          .key_bytes = inference.key_type.bytes_per_element,
          .value_bytes = inference.value_type.bytes_per_element};
}

/// A head made from a tied embedding is stored again at the head's precision.
Bytes head(const InferenceCase& input, const Shard& shard) {
  const double bits = input.engine.number(Constant::head_bits);
  const bool made = input.network.tied() && shard.has_output && bits > 0;
  return made ? input.network.embedding_elements * bits / 8.0 / shard.ways * byte : Bytes{};
}

bool keeps_embedding(const Engine& engine, const Shard& shard) {
  return shard.accelerator == nullptr || engine.number(Constant::embedding_on_host) <= 0;
}

Bytes weights(const InferenceCase& input, const Shard& shard) {
  const ShardWeights parts = shard_weights(input.network, shard);
  const Bytes tables =
      keeps_embedding(input.engine, shard) ? parts.embedding + parts.head : parts.head;
  const Bytes made = head(input, shard);
  // Without the table on the device a tied head has to be there in its place.
  return parts.layers + (made > Bytes{} && !keeps_embedding(input.engine, shard) ? made : tables);
}

/// One chunk of the prompt and the logits sampled from.
Bytes activation(const InferenceCase& input, const Shard& shard) {
  const Engine& engine = input.engine;
  const llm::Architecture& a = input.network.architecture;
  const double alive = engine.number(Constant::activation_widths) * widths(a).live() +
                       engine.number(Constant::activation_hiddens) * a.hidden;
  const Bytes chunk = engine.number(Constant::batched_tokens) * alive * 2.0 * byte;
  const Bytes logits = a.vocabulary * engine.bytes(Constant::logit_bytes);
  return shard.has_output ? chunk + logits / shard.ways : chunk;
}

/// One layer's keys and values in half precision; a quantized cache is read and written through a
/// copy each.
Bytes scratch(const InferenceCase& input, const Shard& shard) {
  const bool quantized = input.inference.key_type.quantized || input.inference.value_type.quantized;
  const double copies = input.engine.number(Constant::cache_scratch) * (quantized ? 1.0 : 0.5);
  CacheLayout half = layout(input.inference);
  half.key_bytes = half.value_bytes = 2.0;
  Bytes largest;
  for (int i = shard.first; i < shard.last; ++i) {
    const auto index = static_cast<std::size_t>(i);
    const llm::LayerCache& cache = input.network.layers[index].cache;
    if (cache.empty()) continue;
    largest = std::max(
        largest, half.cells * cell_bytes(cache, input.network.architecture.layers[index], 1, half));
  }
  return copies * largest;
}

void fill(const InferenceCase& input, const Shard& shard, DeviceMemory& memory) {
  const Engine& engine = input.engine;
  const double sequences = input.inference.sequences;
  memory[Term::weights] = counted(engine, weights(input, shard));
  memory[Term::kv_cache] =
      counted(engine, sequences * cache_bytes(input.network, shard, layout(input.inference)));
  memory[Term::recurrent_state] = counted(engine, sequences * state_bytes(input.network, shard));
  memory[Term::compute] = modelled(engine, activation(input, shard));
  memory[Term::dequantization] = modelled(engine, scratch(input, shard));
  memory[Term::runtime] = modelled(engine, context_bytes(input));
  const Bytes slack = shard.has_output ? engine.bytes(Constant::slack) / shard.ways : Bytes{};
  memory[Term::fragmentation] = {{}, slack, slack + engine.bytes(Constant::margin_fixed)};
}

/// Tables that stay in host memory.
void add_host(const InferenceCase& input, MemoryEstimate& result) {
  const bool kept = input.engine.number(Constant::embedding_on_host) > 0;
  if (!kept || result.devices == 0) return;
  const Bytes tables = input.network.token_embedding + input.network.per_layer_embedding;
  const int copies = std::max(1, input.placement.replicas);
  result.host[Term::weights] = counted(input.engine, copies * tables);
}

}  // namespace

void exllama_memory(const InferenceCase& input, MemoryEstimate& result) {
  estimate_shards(input, result, fill);
  add_host(input, result);
}

}  // namespace rigor::estimate
