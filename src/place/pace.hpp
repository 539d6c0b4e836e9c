// One figure for the speed of a choice, cheap enough to be asked for a thousand times: what depends
// on the rig alone is resolved once. Layer 6.
#pragma once

#include <array>
#include <optional>

#include "place/speed.hpp"

namespace rigor::place {

/// Expected tokens per second. Serving: generated, over whole requests, reading their prompts
/// included (`InferenceSpeed::aggregate`). Training: learnt from (`TrainingSpeed::tokens`).
class Pace {
 public:
  /// Both must outlive the pace.
  Pace(const Question& question, const estimate::Calibration& calibration)
      : question_(question), calibration_(calibration) {}

  /// `question`: that of the constructor or a copy with other settings; rig, network, engine and
  /// power limit are the same. 0 where something needed is unknown.
  double of(const Question& question, const workload::Placement& placement);

 private:
  double serving(const Question& question, const workload::Placement& placement);
  double training(const Question& question, const workload::Placement& placement);

  const Question& question_;
  const estimate::Calibration& calibration_;
  std::array<std::optional<estimate::SpeedRig>, 2> rigs_;  ///< with a plain and a quantized cache
  std::optional<TrainingDevice> device_;                   ///< accelerator number `first_`
  std::size_t first_ = 0;
};

}  // namespace rigor::place
