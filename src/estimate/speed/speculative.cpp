#include "estimate/speed/speculative.hpp"

#include <algorithm>

namespace rigor::estimate {

double tokens_per_step(double acceptance, int drafted) {
  double sum = 1, kept = 1;
  for (int i = 0; i < drafted; ++i) sum += kept *= acceptance;
  return sum;
}

SpeculativeStep speculative_step(const SpeedCase& target, const Draft& draft, double sequences,
                                 double depth) {
  SpeculativeStep out;
  const StepTime plain = decode_step(target, sequences, depth);
  if (draft.tokens == 0) {
    out.verify = plain;
    return out;
  }
  out.verify = verify_step(target, sequences, draft.tokens + 1.0, depth);
  for (std::size_t i = 0; i < plain.terms.size(); ++i)
    out.verify.terms[i] = std::max(out.verify.terms[i], plain.terms[i]);
  out.tokens = tokens_per_step(draft.acceptance, draft.tokens);
  if (draft.stages.stages == 0) return out;
  out.draft = decode_step(draft.stages, sequences, depth);
  for (Seconds& term : out.draft.terms) term *= draft.tokens;
  return out;
}

StepTime draft_prefill(const Draft& draft, double tokens, double depth) {
  if (draft.tokens == 0 || draft.stages.stages == 0 || tokens <= 0) return {};
  return prefill(draft.stages, tokens, depth);
}

Seconds round_time(const SpeedCase& target, const Draft& draft, const Round& round) {
  Seconds time;
  if (round.prompt > 0) {
    const Seconds one = prefill(target, round.prompt, 0).total();
    time = round.sequences * (one + draft_prefill(draft, round.prompt, 0).total());
  }
  const double depth = round.prompt + round.answer / 2;
  return time + round.answer * speculative_step(target, draft, round.sequences, depth).per_token();
}

}  // namespace rigor::estimate
