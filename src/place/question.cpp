#include "place/question.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "estimate/memory/inference_memory.hpp"
#include "estimate/memory/training_memory.hpp"
#include "place/machines.hpp"

namespace rigor::place {
namespace {

using workload::Kind;
using workload::Placement;

struct Heads {
  int query = 0;
  int kv = 0;
};

Heads most_heads(const llm::Architecture& architecture) {
  Heads most;
  for (const llm::Layer& layer : architecture.layers) {
    most.query = std::max(most.query, layer.heads);
    most.kv = std::max(most.kv, layer.kv_heads);
  }
  return most;
}

void multiply(estimate::DeviceMemory& memory, double count) {
  for (estimate::Interval& term : memory.terms) {
    term = {term.low * count, term.expected * count, term.high * count};
  }
}

/// Copies that share a device add up there; every copy has its part on the host.
void add_copies(const Placement& placement, estimate::MemoryEstimate& memory) {
  for (int d = 0; d < memory.devices && placement.copies > 1; ++d) {
    multiply(memory.device[static_cast<std::size_t>(d)], placement.copies);
  }
  if (placement.replicas > 1) multiply(memory.host, placement.replicas);
}

/// On a machine whose processor and accelerator share memory, the host has what the accelerator
/// leaves.
void share_memory(const Question& question, estimate::MemoryEstimate& memory) {
  if (memory.devices == 0 || question.accelerators.empty() || !question.accelerators[0].unified)
    return;
  memory.host.capacity =
      std::max(Bytes{}, question.accelerators[0].memory - memory.device[0].total().expected);
}

/// Routed experts can be spread over as many devices as there are, the same number on each.
std::string problem_with_experts(const Question& question, int devices) {
  const int degree = question.workload.wish.expert.value_or(1);
  if (degree <= 1) return {};
  const auto& experts = question.network->architecture.experts;
  if (!experts) return "expert: the network has no routed experts to spread over devices";
  if (degree > devices || devices % degree != 0)
    return fmt::format("expert {} does not divide {} devices", degree, devices);
  if (experts->count % degree != 0)
    return fmt::format("expert {} does not divide the network's {} experts", degree,
                       experts->count);
  return {};
}

}  // namespace

Answer evaluate(const Question& question, const Placement& placement) {
  Answer answer;
  answer.placement = placement;
  if (question.workload.kind == Kind::finetune && question.accelerators.empty()) {
    answer.placement.devices = 0;  // training on the processor alone is not modelled
    answer.verdict = {.fit = estimate::Fit::does_not_fit, .binding = estimate::kHost};
    return answer;
  }
  if (question.workload.kind == Kind::inference) {
    estimate::inference_memory({*question.network, *question.engine, question.workload.inference,
                                placement, question.accelerators, question.host, question.backend,
                                question.display_reserve, question.display_device, question.draft},
                               answer.memory);
  } else {
    estimate::training_memory(
        {*question.network, *question.engine, question.workload.finetune, placement,
         question.accelerators, question.host, question.display_reserve, question.display_device},
        answer.memory);
  }
  add_copies(placement, answer.memory);
  share_memory(question, answer.memory);
  answer.verdict = estimate::verdict(answer.memory);
  return answer;
}

bool tensor_degree_is_legal(const llm::Architecture& architecture, int degree) {
  const Heads heads = most_heads(architecture);
  if (heads.query == 0 || heads.query % degree != 0) return degree == 1;
  return architecture.mla || heads.kv == 0 || heads.kv % degree == 0 || degree % heads.kv == 0;
}

int tensor_degree(const llm::Architecture& architecture, int most) {
  int degree = std::max(1, most);
  while (degree > 1 && !tensor_degree_is_legal(architecture, degree)) --degree;
  return degree;
}

std::string problem_with(const Question& question, const Placement& placement) {
  const auto layers = static_cast<int>(question.network->architecture.layers.size());
  if (placement.devices > static_cast<int>(question.accelerators.size())) {
    return fmt::format("{} devices are wanted, the rig has {}", placement.devices,
                       question.accelerators.size());
  }
  if (!tensor_degree_is_legal(question.network->architecture, placement.tensor)) {
    const Heads heads = most_heads(question.network->architecture);
    return fmt::format("tensor {} does not divide {} heads and {} key-value heads",
                       placement.tensor, heads.query, heads.kv);
  }
  if (question.draft != nullptr &&
      !tensor_degree_is_legal(question.draft->architecture, placement.tensor)) {
    const Heads heads = most_heads(question.draft->architecture);
    return fmt::format(
        "tensor {} does not divide the draft network's {} heads and {} key-value "
        "heads",
        placement.tensor, heads.query, heads.kv);
  }
  const int degrees = placement.tensor * placement.pipeline * placement.data;
  if (placement.devices > 0 && degrees > placement.devices) {
    return fmt::format("tensor {} x pipeline {} x data {} needs {} devices, {} are used",
                       placement.tensor, placement.pipeline, placement.data, degrees,
                       placement.devices);
  }
  if (placement.host_layers > layers || placement.host_expert_layers > layers) {
    return fmt::format("{} layers on the host are wanted, the network has {} layers",
                       std::max(placement.host_layers, placement.host_expert_layers), layers);
  }
  return {};
}

std::string problem_with_wish(const Question& question) {
  if (std::string wrong = workload::contradiction(question.workload); !wrong.empty()) return wrong;
  if (std::string wrong = problem_with_machines(question); !wrong.empty()) return wrong;
  const workload::PlacementWish& wish = question.workload.wish;
  const auto present = static_cast<int>(question.accelerators.size());
  if (const int wanted = wish.devices.value_or(0); wanted > present) {
    return fmt::format("{} devices are wanted, the rig has {}", wanted, present);
  }
  Placement asked;
  asked.devices = wish.devices.value_or(present);
  asked.tensor = wish.tensor.value_or(1);
  asked.pipeline = wish.pipeline.value_or(1);
  asked.data = wish.data.value_or(1);
  asked.host_layers = wish.host_layers.value_or(0);
  asked.host_expert_layers = wish.host_expert_layers.value_or(0);
  if (asked.host_expert_layers > 0 && !question.network->architecture.experts) {
    return "the network has no experts to keep on the host";
  }
  if (std::string wrong = problem_with_experts(question, asked.devices); !wrong.empty())
    return wrong;
  if (wish.parameters.value_or(workload::Offload::none) != workload::Offload::none &&
      wish.sharding.value_or(workload::Sharding::zero3) < workload::Sharding::zero3) {
    return "parameters can be offloaded under ZeRO-3 or FSDP only";
  }
  return problem_with(question, asked);
}

int detail::usable_devices(const Question& question) {
  const auto present = static_cast<int>(question.accelerators.size());
  return std::min(
      {present, question.workload.wish.devices.value_or(present), workload::kMostDevices});
}

Answer choose(const Question& question) {
  return question.workload.kind == Kind::inference ? detail::choose_inference(question)
                                                   : detail::choose_finetune(question);
}

}  // namespace rigor::place
