// Speculative decoding: a drafter proposes tokens, the network checks all of them in one step and
// keeps those before the first it would not have chosen, and one of its own. Layer 5.
//
// Leviathan, Kalman, Matias 2023 (arXiv 2211.17192). Derivation and errors:
// docs/models/30-inference-speed.md.
#pragma once

#include "estimate/speed/inference_speed.hpp"

namespace rigor::estimate {

/// Who drafts, how much, and how often it is right.
struct Draft {
  SpeedCase stages = {};  ///< of the drafter; none: its drafts cost nothing
  int tokens = 0;         ///< drafted per step; 0: plain decoding
  double acceptance = 0;  ///< probability that a drafted token is kept when those before it were
};

/// Tokens a sequence gains in one step: 1 + a + a^2 + … + a^n = (1 - a^(n+1)) / (1 - a).
double tokens_per_step(double acceptance, int drafted);

/// One step of every sequence.
struct SpeculativeStep {
  StepTime draft, verify;
  double tokens = 1;  ///< gained by each sequence
  [[nodiscard]] Seconds total() const { return draft.total() + verify.total(); }
  /// Of one token of every sequence.
  [[nodiscard]] Seconds per_token() const { return total() / tokens; }
};

/// Without drafted tokens a plain step. A check of many tokens never takes less than one of few.
/// No allocation.
SpeculativeStep speculative_step(const SpeedCase& target, const Draft& draft, double sequences,
                                 double depth);

/// A prompt passes the drafter too: it keeps a cache of its own. No allocation.
StepTime draft_prefill(const Draft& draft, double tokens, double depth);

/// `round_time` with drafts. No allocation.
Seconds round_time(const SpeedCase& target, const Draft& draft, const Round& round);

}  // namespace rigor::estimate
