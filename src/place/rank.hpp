// The search for the fastest placement: every legal one is evaluated, memory and speed. Layer 6.
#pragma once

#include <vector>

#include "place/question.hpp"
#include "place/speed.hpp"

namespace rigor::place {

struct Candidate {
  Answer answer;
  double tokens_per_s = 0;  ///< of one user, or of all where several are served, or of training
  bool on_front = false;    ///< no other is as fast with as much left, and better in one
};

/// All legal placements that fit (high estimate), fastest first; of two that are as fast (3 %) the
/// one with fewer devices first. When none fits: the one `choose` takes, without a speed if the
/// rig does not state enough for it. Exact: nothing is pruned.
std::vector<Candidate> rank(const Question& question, const estimate::Calibration& calibration);

/// Tokens per second of one of several machines by itself, laid out as is best there; 0: there is
/// one only, or the network does not fit on it.
double one_machine(const Question& question, const InferenceSpeed& speed,
                   const estimate::Calibration& calibration);

}  // namespace rigor::place
