// Hugging Face transformers and engines built on its models: weights on the devices, a cache that
// grows, and the largest of three moments. Formulas, sources and errors:
// docs/models/13-transformers-memory.md.
#include <algorithm>
#include <string_view>

#include "estimate/memory/inference_memory.hpp"
#include "estimate/memory/inference_shard.hpp"

namespace rigor::estimate {
namespace {

using workload::Constant;
using workload::Engine;

bool starts_with(std::string_view text, std::string_view upper) {
  if (text.size() < upper.size()) return false;
  return std::equal(upper.begin(), upper.end(), text.begin(),
                    [](char wanted, char c) { return wanted == c || wanted == c - 'a' + 'A'; });
}

/// A second copy of a tied head: FP8 files store it, the AWQ loader holds one while it loads.
struct SecondHead {
  Bytes kept = {}, loading = {};
};

SecondHead second_head(const InferenceCase& input, const Shard& shard) {
  const Network& network = input.network;
  const bool holds_one =
      network.tied() && shard.has_output && input.engine.number(Constant::tied_copy) > 0;
  if (!holds_one) return {};
  if (starts_with(network.quantization, "FP8")) return {network.token_embedding, {}};
  if (starts_with(network.quantization, "AWQ")) return {{}, network.token_embedding};
  return {};
}

/// Fused query-key-value matrices, built beside the stored ones while loading.
Bytes fused_copy(const InferenceCase& input, const Shard& shard) {
  const llm::Architecture& a = input.network.architecture;
  const bool builds = input.engine.number(Constant::fused_copy) > 0 && shard.accelerator != nullptr;
  if (!builds || a.fused_qkv) return {};
  Bytes sum;
  for (int i = shard.first; i < shard.last; ++i) {
    const auto index = static_cast<std::size_t>(i);
    const llm::Layer& layer = a.layers[index];
    const NetworkLayer& stored = input.network.layers[index];
    if (layer.mixer != llm::Mixer::attention || stored.linear_elements <= 0) continue;
    const double heads = layer.heads + 2.0 * layer.kv_heads;
    const Bytes per_element = (stored.dense + stored.experts) / stored.linear_elements;
    sum += heads * layer.head_dim * a.hidden * per_element;
  }
  return sum;
}

CacheLayout layout(const InferenceCase& input, double tokens) {
  return {.cells = tokens,
          .windows = input.engine.number(Constant::cache_windows) > 0,
          .key_bytes = input.inference.key_type.bytes_per_element,
          .value_bytes = input.inference.value_type.bytes_per_element};
}

Bytes cache(const InferenceCase& input, const Shard& shard, double tokens) {
  return input.inference.sequences * cache_bytes(input.network, shard, layout(input, tokens));
}

/// Logits of the positions the engine computes them for.
Bytes logits(const InferenceCase& input, const Shard& shard, double prompt) {
  if (!shard.has_output) return {};
  const double stated = input.engine.number(Constant::logits_tokens);
  const double positions = stated > 0 ? std::min(stated, prompt) : prompt;
  const double rows = input.inference.sequences * positions;
  return rows * input.network.architecture.vocabulary * input.engine.bytes(Constant::logit_bytes);
}

/// One layer's temporaries over the prompt; attention scores too when they are materialised.
Bytes activation(const InferenceCase& input, double prompt) {
  const Engine& engine = input.engine;
  const llm::Architecture& a = input.network.architecture;
  const Widths w = widths(a);
  const double alive = engine.number(Constant::activation_widths) * w.live() +
                       engine.number(Constant::activation_hiddens) * a.hidden;
  const double rows = input.inference.sequences * prompt;
  Bytes sum = rows * alive * 2.0 * byte;
  const int heads = a.layers.empty() ? 0 : a.layers.front().heads;
  if (!input.inference.flash_attention)
    sum += rows * prompt * heads * engine.bytes(Constant::score_bytes);
  return sum;
}

/// What the peak needs beside weights and the full cache: the largest of loading, prompt and last
/// token.
Bytes beside_cache(const InferenceCase& input, const Shard& shard, Bytes full_cache) {
  const Engine& engine = input.engine;
  const auto prompt = static_cast<double>(longest_prompt(input.inference));
  const bool whole = engine.number(Constant::cache_preallocated) > 0;
  const Bytes at_prompt = whole ? full_cache : cache(input, shard, prompt);
  const Bytes loading = second_head(input, shard).loading + fused_copy(input, shard) - full_cache;
  const Bytes prefill =
      at_prompt - full_cache + activation(input, prompt) + logits(input, shard, prompt);
  const Bytes last = logits(input, shard, 1);
  return std::max({loading, prefill, last, Bytes{}}) + engine.bytes(Constant::slack);
}

/// On a host the packed matrices exist as file pages, as repacked copy and in transit.
Bytes weights(const InferenceCase& input, const Shard& shard) {
  const ShardWeights parts = shard_weights(input.network, shard);
  const Bytes whole = parts.sum() + second_head(input, shard).kept;
  const double copies = input.engine.number(Constant::host_copies);
  const bool on_host = shard.accelerator == nullptr && copies > 1.0;
  return on_host ? whole + (copies - 1.0) * parts.layers : whole;
}

void fill(const InferenceCase& input, const Shard& shard, DeviceMemory& memory) {
  const Engine& engine = input.engine;
  const Bytes full = cache(input, shard, static_cast<double>(input.inference.context));
  memory[Term::weights] = counted(engine, weights(input, shard));
  memory[Term::kv_cache] = counted(engine, full);
  memory[Term::recurrent_state] =
      counted(engine, input.inference.sequences * state_bytes(input.network, shard));
  if (input.inference.vision && shard.has_input) {
    memory[Term::vision] = counted(engine, input.network.vision);
  }
  memory[Term::compute] = modelled(engine, beside_cache(input, shard, full));
  const bool on_host = shard.accelerator == nullptr;
  memory[Term::runtime] =
      modelled(engine, on_host ? engine.bytes(Constant::context_cpu) : context_bytes(input));
  const Bytes reserve = on_host ? Bytes{} : engine.bytes(Constant::allocator_reserve);
  memory[Term::fragmentation] = {{}, reserve, reserve + engine.bytes(Constant::margin_fixed)};
}

}  // namespace

void transformers_memory(const InferenceCase& input, MemoryEstimate& result) {
  estimate_shards(input, result, fill);
}

}  // namespace rigor::estimate
