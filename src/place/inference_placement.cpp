#include "place/inference_placement.hpp"

#include <algorithm>
#include <cmath>

#include "place/solve.hpp"

namespace rigor::place {
namespace {

using estimate::Fit;
using workload::EngineFamily;
using workload::Placement;

int usable_devices(const InferenceQuestion& question) {
  const int present = static_cast<int>(question.accelerators.size());
  return std::min({present, question.most_devices, workload::kMostDevices});
}

bool good(const InferenceAnswer& answer) { return answer.verdict.fit == Fit::fits; }
bool possible(const InferenceAnswer& answer) { return answer.verdict.fit != Fit::does_not_fit; }

/// The smallest number of first layers whose experts must stay on the host; the given answer when none helps.
InferenceAnswer with_host_experts(const InferenceQuestion& question, const InferenceAnswer& all_on_devices) {
  const auto layers = static_cast<std::int64_t>(question.network->architecture.layers.size());
  const auto attempt = [&](std::int64_t count) {
    Placement placement = all_on_devices.placement;
    placement.host_expert_layers = static_cast<int>(count);
    return evaluate(question, placement);
  };
  const auto fewest = smallest(1, layers, [&](std::int64_t count) { return good(attempt(count)); });
  return fewest ? attempt(*fewest) : all_on_devices;
}

}  // namespace

InferenceAnswer evaluate(const InferenceQuestion& question, const Placement& placement) {
  InferenceAnswer answer;
  answer.placement = placement;
  const estimate::InferenceCase input{*question.network,     *question.engine,
                                      question.inference,    placement,
                                      question.accelerators, question.host,
                                      question.backend,      question.display_reserve,
                                      question.display_device};
  estimate::inference_memory(input, answer.memory);
  answer.verdict = estimate::verdict(answer.memory);
  return answer;
}

void split_layers(const InferenceQuestion& question, Placement& placement) {
  const int layers = static_cast<int>(question.network->architecture.layers.size());
  const int offloaded = layers - placement.host_layers;
  double all = 0;
  for (int d = 0; d < placement.devices; ++d) {
    all += question.accelerators[static_cast<std::size_t>(placement.device[static_cast<std::size_t>(d)])].usable.in(byte);
  }
  placement.layers.fill(0);
  double before = 0;
  int placed = 0;
  for (int d = 0; d < placement.devices; ++d) {
    const auto slot = static_cast<std::size_t>(d);
    before += question.accelerators[static_cast<std::size_t>(placement.device[slot])].usable.in(byte);
    const double share = all > 0 ? before / all : static_cast<double>(d + 1) / placement.devices;
    // The head is layer number `offloaded`; it goes to the last device and takes no layer of ours.
    const int until = std::min(offloaded, static_cast<int>(std::ceil(share * (offloaded + 1) - 1e-9)));
    placement.layers[slot] = static_cast<std::int16_t>(until - placed);
    placed = until;
  }
}

int tensor_degree(const llm::Architecture& architecture, int most) {
  int heads = 0;
  int kv_heads = 0;
  for (const llm::Layer& layer : architecture.layers) {
    heads = std::max(heads, layer.heads);
    kv_heads = std::max(kv_heads, layer.kv_heads);
  }
  for (int degree = most; degree > 1; --degree) {
    const bool cuts_heads = heads > 0 && heads % degree == 0;
    const bool cuts_cache = architecture.mla || kv_heads == 0 || kv_heads % degree == 0 || degree % kv_heads == 0;
    const bool cuts_vocabulary = architecture.vocabulary % degree == 0 || degree <= 64;  // padded to 64
    if (cuts_heads && cuts_cache && cuts_vocabulary) return degree;
  }
  return 1;
}

Placement layout(const InferenceQuestion& question, int count) {
  Placement placement;
  placement.devices = count;
  for (int d = 0; d < count; ++d) placement.device[static_cast<std::size_t>(d)] = static_cast<std::int8_t>(d);
  if (count == 0) {
    placement.host_layers = static_cast<int>(question.network->architecture.layers.size());
    return placement;
  }
  if (question.engine->family == EngineFamily::vllm) {
    placement.split = workload::Split::tensor;
    placement.tensor = tensor_degree(question.network->architecture, count);
    placement.pipeline = count / placement.tensor;
    placement.devices = placement.tensor * placement.pipeline;
    return placement;
  }
  placement.pipeline = count;
  split_layers(question, placement);
  return placement;
}

InferenceAnswer choose(const InferenceQuestion& question) {
  const int devices = usable_devices(question);
  if (devices == 0) return evaluate(question, layout(question, 0));
  InferenceAnswer last;
  for (int count = 1; count <= devices; ++count) {
    const Placement placement = layout(question, count);
    if (placement.devices != count) continue;  // the engine cannot use this many
    last = evaluate(question, placement);
    if (good(last)) return last;
  }
  const bool has_experts = question.network->architecture.experts.has_value();
  if (question.engine->family != EngineFamily::llama_cpp || !has_experts || possible(last)) return last;
  return with_host_experts(question, last);
}

}  // namespace rigor::place
