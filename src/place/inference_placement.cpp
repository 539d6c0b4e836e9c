#include <algorithm>
#include <cmath>

#include "place/machines.hpp"
#include "place/question.hpp"
#include "place/solve.hpp"

namespace rigor::place {
namespace {

using estimate::Fit;
using workload::EngineFamily;
using workload::Placement;
using workload::Split;

Bytes memory_of(const Question& question, const Placement& placement, int slot) {
  return question.accelerators[placement.accelerator(slot)].usable;
}

/// `count` devices used in the engine's way and the user's wishes.
Placement layout(const Question& question, int count) {
  const workload::PlacementWish& wish = question.workload.wish;
  Placement placement;
  placement.devices = count;
  placement.replicas = wish.replicas;
  const int present = detail::usable_devices(question);
  if (present > 0) placement.copies = std::max(1, (wish.replicas + present - 1) / present);
  put_devices(question, count, placement);
  placement.host_layers = wish.host_layers.value_or(0);
  placement.host_expert_layers = wish.host_expert_layers.value_or(0);
  if (count == 0) {
    placement.host_layers = static_cast<int>(question.network->architecture.layers.size());
    return placement;
  }
  const bool by_tensor = wish.split.value_or(Split::layer) == Split::tensor ||
                         wish.tensor.has_value() ||
                         (question.engine->family == EngineFamily::vllm && !wish.split);
  if (by_tensor) {
    placement.split = Split::tensor;
    const int together = std::max(1, count / machines_of(question));
    placement.tensor =
        wish.tensor.value_or(tensor_degree(question.network->architecture, together));
    placement.pipeline = wish.pipeline.value_or(std::max(1, count / placement.tensor));
    placement.devices = placement.tensor * placement.pipeline;
    return placement;
  }
  placement.pipeline = count;
  split_layers(question, placement);
  return placement;
}

/// The smallest number of first layers whose experts must stay on the host; the given answer when
/// none helps.
Answer with_host_experts(const Question& question, const Answer& on_devices) {
  const auto layers = static_cast<std::int64_t>(question.network->architecture.layers.size());
  const auto attempt = [&](std::int64_t count) {
    Placement placement = on_devices.placement;
    placement.host_expert_layers = static_cast<int>(count);
    return evaluate(question, placement);
  };
  const auto fits = [&](std::int64_t count) { return attempt(count).verdict.fit == Fit::fits; };
  const auto fewest = smallest(1, layers, fits);
  return fewest ? attempt(*fewest) : on_devices;
}

}  // namespace

void split_layers_by(const Question& question, Placement& placement,
                     const std::function<double(int place)>& share) {
  const auto layers = static_cast<int>(question.network->architecture.layers.size());
  const int offloaded = layers - placement.host_layers;
  double all = 0;
  for (int d = 0; d < placement.devices; ++d) all += share(d);
  placement.layers.fill(0);
  double before = 0;
  int placed = 0;
  for (int d = 0; d < placement.devices; ++d) {
    before += share(d);
    // The head is the last of offloaded + 1 pieces; it goes to the last device and is no layer of
    // ours.
    const int until =
        std::min(offloaded, static_cast<int>(std::ceil(before / all * (offloaded + 1) - 1e-9)));
    placement.layers[static_cast<std::size_t>(d)] = static_cast<std::int16_t>(until - placed);
    placed = until;
  }
}

void split_layers(const Question& question, Placement& placement) {
  split_layers_by(question, placement,
                  [&](int place) { return memory_of(question, placement, place).in(byte); });
}

std::vector<Placement> detail::inference_placements_on(const Question& question, int count) {
  const workload::PlacementWish& wish = question.workload.wish;
  const EngineFamily family = question.engine->family;
  std::vector<Placement> out;
  const Placement usual = layout(question, count);
  if (usual.devices == count) out.push_back(usual);
  const bool cuts_matrices = family == EngineFamily::vllm || family == EngineFamily::exllama;
  if (!cuts_matrices || wish.tensor || wish.pipeline || wish.split) return out;
  const int together = count / machines_of(question);
  for (int tensor = 1; tensor <= together; ++tensor) {
    const bool legal =
        together % tensor == 0 && tensor_degree_is_legal(question.network->architecture, tensor);
    if (!legal || (usual.tensor == tensor && usual.devices == count)) continue;
    Placement other = usual;
    other.devices = count;
    other.split = Split::tensor;
    other.tensor = tensor;
    other.pipeline = count / tensor;
    other.layers.fill(0);
    put_devices(question, count, other);
    out.push_back(other);
  }
  return out;
}

int detail::most_devices(const Question& question) {
  const int all = usable_devices(question);
  if (all == 0) return 0;
  return question.engine->family == EngineFamily::mlx
             ? 1
             : std::max(1, all / question.workload.wish.replicas);
}

std::vector<Placement> detail::inference_placements(const Question& question) {
  const int most = most_devices(question);
  if (most == 0) return {layout(question, 0)};
  std::vector<Placement> out;
  const int machines = machines_of(question);
  for (int count = machines; count <= most; count += machines) {
    for (const Placement& placement : inference_placements_on(question, count))
      out.push_back(placement);
  }
  return out;
}

Answer detail::choose_inference(const Question& question) {
  const int all = usable_devices(question);
  if (all == 0) return evaluate(question, layout(question, 0));
  const int devices = std::max(1, all / question.workload.wish.replicas);
  const bool one_only = question.engine->family == EngineFamily::mlx;
  const int fewest =
      question.workload.wish.tensor.value_or(1) * question.workload.wish.pipeline.value_or(1);
  Answer last;
  const int machines = machines_of(question);
  const int first = (std::max(1, fewest) + machines - 1) / machines * machines;
  for (int count = first; count <= (one_only ? 1 : devices); count += machines) {
    const Placement placement = layout(question, count);
    if (placement.devices != count && count > first) continue;  // the engine cannot use this many
    last = evaluate(question, placement);
    if (last.verdict.fit == Fit::fits) return last;
  }
  const bool may_move_experts = question.engine->family == EngineFamily::llama_cpp &&
                                question.network->architecture.experts.has_value() &&
                                !question.workload.wish.host_expert_layers;
  return may_move_experts ? with_host_experts(question, last) : last;
}

}  // namespace rigor::place
