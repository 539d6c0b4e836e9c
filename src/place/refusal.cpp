#include "place/refusal.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace rigor::place {
namespace {

using workload::Drafter;

bool begins_with_any(const std::string& name, const std::vector<std::string>& beginnings) {
  return std::any_of(beginnings.begin(), beginnings.end(),
                     [&](const std::string& start) { return name.starts_with(lower(start)); });
}

/// Formats of weights and caches that the engine's data says it does not take.
std::string problem_with_formats(const Question& question) {
  const workload::Engine& engine = *question.engine;
  for (const estimate::Network* network : {question.network, question.draft}) {
    if (network == nullptr ||
        !begins_with_any(lower(network->quantization), engine.refused_weights))
      continue;
    return fmt::format(
        "{} cannot load {} weights: choose another quantization, or an engine that can (--engine)",
        engine.name, network->quantization);
  }
  const workload::Inference& inference = question.workload.inference;
  for (const workload::CacheType& type : {inference.key_type, inference.value_type}) {
    const std::string name(type.name);
    if (!begins_with_any(name, engine.refused_caches)) continue;
    return fmt::format("{} has no {} cache: choose another type (--kv-type)", engine.name, name);
  }
  return {};
}

/// Engines accept vocabularies that differ by padding only (llama.cpp:
/// SPEC_VOCAB_MAX_SIZE_DIFFERENCE in common/speculative.cpp).
constexpr int kPadding = 128;

std::string problem_with_drafts(const Question& question) {
  const workload::Inference& inference = question.workload.inference;
  if (inference.drafts_with(Drafter::mtp) && question.network->draft <= Bytes{})
    return fmt::format(
        "{} has no MTP layer that could draft: name a small network of the same vocabulary "
        "(--draft-model), or leave --draft-tokens out",
        question.network->architecture.name);
  if (question.draft == nullptr) return {};
  const llm::Architecture& target = question.network->architecture;
  const llm::Architecture& draft = question.draft->architecture;
  if (std::abs(target.vocabulary - draft.vocabulary) <= kPadding) return {};
  return fmt::format(
      "{} cannot draft for {}: its vocabulary has {} tokens, not {}; name a smaller network of the "
      "same family",
      draft.name, target.name, draft.vocabulary, target.vocabulary);
}

}  // namespace

std::string problem_with_network(const Question& question) {
  if (question.workload.kind != workload::Kind::inference) return {};
  if (question.workload.inference.vision && question.network->vision <= Bytes{})
    return fmt::format("{} has no vision tower: leave --vision out",
                       question.network->architecture.name);
  if (std::string wrong = problem_with_formats(question); !wrong.empty()) return wrong;
  return problem_with_drafts(question);
}

}  // namespace rigor::place
