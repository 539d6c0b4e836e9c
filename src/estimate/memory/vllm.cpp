// vLLM: a fixed share of the card is taken; what weights, activations and libraries leave of it is
// the cache pool. Formulas, sources and errors: docs/models/12-vllm-memory.md.
#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "estimate/memory/inference_memory.hpp"
#include "estimate/memory/inference_shard.hpp"
#include "estimate/memory/vllm_cache.hpp"

namespace rigor::estimate {
namespace {

using workload::Backend;
using workload::Constant;
using workload::Engine;

constexpr double kMxfp4Bytes = 0.53125;  // per weight: 4 bits and a scale of 8 bits per 32

double round_up(double amount, double block) {
  return std::ceil(amount / block) * block;
}

/// What vLLM profiles at start: one pass of `tokens`, then a sampler for `sequences`.
struct Profile {
  double tokens = 0, sequences = 0;
};

/// Does the card have the memory that the engine's data calls large?
bool reaches(const InferenceCase& input, const Shard& shard, Constant size) {
  const Bytes limit = input.engine.bytes(size);
  return limit > Bytes{} && shard.accelerator != nullptr && shard.accelerator->memory >= limit;
}

Profile profile(const InferenceCase& input, const Shard& shard) {
  const Engine& engine = input.engine;
  constexpr std::string_view kA100 = "8.0";  // vLLM's own rule takes it for a small card
  const bool large =
      reaches(input, shard, Constant::large_card) && shard.accelerator->compute_capability != kA100;
  const double tokens =
      engine.number(large ? Constant::batched_tokens_large : Constant::batched_tokens);
  const double sequences =
      engine.number(large ? Constant::most_sequences_large : Constant::most_sequences);
  return {input.inference.batch > 0 ? input.inference.batch : tokens,
          input.inference.most_sequences > 0 ? input.inference.most_sequences : sequences};
}

/// The kernels of MXFP4 experts want padded matrices.
double expert_growth(const InferenceCase& input, const Shard& shard) {
  const auto& experts = input.network.architecture.experts;
  if (!experts || shard.last == shard.first) return 1.0;
  const NetworkLayer& layer = input.network.layers[static_cast<std::size_t>(shard.last - 1)];
  if (layer.expert_elements <= 0) return 1.0;
  if (std::abs(layer.experts.in(byte) / layer.expert_elements - kMxfp4Bytes) > 1e-3) return 1.0;
  const double hidden_block = input.engine.number(Constant::expert_padding_hidden);
  const double block =
      input.backend == Backend::rocm ? hidden_block : input.engine.number(Constant::expert_padding);
  if (block <= 0 || hidden_block <= 0) return 1.0;
  const double width = experts->width;
  const double hidden = input.network.architecture.hidden;
  const double padded = round_up(width / shard.ways, block) * shard.ways;
  return padded / width * round_up(hidden, hidden_block) / hidden;
}

Bytes weights(const InferenceCase& input, const Shard& shard) {
  const ShardWeights parts = shard_weights(input.network, shard);
  const Bytes padded = parts.sum() + (expert_growth(input, shard) - 1.0) * parts.experts;
  const double rows =
      input.backend == Backend::rocm ? input.engine.number(Constant::weight_padding_rocm) : 0.0;
  return (1.0 + rows) * padded;
}

/// The larger of the feed-forward of all profiled tokens and the sampler's scratch. Logits are
/// gathered: every device of the last stage has them whole.
Bytes activation(const InferenceCase& input, const Shard& shard, const Profile& profile) {
  const Engine& engine = input.engine;
  const llm::Architecture& a = input.network.architecture;
  const Widths w = widths(a);
  const double widest = std::max({w.dense, w.routed, w.shared, w.queries});
  const double alive = engine.number(Constant::activation_widths) * widest / shard.ways +
                       engine.number(Constant::activation_hiddens) * a.hidden;
  const Bytes pass = 2.0 * byte * profile.tokens * alive;
  const Bytes sampler = profile.sequences * a.vocabulary * engine.bytes(Constant::logit_bytes);
  return shard.has_output ? std::max(pass, sampler) : pass;
}

/// Captured graphs depend on the engine's choice of batch sizes more than on the network: a range.
Interval graphs(const InferenceCase& input, const Shard& shard) {
  if (!input.inference.cuda_graphs || shard.accelerator == nullptr) return {};
  const Engine& engine = input.engine;
  const bool rocm = input.backend == Backend::rocm;
  const bool large = reaches(input, shard, Constant::graphs_card);
  const Constant kind = rocm    ? Constant::graphs_rocm
                        : large ? Constant::graphs_large
                                : Constant::graphs;
  const Bytes typical = engine.bytes(kind);
  Interval sum{typical * engine.number(Constant::graphs_low), typical,
               typical * engine.number(Constant::graphs_high)};
  if (input.inference.draft_tokens > 0)
    sum += modelled(engine, engine.bytes(Constant::graphs_draft));
  return sum;
}

void add_draft(const InferenceCase& input, const Shard& shard, const VllmKinds& kinds,
               DeviceMemory& memory) {
  const auto& mtp = input.network.architecture.mtp;
  if (!input.inference.drafts_with(workload::Drafter::mtp) || !shard.has_output) return;
  const double cached = static_cast<double>(input.inference.context) * input.inference.sequences;
  const Bytes cache = mtp ? mtp->layers * cached * kinds.cell() : Bytes{};
  memory[Term::draft] = counted(input.engine, input.network.draft / shard.ways + cache);
}

/// Terms that share the fraction with the pool.
constexpr std::array kNeeded = {Term::weights, Term::kv_cache,     Term::recurrent_state,
                                Term::draft,   Term::vision,       Term::compute,
                                Term::runtime, Term::communication};

/// The pool takes what is left of the budget, so it is smallest where the rest is high: its `high`
/// lies below its `low`, and the total varies only by what lies outside the fraction and by
/// activations, which are resident only once so large a batch has run. A device whose need exceeds
/// the budget is judged by the budget instead of by its memory.
void settle_pool(Bytes budget, DeviceMemory& memory) {
  Interval need;
  for (const Term term : kNeeded) need += memory[term];
  Interval beside = memory.total();
  beside += {-need.low, -need.expected, -need.high};
  const auto left = [&](Bytes needed) { return std::max(Bytes{}, budget - needed); };
  memory[Term::cache_pool] = {left(need.low), left(need.expected), left(need.high)};
  memory[Term::compute].low = {};
  if (need.expected > budget) {
    memory.capacity = std::min(memory.capacity, budget + beside.expected);
  } else if (need.high > budget) {
    memory.capacity = std::min(memory.capacity, budget + beside.high);
  }
}

Bytes libraries(const InferenceCase& input, const Shard& shard) {
  if (shard.accelerator == nullptr) return input.engine.bytes(Constant::context_cpu);
  const bool rocm = input.backend == Backend::rocm;
  return input.engine.bytes(rocm ? Constant::non_torch_rocm : Constant::non_torch);
}

void fill(const InferenceCase& input, const Shard& shard, DeviceMemory& memory) {
  const Engine& engine = input.engine;
  const Profile profiled = profile(input, shard);
  const VllmKinds kinds = vllm_kinds(input, shard);
  const VllmCacheNeed cache = vllm_cache_need(input, kinds, profiled.tokens);
  memory[Term::weights] = counted(engine, weights(input, shard));
  memory[Term::kv_cache] = counted(engine, cache.cache);
  memory[Term::recurrent_state] = counted(engine, cache.state);
  if (input.inference.vision && shard.has_input) {
    memory[Term::vision] = counted(engine, input.network.vision / shard.ways);
  }
  add_draft(input, shard, kinds, memory);
  memory[Term::compute] = modelled(engine, activation(input, shard, profiled));
  memory[Term::runtime] = modelled(engine, libraries(input, shard));
  if (shard.accelerator == nullptr) return;
  if (shard.ways > 1 && input.backend == Backend::cuda) {
    memory[Term::communication] = modelled(engine, engine.bytes(Constant::non_torch_parallel));
  }
  memory[Term::cuda_graphs] = graphs(input, shard);
  const Bytes slack = engine.bytes(Constant::slack);
  memory[Term::fragmentation] = {{}, slack, slack + engine.bytes(Constant::margin_fixed)};
  const double stated = input.inference.memory_fraction;
  const double fraction = stated > 0 ? stated : engine.number(Constant::memory_fraction);
  settle_pool(fraction * memory.capacity, memory);
}

}  // namespace

void vllm_memory(const InferenceCase& input, MemoryEstimate& result) {
  estimate_shards(input, result, fill);
}

}  // namespace rigor::estimate
