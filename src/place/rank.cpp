#include "place/rank.hpp"

#include <algorithm>

#include "place/machines.hpp"
#include "place/pace.hpp"

namespace rigor::place {
namespace {

using estimate::Fit;
using workload::Kind;
using workload::Placement;

constexpr double kAsFast = 1.03;

double speed_of(const Question& question, const Placement& placement, Pace& pace,
                const estimate::SpeedRig& machine, const estimate::Calibration& calibration) {
  if (question.workload.kind == Kind::finetune) return pace.of(question, placement);
  if (!speed_needs(question, placement).empty()) return 0;
  const InferenceSpeed speed = inference_speed(question, placement, machine, calibration);
  return speed.sequences > 1 ? speed.aggregate.expected : speed.decode.expected;
}

/// Of those that are as fast as the fastest, the one with the fewest devices comes first.
void put_leanest_first(std::vector<Candidate>& fastest_first) {
  const double enough = fastest_first.front().tokens_per_s / kAsFast;
  auto best = fastest_first.begin();
  for (auto one = fastest_first.begin(); one != fastest_first.end(); ++one) {
    const bool leaner = one->answer.placement.devices < best->answer.placement.devices;
    if (one->tokens_per_s >= enough && leaner) best = one;
  }
  std::rotate(fastest_first.begin(), best, best + 1);
}

void mark_front(std::vector<Candidate>& candidates) {
  for (Candidate& one : candidates) {
    one.on_front = std::none_of(candidates.begin(), candidates.end(), [&](const Candidate& other) {
      const Bytes mine = one.answer.verdict.headroom, its = other.answer.verdict.headroom;
      const bool no_worse = other.tokens_per_s >= one.tokens_per_s && its >= mine;
      return no_worse && (other.tokens_per_s > one.tokens_per_s || its > mine);
    });
  }
}

}  // namespace

std::vector<Candidate> rank(const Question& question, const estimate::Calibration& calibration) {
  const bool trains = question.workload.kind == Kind::finetune;
  const estimate::SpeedRig machine =
      trains ? estimate::SpeedRig{} : speed_rig(question, calibration);
  Pace pace(question, calibration);
  const std::vector<Placement> placements =
      trains ? detail::training_placements(question) : detail::inference_placements(question);
  std::vector<Candidate> fitting;
  for (const Placement& placement : placements) {
    if (!problem_with(question, placement).empty()) continue;
    Candidate candidate{.answer = evaluate(question, placement)};
    if (candidate.answer.verdict.fit != Fit::fits) continue;
    candidate.tokens_per_s = speed_of(question, placement, pace, machine, calibration);
    fitting.push_back(candidate);
  }
  if (fitting.empty()) {
    Candidate nearest{.answer = choose(question)};
    if (!trains || nearest.answer.placement.devices > 0)
      nearest.tokens_per_s =
          speed_of(question, nearest.answer.placement, pace, machine, calibration);
    nearest.on_front = true;
    return {nearest};
  }
  std::stable_sort(fitting.begin(), fitting.end(), [](const Candidate& a, const Candidate& b) {
    return a.tokens_per_s > b.tokens_per_s;
  });
  put_leanest_first(fitting);
  mark_front(fitting);
  return fitting;
}

double one_machine(const Question& question, const InferenceSpeed& speed,
                   const estimate::Calibration& calibration) {
  if (machines_of(question) == 1) return 0;
  Question single = question;
  single.accelerators =
      question.accelerators.first(static_cast<std::size_t>(devices_of_machine(question)));
  single.workload.inference.machines = 1;
  single.workload.wish = {.host_layers = question.workload.wish.host_layers,
                          .host_expert_layers = question.workload.wish.host_expert_layers};
  const Candidate best = rank(single, calibration).front();
  if (best.answer.verdict.fit != Fit::fits) return 0;
  if (!detail::has_own_rows_over_machines(question, calibration)) return best.tokens_per_s;
  // Rows of other programs would differ by more than the network does: the same, less the network.
  const bool several = speed.sequences > 1;
  const estimate::StepTime& step = several ? speed.batch_step : speed.decode_step;
  const double rate = several ? speed.aggregate.expected : speed.decode.expected;
  return rate / (1 - step[estimate::TimeTerm::network] / step.total());
}

}  // namespace rigor::place
