// Drafts in an answer: what they make of a step, and whether they pay. Layer 6.
#pragma once

#include <string>

#include "estimate/speed/speculative.hpp"
#include "estimate/speed/speed_case.hpp"
#include "place/question.hpp"
#include "place/ranged.hpp"

namespace rigor::place {

/// What drafts do for an answer. Rates are tokens per second.
struct Speculation {
  int drafted = 0;           ///< tokens per step; 0: nothing is drafted
  std::string drafter = {};  ///< "its MTP layer", "Qwen3 0.6B, q4_k_m", "n-grams of the text"
  bool stated = false;       ///< the acceptance was given, not taken from the table
  Ranged acceptance = {}, tokens = {};  ///< of one drafted token; gained by a step of one sequence
  estimate::StepTime draft = {}, verify = {};  ///< one step of one sequence
  Ranged plain = {};                           ///< generating without drafts, one user
  Ranged speed_up = {};                        ///< over that
  Ranged speed_up_together = {};               ///< of all sequences, prompts included
  int pays_up_to = 0;  ///< most sequences of 1, 2, 4, … 1024 that are faster with drafts; 0: none
};

/// The drafter of a question on a placement; no tokens: nothing is drafted. The acceptance is the
/// expected one.
estimate::Draft draft_of(const Question& question, const workload::Placement& placement,
                         const estimate::SpeedRig& rig, estimate::Phase phase);

/// As stated, else of the table.
workload::Acceptance acceptance_of(const Question& question);

/// One round of requests and a step at a depth, which drafts are to speed up.
struct DraftedWork {
  const estimate::SpeedCase& alone;    ///< one sequence
  const estimate::SpeedCase& serving;  ///< many
  estimate::Round round = {};
  double depth = 0;
};
/// Shares, interval and speed-ups; the rates are the caller's to multiply.
/// Requires: the question drafts.
Speculation speculation(const Question& question, const workload::Placement& placement,
                        const estimate::SpeedRig& rig, const DraftedWork& work);

}  // namespace rigor::place
