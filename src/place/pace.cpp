#include "place/pace.hpp"

#include "place/speed_figures.hpp"

namespace rigor::place {

double Pace::of(const Question& question, const workload::Placement& placement) {
  if (!speed_needs(question, placement).empty()) return 0;
  return question_.workload.kind == workload::Kind::finetune ? training(question, placement)
                                                             : serving(question, placement);
}

double Pace::serving(const Question& question, const workload::Placement& placement) {
  const workload::Inference& inference = question.workload.inference;
  std::optional<estimate::SpeedRig>& rig = rigs_[inference.key_type.quantized ? 1 : 0];
  if (!rig) rig = speed_rig(question, calibration_);
  if (!question.own.empty() || inference.draft_tokens > 0)
    return inference_speed(question, placement, *rig, calibration_).aggregate.expected;
  return detail::serving_of(question, placement, *rig).rate();
}

double Pace::training(const Question& question, const workload::Placement& placement) {
  if (!question.own.empty())
    return training_speed(question, placement, calibration_).tokens.expected;
  if (!device_ || first_ != placement.accelerator(0)) {
    first_ = placement.accelerator(0);
    device_ = training_device(question, placement, calibration_);
  }
  return training_rate(question, placement, *device_);
}

}  // namespace rigor::place
