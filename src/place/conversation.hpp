// How long a described conversation takes: turns of a prompt and an answer, one after the other in
// one context. Layer 6.
#pragma once

#include "place/speed.hpp"

namespace rigor::place {

struct Conversation {
  int turns = 0;                  ///< 0: none is described
  double prompt = 0, answer = 0;  ///< tokens that each turn adds
  double held = 0;                ///< tokens in the cache at the end
  int at_once = 1;                ///< conversations at the same time
  bool prefix_cache = true;       ///< a turn reads its own prompt only
  Ranged wall = {};               ///< seconds, all turns
  Ranged first = {}, last = {};   ///< seconds to the first token of the first and the last turn
  Ranged rate = {};               ///< tokens per second that one conversation gets, over all
  double reading = 0;             ///< share of the time that prompts take
};

/// Prompts are read at the depth that the turns before them leave, or from the beginning without a
/// prefix cache; answers at the depth of their middle. Several sequences are as many conversations
/// in step with each other. `speed` is the placement's, whose intervals and corrections count here.
/// Requires: as `inference_speed`, and that the turns lie within the context.
Conversation conversation(const Question& question, const workload::Placement& placement,
                          const estimate::SpeedRig& rig, const InferenceSpeed& speed);

}  // namespace rigor::place
