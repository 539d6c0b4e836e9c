#include "apps/cli/searching.hpp"

#include <algorithm>

namespace rigor::apps {

Searched search_for(Problem& problem, const estimate::Calibration& calibration) {
  const place::Question& asked = problem.question();
  Searched out{
      .report = {.asked = &asked, .space = place::search_space(asked, problem.cache_options())},
      .question = asked};
  if (asked.workload.kind == workload::Kind::finetune && !place::states_batch(asked.workload)) {
    out.report.space.global_batch = place::usual_global_batch(asked);
    out.report.batch_is_assumed = true;
  }
  out.report.found = place::search(asked, out.report.space, calibration);
  if (out.report.found.choices.empty()) {
    out.answer = place::choose(asked);
    return out;
  }
  const place::Choice& best = out.report.found.choices.front();
  out.question = place::with_settings(asked, out.report.space, best);
  out.answer = place::evaluate(out.question, best.placement);
  out.tokens_per_s = best.tokens_per_s;
  return out;
}

std::optional<report::Better> better_than(Problem& problem, const place::Answer& answer,
                                          const estimate::Calibration& calibration) {
  constexpr double kEnough = 1.05;
  const place::Question& asked = problem.question();
  const bool fits = answer.verdict.fit == estimate::Fit::fits;
  const place::SearchSpace space = place::search_space(asked, problem.cache_options());
  const place::Found found = place::search(asked, space, calibration);
  const double now = fits ? place::Pace(asked, calibration).of(asked, answer.placement) : 0;
  const place::Choice* best = nullptr;
  for (const place::Choice& choice : found.choices) {
    if (fits && (choice.loss > 0 || now <= 0 || choice.tokens_per_s < kEnough * now)) continue;
    if (best == nullptr) best = &choice;
  }
  if (best == nullptr) return std::nullopt;
  return report::Better{space, *best, now};
}

}  // namespace rigor::apps
