#include "estimate/memory/training_communication.hpp"

#include <algorithm>

#include "estimate/memory/training_states.hpp"
#include "estimate/memory/training_widths.hpp"

namespace rigor::estimate {
namespace {

using workload::Constant;
using workload::Method;
using workload::Sharding;

constexpr double kWire = 2.0;  // gathered and sent in 16 bits

/// The largest layer as it is gathered: packed when quantized; experts of other devices stay there.
Bytes gathered_layer(const FineTuneCase& input) {
  const workload::Placement& p = input.placement;
  double elements = 0;
  for (const LayerKind& kind : input.network.kinds) {
    const NetworkLayer& layer = input.network.layers[static_cast<std::size_t>(kind.example)];
    const double away = p.expert > 1 ? layer.expert_elements * (1 - 1.0 / p.expert) : 0.0;
    elements = std::max(elements, layer.linear_elements + layer.small_elements - away);
  }
  const bool packed = input.finetune.method == Method::qlora;
  return elements / p.tensor * (packed ? matrix_bytes(input.finetune) : kWire) * byte;
}

Bytes tables(const FineTuneCase& input) {
  const Network& n = input.network;
  return kWire * (n.embedding_elements + n.head_elements) / input.placement.tensor * byte;
}

TrainingTransfers fsdp(const FineTuneCase& input) {
  TrainingTransfers out;
  const double layers = std::max(1.0, input.engine.number(Constant::gather_layers));
  out.root = tables(input);
  out.layer = gathered_layer(input);
  out.prefetched = (layers - 1) * out.layer;
  if (input.placement.pipeline > 1) {
    out.stage = kWire * largest_stage(input.network, input.placement).sum() * byte;
  }
  return out;
}

TrainingTransfers zero(const FineTuneCase& input) {
  TrainingTransfers out;
  out.buffers = input.engine.bytes(Constant::bucket_bytes);
  if (input.placement.sharding == Sharding::zero3) {
    const Bytes whole = kWire * largest_stage(input.network, input.placement).sum() * byte;
    out.buffers += std::min(whole, input.engine.bytes(Constant::live_parameters));
  }
  return out;
}

}  // namespace

TrainingTransfers training_transfers(const FineTuneCase& input) {
  switch (input.placement.sharding) {
    case Sharding::fsdp: return fsdp(input);
    case Sharding::zero1:
    case Sharding::zero2:
    case Sharding::zero3: return zero(input);
    case Sharding::none: break;
  }
  TrainingTransfers out;
  // Data parallelism reduces gradients in buckets that together repeat all of them.
  if (sharding_ways(input.placement) > 1) out.buffers = states_before_offload(input).gradients;
  return out;
}

Bytes cast_weights(const FineTuneCase& input) {
  const workload::FineTune& f = input.finetune;
  const bool casts = f.method == Method::full && f.recipe == workload::Recipe::amp &&
                     !shards_parameters(input.placement);
  if (!casts) return {};
  if (f.checkpointing == workload::Checkpointing::none) {
    return kWire * largest_stage(input.network, input.placement).sum() * byte;
  }
  return gathered_layer(input) + tables(input);
}

Bytes dequantized_matrix(const FineTuneCase& input) {
  if (input.finetune.method != Method::qlora) return {};
  double elements = 0;
  const llm::Architecture& a = input.network.architecture;
  for (const LayerKind& kind : input.network.kinds) {
    const llm::Layer& layer = a.layers[static_cast<std::size_t>(kind.example)];
    elements = std::max(elements, layer_widths(a, layer).largest_matrix);
  }
  return 2.0 * elements / input.placement.tensor * byte;
}

}  // namespace rigor::estimate
