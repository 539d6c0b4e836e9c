// MLX (mlx-lm): one process in unified memory. Formulas, sources and errors:
// docs/models/14-mlx-memory.md.
#include <algorithm>

#include "estimate/memory/inference_memory.hpp"
#include "estimate/memory/inference_shard.hpp"

namespace rigor::estimate {
namespace {

using workload::Constant;
using workload::Engine;

/// Tokens of the prompt computed together.
double step_tokens(const InferenceCase& input) {
  const double step = input.engine.number(Constant::batched_tokens);
  const auto prompt = static_cast<double>(longest_prompt(input.inference));
  return step > 0 ? std::min(step, prompt) : prompt;
}

/// The cache grows in steps; a rotating cache holds its window and the tokens being computed.
CacheLayout layout(const InferenceCase& input) {
  const Bytes step = std::max(1.0, input.engine.number(Constant::cache_padding)) * byte;
  const auto context = static_cast<double>(input.inference.context);
  return {.cells = round_up_to(context * byte, step).in(byte),
          .beside_window = step_tokens(input),
          .key_bytes = input.inference.key_type.bytes_per_element,
          .value_bytes = input.inference.value_type.bytes_per_element};
}

Bytes activation(const InferenceCase& input) {
  const Engine& engine = input.engine;
  const llm::Architecture& a = input.network.architecture;
  const Widths w = widths(a);
  const double alive = engine.number(Constant::activation_widths) * w.live() +
                       engine.number(Constant::activation_hiddens) * a.hidden +
                       engine.number(Constant::expert_hiddens) * w.used * a.hidden;
  return step_tokens(input) * input.inference.sequences * alive * 2.0 * byte;
}

void fill(const InferenceCase& input, const Shard& shard, DeviceMemory& memory) {
  const Engine& engine = input.engine;
  const double sequences = input.inference.sequences;
  memory[Term::weights] = counted(engine, shard_weights(input.network, shard).sum());
  memory[Term::kv_cache] =
      counted(engine, sequences * cache_bytes(input.network, shard, layout(input)));
  memory[Term::recurrent_state] = counted(engine, sequences * state_bytes(input.network, shard));
  if (input.inference.vision && shard.has_input) {
    memory[Term::vision] = counted(engine, input.network.vision);
  }
  memory[Term::compute] = modelled(engine, activation(input));
  memory[Term::runtime] = modelled(engine, engine.bytes(Constant::context_metal));
  memory[Term::fragmentation] = {{}, {}, engine.bytes(Constant::margin_fixed)};
}

}  // namespace

void mlx_memory(const InferenceCase& input, MemoryEstimate& result) {
  estimate_shards(input, result, fill);
}

}  // namespace rigor::estimate
