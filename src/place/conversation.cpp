#include "place/conversation.hpp"

#include <algorithm>

namespace rigor::place {
namespace {

using estimate::Draft;
using estimate::Phase;
using estimate::SpeedCase;

/// One copy of the network and the conversations that share it.
struct Scene {
  SpeedCase reading, generating;
  Draft read_along, drafts;
  double together = 1;

  [[nodiscard]] double prompt(double tokens, double depth) const {
    const Seconds one = estimate::prefill(reading, tokens, depth).total();
    return (one + estimate::draft_prefill(read_along, tokens, depth).total()).in(second);
  }
  [[nodiscard]] double token(double depth) const {
    return estimate::speculative_step(generating, drafts, together, depth).per_token().in(second);
  }
};

/// Seconds, with the answer's own errors: reading is off like prompts, generating like decoding.
struct Parts {
  double reading = 0, generating = 0;
  [[nodiscard]] double total() const { return reading + generating; }
};

Ranged with_errors(const Parts& parts, const Ranged& prefill, const Ranged& decode) {
  const auto at = [&](double p, double d) {
    return parts.reading * prefill.expected / p + parts.generating * decode.expected / d;
  };
  return {at(prefill.high, decode.high), parts.total(), at(prefill.low, decode.low)};
}

}  // namespace

Conversation conversation(const Question& question, const workload::Placement& placement,
                          const estimate::SpeedRig& rig, const InferenceSpeed& speed) {
  const workload::Inference& inference = question.workload.inference;
  Conversation out{.turns = inference.turns};
  if (inference.turns == 0) return out;
  out.prompt = inference.prompt;
  out.answer = inference.answer;
  out.held = inference.turns * (out.prompt + out.answer);
  out.at_once = inference.sequences;
  out.prefix_cache = inference.prefix_cache;
  const Phase serving = inference.sequences > 1 ? Phase::output : Phase::decode;
  const double copies = std::max(1, placement.replicas);
  const Scene scene{.reading = stages_of(question, placement, rig, Phase::prefill),
                    .generating = stages_of(question, placement, rig, serving),
                    .read_along = draft_of(question, placement, rig, Phase::prefill),
                    .drafts = draft_of(question, placement, rig, serving),
                    .together = std::max(1.0, inference.sequences / copies)};
  // Copies on one device take turns.
  const double in_turn = std::max(1, placement.copies);
  const double slow_reading = in_turn / speed.prefill_own.factor;
  const double slow_answer = in_turn / speed.aggregate_own.factor;
  const Ranged& decode = inference.sequences > 1 ? speed.aggregate : speed.decode;
  Parts all;
  for (int turn = 0; turn < inference.turns; ++turn) {
    const double before = turn * (out.prompt + out.answer);
    const double one =
        out.prefix_cache ? scene.prompt(out.prompt, before) : scene.prompt(before + out.prompt, 0);
    const double depth = before + out.prompt;
    const Parts first{.reading = slow_reading * (scene.together + 1) / 2 * one,
                      .generating = slow_answer * scene.token(depth)};
    if (turn == 0) out.first = with_errors(first, speed.prefill, decode);
    if (turn + 1 == inference.turns) out.last = with_errors(first, speed.prefill, decode);
    all.reading += slow_reading * scene.together * one;
    all.generating += slow_answer * out.answer * scene.token(depth + out.answer / 2);
  }
  out.wall = with_errors(all, speed.prefill, decode);
  const double answers = inference.turns * out.answer;
  out.rate = {answers / out.wall.high, answers / out.wall.expected, answers / out.wall.low};
  out.reading = all.reading / all.total();
  return out;
}

}  // namespace rigor::place
