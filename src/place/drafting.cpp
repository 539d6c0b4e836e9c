#include "place/drafting.hpp"

#include <fmt/format.h>

namespace rigor::place {
namespace {

using estimate::Draft;
using estimate::Phase;
using workload::Drafter;

std::string name_of(const Question& question) {
  switch (question.workload.inference.drafter) {
    case Drafter::mtp: return "its own MTP layer";
    case Drafter::ngram: return "n-grams of the text";
    case Drafter::network: break;
  }
  const estimate::Network& draft = *question.draft;
  return fmt::format("{}, {}", draft.architecture.name, draft.quantization);
}

Draft with(Draft draft, double acceptance) {
  draft.acceptance = acceptance;
  return draft;
}

/// Rates with drafts over plain ones: of the lowest, the expected and the highest acceptance, and
/// on top what the model itself is wrong by.
template <class Gain>
Ranged speed_up(const Question& question, const Draft& draft, const Gain& gain) {
  const workload::Acceptance a = acceptance_of(question);
  const workload::DraftTable& table = question.drafts;
  const Ranged by_acceptance = {gain(with(draft, a.low)), gain(with(draft, a.expected)),
                                gain(with(draft, a.high))};
  return product(by_acceptance, {table.measured_low, 1, table.measured_high});
}

}  // namespace

workload::Acceptance acceptance_of(const Question& question) {
  const workload::Inference& inference = question.workload.inference;
  if (!inference.acceptance) return question.drafts.of(inference.drafter);
  return {*inference.acceptance, *inference.acceptance, *inference.acceptance};
}

Draft draft_of(const Question& question, const workload::Placement& placement,
               const estimate::SpeedRig& rig, Phase phase) {
  const workload::Inference& inference = question.workload.inference;
  Draft out;
  out.tokens = inference.draft_tokens;
  out.acceptance = acceptance_of(question).expected;
  if (out.tokens == 0 || inference.drafter == Drafter::ngram) return out;
  const estimate::InferenceCase input{
      *question.network,       *question.engine, inference,        placement,
      question.accelerators,   question.host,    question.backend, question.display_reserve,
      question.display_device, question.draft};
  out.stages = inference.drafter == Drafter::network
                   ? estimate::draft_case(input, rig, phase)
                   : estimate::mtp_case(input, estimate::speed_case(input, rig, phase));
  return out;
}

Speculation speculation(const Question& question, const workload::Placement& placement,
                        const estimate::SpeedRig& rig, const DraftedWork& work) {
  const Draft one = draft_of(question, placement, rig, Phase::decode);
  const Draft many = draft_of(question, placement, rig, Phase::output);
  const workload::Acceptance a = acceptance_of(question);
  const estimate::SpeculativeStep step = estimate::speculative_step(work.alone, one, 1, work.depth);
  const auto tokens = [&](double accepted) {
    return estimate::tokens_per_step(accepted, one.tokens);
  };
  Speculation out;
  out.drafted = one.tokens;
  out.drafter = name_of(question);
  out.stated = question.workload.inference.acceptance.has_value();
  out.acceptance = {a.low, a.expected, a.high};
  out.tokens = {tokens(a.low), tokens(a.expected), tokens(a.high)};
  out.draft = step.draft;
  out.verify = step.verify;
  out.speed_up = speed_up(question, one, [&](const Draft& draft) {
    const auto drafted = estimate::speculative_step(work.alone, draft, 1, work.depth);
    return estimate::decode_step(work.alone, 1, work.depth).total() / drafted.per_token();
  });
  const Draft& serving = work.round.sequences > 1 ? many : one;
  out.speed_up_together = speed_up(question, serving, [&](const Draft& draft) {
    return estimate::round_time(work.serving, work.round) /
           estimate::round_time(work.serving, draft, work.round);
  });
  constexpr int kMost = 1024;
  for (int n = 1; n <= kMost; n *= 2) {
    const estimate::SpeedCase& stages = n == 1 ? work.alone : work.serving;
    const auto drafted = estimate::speculative_step(stages, n == 1 ? one : many, n, work.depth);
    if (drafted.per_token() < estimate::decode_step(stages, n, work.depth).total())
      out.pays_up_to = n;
  }
  return out;
}

}  // namespace rigor::place
