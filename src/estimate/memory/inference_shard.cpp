#include "estimate/memory/inference_shard.hpp"

#include <algorithm>

namespace rigor::estimate {
namespace {

using workload::Backend;
using workload::Constant;
using workload::Placement;

int positive(int value) {
  return std::max(1, value);
}

struct Stages {
  int ways = 1, count = 1, stage = 0;
};

Stages stages_of(const Placement& placement, int place) {
  const int per_copy = devices_of_copy(placement);
  const int ways = positive(placement.tensor);
  return {ways, positive(per_copy / ways), place % per_copy / ways};
}

/// vLLM's rule: what does not divide goes to the stages before the last.
int even_layers(int layers, int stages, int stage) {
  const int rest = layers % stages;
  const bool takes_more = stage < stages - 1 && stage >= stages - 1 - rest;
  return layers / stages + (takes_more ? 1 : 0);
}

int layers_of(const Placement& placement, const Stages& s, int layers, int stage) {
  const bool stated = *std::max_element(placement.layers.begin(), placement.layers.end()) > 0;
  if (!stated || s.count == 1) return even_layers(layers, s.count, stage);
  return placement.layers[static_cast<std::size_t>(stage) * static_cast<std::size_t>(s.ways)];
}

const hardware::Accelerator& accelerator_at(const InferenceCase& input, int place) {
  const std::int8_t stated = input.placement.device[static_cast<std::size_t>(place)];
  const auto index = static_cast<std::size_t>(static_cast<std::uint8_t>(stated));
  RIGOR_ASSERT(index < input.accelerators.size());
  return input.accelerators[index];
}

Bytes capacity(const InferenceCase& input, const hardware::Accelerator& accelerator) {
  const bool reserves = input.backend == Backend::cuda && !accelerator.unified;
  const Bytes kept = reserves ? input.engine.bytes(Constant::driver_reserve) : Bytes{};
  return std::max(Bytes{}, accelerator.usable - kept);
}

}  // namespace

int devices_of_copy(const Placement& placement) {
  const int copies = positive(placement.replicas) * positive(placement.data);
  const int degrees = positive(placement.tensor) * positive(placement.pipeline);
  return std::max(degrees, placement.devices / copies);
}

Shard shard_at(const InferenceCase& input, int place) {
  const Placement& placement = input.placement;
  const Stages s = stages_of(placement, place);
  const int layers = static_cast<int>(input.network.layers.size());
  Shard shard;
  for (int stage = 0; stage < s.stage; ++stage)
    shard.first += layers_of(placement, s, layers, stage);
  shard.last = shard.first + layers_of(placement, s, layers, s.stage);
  RIGOR_ASSERT(shard.last <= layers);
  shard.ways = s.ways;
  shard.expert_ways = std::max(s.ways, positive(placement.expert));
  shard.has_input = s.stage == 0;
  shard.has_output = s.stage == s.count - 1;
  return shard;
}

Shard host_shard(const Network& network) {
  Shard shard;
  shard.last = static_cast<int>(network.layers.size());
  return shard;
}

namespace {

/// Estimators read of a card only what its part states, and cards of one part state the same.
bool same(const Shard& a, const Shard& b) {
  const bool same_card =
      a.accelerator == b.accelerator ||
      (a.accelerator->id == b.accelerator->id && a.accelerator->usable == b.accelerator->usable &&
       a.accelerator->memory == b.accelerator->memory);
  return same_card && a.first == b.first && a.last == b.last && a.ways == b.ways &&
         a.expert_ways == b.expert_ways && a.has_input == b.has_input &&
         a.has_output == b.has_output;
}

}  // namespace

void estimate_shards(const InferenceCase& input, MemoryEstimate& result, Fill fill) {
  const int devices = input.placement.devices;
  RIGOR_ASSERT(devices >= 0 && devices <= workload::kMostDevices);
  result.devices = devices;
  result.host = {};
  result.host.capacity = input.host.memory;
  if (devices == 0) fill(input, host_shard(input.network), result.host);
  const DeviceMemory* last = nullptr;  // of a device without a desktop
  Shard of_last;
  for (int place = 0; place < devices; ++place) {
    DeviceMemory& memory = result.device[static_cast<std::size_t>(place)];
    Shard shard = shard_at(input, place);
    shard.accelerator = &accelerator_at(input, place);
    const bool has_desktop = shard.accelerator - input.accelerators.data() == input.display_device;
    if (last != nullptr && !has_desktop && same(shard, of_last)) {
      memory = *last;
      continue;
    }
    memory = {};
    memory.capacity = capacity(input, *shard.accelerator);
    if (has_desktop) memory[Term::reserve] = spread(input.display_reserve, 0);
    fill(input, shard, memory);
    if (has_desktop) continue;
    last = &memory;
    of_last = shard;
  }
}

ShardWeights shard_weights(const Network& network, const Shard& shard) {
  ShardWeights sum;
  for (int i = shard.first; i < shard.last; ++i) {
    const NetworkLayer& layer = network.layers[static_cast<std::size_t>(i)];
    // Vectors are stored in 16 bits and held by every device.
    const Bytes vectors = std::min(layer.dense, layer.small_elements * 2.0 * byte);
    const Bytes experts = layer.experts / shard.expert_ways;
    sum.layers += (layer.dense - vectors) / shard.ways + vectors + experts;
    sum.experts += experts;
  }
  if (shard.has_input) {
    sum.embedding = (network.token_embedding + network.per_layer_embedding) / shard.ways;
  }
  if (shard.has_output) {
    const bool shared = network.tied() && shard.has_input;
    const Bytes table = network.tied() ? network.token_embedding : network.output_head;
    sum.head = shared ? Bytes{} : table / shard.ways;
    sum.layers += network.others;
  }
  return sum;
}

Bytes cell_bytes(const llm::LayerCache& cache, const llm::Layer& layer, int ways,
                 const CacheLayout& layout) {
  const auto keys = static_cast<double>(cache.keys);
  const auto values = static_cast<double>(cache.values);
  const bool has_heads = cache.values > 0 && layer.kv_heads > 0;
  const int kept = (layer.kv_heads + ways - 1) / ways;
  const double share = has_heads ? static_cast<double>(kept) / layer.kv_heads : 1.0;
  const double index = static_cast<double>(cache.index_keys) * layout.key_bytes;
  return (share * (keys * layout.key_bytes + values * layout.value_bytes) + index) * byte;
}

double cells(const llm::LayerCache& cache, const CacheLayout& layout) {
  const bool cut = layout.windows && cache.window > 0;
  double count = cut ? std::min(layout.cells, cache.window + layout.beside_window) : layout.cells;
  if (cache.ratio > 0) {
    const auto compressed =
        static_cast<double>(cache.compressed_keys + cache.compressed_index_keys);
    count += layout.cells / cache.ratio * compressed / static_cast<double>(cache.keys);
  }
  return count;
}

Bytes cache_bytes(const Network& network, const Shard& shard, const CacheLayout& layout) {
  Bytes sum;
  for (int i = shard.first; i < shard.last; ++i) {
    const auto index = static_cast<std::size_t>(i);
    const llm::LayerCache& cache = network.layers[index].cache;
    if (cache.empty()) continue;
    const llm::Layer& layer = network.architecture.layers[index];
    sum += cells(cache, layout) * cell_bytes(cache, layer, shard.ways, layout);
  }
  return sum;
}

Bytes state_bytes(const llm::RecurrentState& state, int ways) {
  const double elements =
      4.0 * static_cast<double>(state.state) + 2.0 * static_cast<double>(state.convolution());
  return elements / ways * byte;
}

Bytes state_bytes(const Network& network, const Shard& shard) {
  Bytes sum;
  for (int i = shard.first; i < shard.last; ++i) {
    sum += state_bytes(network.layers[static_cast<std::size_t>(i)].state, shard.ways);
  }
  return sum;
}

Widths widths(const llm::Architecture& architecture) {
  Widths widest;
  for (const llm::Layer& layer : architecture.layers) {
    widest.dense = std::max<double>(widest.dense, layer.width);
    widest.queries =
        std::max<double>(widest.queries, static_cast<double>(layer.heads) * layer.head_dim);
  }
  if (architecture.experts) {
    const llm::Experts& experts = *architecture.experts;
    widest.used = experts.used;
    widest.routed = static_cast<double>(experts.used) * experts.width;
    widest.shared = experts.shared_width;
  }
  return widest;
}

Interval counted(const workload::Engine& engine, Bytes expected) {
  return spread(expected, engine.number(Constant::margin_exact));
}

Interval modelled(const workload::Engine& engine, Bytes expected) {
  return spread(expected, engine.number(Constant::margin_model));
}

Bytes context_bytes(const InferenceCase& input) {
  switch (input.backend) {
    case Backend::cuda: return input.engine.bytes(Constant::context_cuda);
    case Backend::rocm: return input.engine.bytes(Constant::context_rocm);
    case Backend::vulkan: return input.engine.bytes(Constant::context_vulkan);
    case Backend::metal: return input.engine.bytes(Constant::context_metal);
    case Backend::cpu: return input.engine.bytes(Constant::context_cpu);
  }
  return {};
}

std::int64_t longest_prompt(const workload::Inference& inference) {
  if (inference.prompt <= 0) return inference.context;
  return std::min<std::int64_t>(inference.prompt, inference.context);
}

}  // namespace rigor::estimate
