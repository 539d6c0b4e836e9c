#include "place/search_space.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace rigor::place {
namespace {

using workload::Checkpointing;
using workload::EngineFamily;
using workload::Kind;

/// llama.cpp submits no more than this together unless -b says so.
constexpr int kLlamaBatch = 2048;

/// Data-parallel copies of a placement on all devices, on all machines.
int copies(const Question& question) {
  const workload::PlacementWish& wish = question.workload.wish;
  const int others = wish.tensor.value_or(1) * wish.pipeline.value_or(1);
  const int here = wish.data.value_or(std::max(1, detail::usable_devices(question) / others));
  return here * std::max(1, question.workload.finetune.machines);
}

std::vector<int> doublings(std::int64_t low, std::int64_t high) {
  std::vector<int> out;
  for (std::int64_t n = low; n <= high; n *= 2) out.push_back(static_cast<int>(n));
  return out;
}

/// Steps that differ: no more than the context holds, and what stands in the question.
std::vector<int> open_tokens(const Question& question) {
  const workload::Workload& w = question.workload;
  const bool llama = question.engine->family == EngineFamily::llama_cpp;
  if (w.is_given("ubatch") || (!llama && w.is_given("batch"))) return {};
  if (!llama && question.engine->family != EngineFamily::vllm) return {};
  constexpr int kLeast = 128, kMost = 4096, kLeastServed = 1024, kMostServed = 16384;
  if (!llama) return doublings(kLeastServed, kMostServed);
  const std::int64_t submitted = w.is_given("batch") ? w.inference.batch : kMost;
  std::vector<int> out = doublings(kLeast, std::min<std::int64_t>(submitted, kMost));
  while (out.size() > 1 && out[out.size() - 2] >= w.inference.context) out.pop_back();
  const auto place = std::lower_bound(out.begin(), out.end(), w.inference.micro_batch);
  if (place == out.end() || *place != w.inference.micro_batch)
    out.insert(place, w.inference.micro_batch);
  return out;
}

std::vector<Checkpointing> open_checkpointing(const Question& question) {
  const workload::Workload& w = question.workload;
  if (w.is_given("checkpointing")) return {w.finetune.checkpointing};
  switch (question.engine->family) {
    case EngineFamily::unsloth:
      return {Checkpointing::none, Checkpointing::full, Checkpointing::offloaded};
    case EngineFamily::fsdp:
    case EngineFamily::deepspeed:
      return {Checkpointing::none, Checkpointing::selective, Checkpointing::full};
    default: return {Checkpointing::none, Checkpointing::full};
  }
}

/// What stands in the question, by its name and loss where it is one of those known.
CacheOption given_cache(const workload::Inference& inference, std::span<const CacheOption> known) {
  const auto bytes = [](const workload::CacheType& type) { return type.bytes_per_element; };
  for (const CacheOption& option : known) {
    if (bytes(option.key) == bytes(inference.key_type) &&
        bytes(option.value) == bytes(inference.value_type))
      return option;
  }
  return {.key = inference.key_type, .value = inference.value_type};
}

void serving_space(const Question& question, std::span<const CacheOption> caches,
                   SearchSpace& space) {
  const workload::Workload& w = question.workload;
  const bool fixed = w.is_given("kv_type") || caches.empty();
  const bool flash = w.inference.flash_attention;
  for (const CacheOption& option : caches) {
    // llama.cpp quantizes values under flash attention only.
    if (!fixed && (flash || !option.value.quantized)) space.caches.push_back(option);
  }
  if (space.caches.empty()) space.caches.push_back(given_cache(w.inference, caches));
  space.computed_tokens = open_tokens(question);
  const bool llama = question.engine->family == EngineFamily::llama_cpp;
  const bool open = llama && detail::usable_devices(question) > 0 && !w.wish.host_layers &&
                    !w.wish.host_expert_layers && w.wish.replicas == 1;
  space.may_offload_layers = open;
  space.may_offload_experts = open && question.network->architecture.experts.has_value();
}

}  // namespace

SearchSpace search_space(const Question& question, std::span<const CacheOption> caches) {
  const workload::Workload& w = question.workload;
  SearchSpace space;
  if (w.kind == Kind::inference) {
    serving_space(question, caches, space);
    return space;
  }
  space.fewer_cards = !w.wish.devices && !w.wish.data;
  space.checkpointing = open_checkpointing(question);
  space.global_batch = w.finetune.micro_batch * w.finetune.accumulation * copies(question);
  if (w.is_given("micro_batch")) space.micro_batch = w.finetune.micro_batch;
  if (w.is_given("accumulation")) space.accumulation = w.finetune.accumulation;
  return space;
}

bool states_batch(const workload::Workload& workload) {
  return workload.global_batch || workload.is_given("micro_batch") ||
         workload.is_given("accumulation");
}

int usual_global_batch(const Question& question) {
  constexpr int kUsual = 16;
  const int each = copies(question);
  return (kUsual + each - 1) / each * each;
}

std::string apply_global_batch(Question& question) {
  workload::Workload& w = question.workload;
  if (!w.global_batch || w.kind != Kind::finetune) return {};
  const int together = w.finetune.micro_batch * copies(question);
  if (w.is_given("accumulation") && together * w.finetune.accumulation != *w.global_batch)
    return fmt::format("global_batch {} is not micro_batch {} x accumulation {} x {} copies",
                       *w.global_batch, w.finetune.micro_batch, w.finetune.accumulation,
                       copies(question));
  if (*w.global_batch % together != 0)
    return fmt::format("global_batch {} is no multiple of micro_batch {} x {} copies",
                       *w.global_batch, w.finetune.micro_batch, copies(question));
  w.finetune.accumulation = *w.global_batch / together;
  return {};
}

int computed_tokens(const Question& question) {
  const workload::Inference& inference = question.workload.inference;
  return question.engine->family == EngineFamily::llama_cpp ? inference.micro_batch
                                                            : inference.batch;
}

void set_computed_tokens(Question& question, int tokens) {
  workload::Inference& inference = question.workload.inference;
  if (question.engine->family != EngineFamily::llama_cpp) {
    inference.batch = tokens;
    return;
  }
  inference.micro_batch = tokens;
  if (tokens > std::max(inference.batch, kLlamaBatch)) inference.batch = tokens;
}

}  // namespace rigor::place
