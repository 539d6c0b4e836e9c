#include "estimate/memory/vllm_cache.hpp"

#include <algorithm>
#include <cmath>

namespace rigor::estimate {
namespace {

constexpr double kBlock = 16;  // tokens of a page

double round_up(double amount, double block) {
  return std::ceil(amount / block) * block;
}

void add(VllmKinds& kinds, int window, Bytes cell) {
  const auto is_it = [&](const VllmKind& kind) {
    return kind.layers == 0 || kind.window == window;
  };
  auto place = std::find_if(kinds.kind.begin(), kinds.kind.end(), is_it);
  // More windows than any network has: counted with the last.
  if (place == kinds.kind.end()) --place;
  if (place->layers == 0) {
    place->window = window;
    ++kinds.count;
  }
  place->layers += 1;
  place->per_token += cell;
}

CacheLayout layout(const workload::Inference& inference) {
  return {.key_bytes = inference.key_type.bytes_per_element,
          .value_bytes = inference.value_type.bytes_per_element};
}

}  // namespace

int VllmKinds::group() const {
  int smallest = recurrent;
  for (int i = 0; i < count; ++i) {
    const int layers = kind[static_cast<std::size_t>(i)].layers;
    smallest = smallest > 0 ? std::min(smallest, layers) : layers;
  }
  return std::max(1, smallest);
}

double VllmKinds::slots(int layers) const {
  return round_up(layers, group());
}

Bytes VllmKinds::reserved(const VllmKind& of) const {
  return of.per_token * (slots(of.layers) / of.layers);
}

Bytes VllmKinds::cell() const {
  return count > 0 ? kind[0].per_token / kind[0].layers : Bytes{};
}

VllmKinds vllm_kinds(const InferenceCase& input, const Shard& shard) {
  VllmKinds kinds;
  for (int i = shard.first; i < shard.last; ++i) {
    const auto index = static_cast<std::size_t>(i);
    const NetworkLayer& layer = input.network.layers[index];
    if (!layer.state.empty()) {
      kinds.recurrent += 1;
      kinds.state = state_bytes(layer.state, shard.ways);
    } else if (!layer.cache.empty()) {
      const llm::Layer& shape = input.network.architecture.layers[index];
      const Bytes cell = cell_bytes(layer.cache, shape, shard.ways, layout(input.inference));
      add(kinds, layer.cache.window, cell);
    }
  }
  return kinds;
}

VllmCacheNeed vllm_cache_need(const InferenceCase& input, const VllmKinds& kinds,
                              double batched_tokens) {
  const bool hybrid = kinds.recurrent > 0 && kinds.count > 0;
  // Pages grow until one holds a state.
  const double state_tokens = hybrid ? kinds.state / kinds.cell() : 0;
  const double block = std::max(kBlock, round_up(state_tokens, kBlock));
  const double all = round_up(static_cast<double>(input.inference.context), block);
  const double sequences = input.inference.sequences;
  VllmCacheNeed need;
  for (int i = 0; i < kinds.count; ++i) {
    const VllmKind& kind = kinds.kind[static_cast<std::size_t>(i)];
    const double windowed = round_up(kind.window - 1 + batched_tokens, block) + block;
    const double tokens = kind.window > 0 ? std::min(all, windowed) : all;
    need.cache += sequences * tokens * kinds.reserved(kind);
  }
  if (kinds.recurrent > 0) {
    const Bytes page = std::max(kinds.state, block * kinds.cell());
    const double copies = 1.0 + input.inference.draft_tokens;
    need.state = sequences * copies * kinds.slots(kinds.recurrent) * page;
  }
  return need;
}

double vllm_cache_tokens(const InferenceCase& input, int place, Bytes pool) {
  const VllmKinds kinds = vllm_kinds(input, shard_at(input, place));
  Bytes per_token = kinds.slots(kinds.recurrent) * kinds.cell();
  for (int i = 0; i < kinds.count; ++i) {
    per_token += kinds.reserved(kinds.kind[static_cast<std::size_t>(i)]);
  }
  if (per_token <= Bytes{}) return 0;
  return std::floor(pool / (kBlock * per_token)) * kBlock;
}

}  // namespace rigor::estimate
