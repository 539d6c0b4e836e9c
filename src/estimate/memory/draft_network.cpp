#include "estimate/memory/draft_network.hpp"

#include <algorithm>
#include <cmath>

namespace rigor::estimate {
namespace {

/// A preallocated pool lies within a budget: what a draft takes of it is no further memory, and
/// what it takes beyond is missing.
void take_from_pool(const Interval& added, DeviceMemory& memory) {
  Interval& pool = memory[Term::cache_pool];
  if (pool.low <= Bytes{}) return;
  const Interval before = memory.total();
  if (added.expected > pool.expected) {
    memory.capacity = std::min(memory.capacity, before.expected);
  } else if (added.high > pool.high) {
    memory.capacity = std::min(memory.capacity, before.high);
  }
  const auto left = [](Bytes had, Bytes taken) { return std::max(Bytes{}, had - taken); };
  pool = {left(pool.low, added.low), left(pool.expected, added.expected),
          left(pool.high, added.high)};
}

void add(const DeviceMemory& draft, bool has_own_buffer, DeviceMemory& memory) {
  Interval added;
  for (const Term term : {Term::weights, Term::kv_cache, Term::recurrent_state})
    added += draft[term];
  if (has_own_buffer) added += draft[Term::compute];
  take_from_pool(added, memory);
  memory[Term::draft] += added;
}

}  // namespace

workload::Placement draft_placement(const workload::Placement& placement, const Network& target,
                                    const Network& draft) {
  workload::Placement out = placement;
  const auto layers = static_cast<int>(draft.layers.size());
  const double all =
      std::max<double>(1, static_cast<double>(target.layers.size()) - placement.host_layers);
  out.host_layers = placement.devices == 0 ? layers : 0;
  out.host_expert_layers = 0;
  if (placement.layers[0] == 0) return out;
  double before = 0;
  int placed = 0;
  for (int d = 0; d < placement.devices; ++d) {
    const auto place = static_cast<std::size_t>(d);
    before += placement.layers[place];
    const int until = d + 1 == placement.devices
                          ? layers
                          : std::min(layers, static_cast<int>(std::lround(before / all * layers)));
    out.layers[place] = static_cast<std::int16_t>(until - placed);
    placed = until;
  }
  return out;
}

workload::Inference draft_inference(const InferenceCase& target) {
  workload::Inference out = target.inference;
  out.draft_tokens = 0;
  out.vision = false;
  // llama.cpp has an option of its own for the draft's cache, F16 unless it is given.
  if (target.engine.family == workload::EngineFamily::llama_cpp) out.key_type = out.value_type = {};
  return out;
}

void add_draft_network(const InferenceCase& input, MemoryEstimate& result) {
  RIGOR_ASSERT(input.draft != nullptr);
  const workload::Inference inference = draft_inference(input);
  const workload::Placement placement =
      draft_placement(input.placement, input.network, *input.draft);
  MemoryEstimate own;
  inference_memory({*input.draft,
                    input.engine,
                    inference,
                    placement,
                    input.accelerators,
                    input.host,
                    input.backend,
                    {},
                    -1},
                   own);
  const bool llama = input.engine.family == workload::EngineFamily::llama_cpp;
  for (int d = 0; d < result.devices; ++d) {
    const auto place = static_cast<std::size_t>(d);
    add(own.device[place], llama, result.device[place]);
  }
  add(own.host, llama, result.host);
}

}  // namespace rigor::estimate
