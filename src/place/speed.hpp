// How fast a question's answer runs: the placement's times made into rates a person asks for, with
// intervals from held-out measurements. Layer 6.
#pragma once

#include <string>

#include "estimate/speed/calibration.hpp"
#include "estimate/speed/inference_speed.hpp"
#include "estimate/speed/speed_case.hpp"
#include "estimate/speed/training_speed.hpp"
#include "place/drafting.hpp"
#include "place/machines.hpp"
#include "place/question.hpp"
#include "place/ranged.hpp"

namespace rigor::place {

/// One placement's speeds. Rates are tokens per second, times seconds.
struct InferenceSpeed {
  double prompt = 0;  ///< tokens of the prompt that was asked about
  double answer = 0;  ///< tokens of the answer
  double depth = 0;   ///< tokens in the cache while generating
  int sequences = 1;  ///< generated at the same time
  Ranged prefill, first_token, decode, per_token, aggregate;
  /// By own measurements; the rates above and the times below have it in them already.
  Correction decode_own, prefill_own, aggregate_own;
  estimate::StepTime decode_step = {};  ///< one plain step of one sequence
  estimate::StepTime batch_step = {};   ///< one plain step of all sequences
  estimate::StepTime prompt_time = {};  ///< the whole prompt, through a drafter too
  Speculation speculation = {};         ///< where drafts are made: the rates above have it in them
  estimate::Support support = estimate::Support::extrapolated;
  int support_rows = 0;          ///< measurements behind it
  std::string supporter;         ///< the device or family they speak of
  bool link_is_assumed = false;  ///< several devices, and the board's lanes are not known
  double network = 0;            ///< share of one token's time between machines
  /// Of one machine by itself, laid out as is best there; 0: not asked, or it does not fit.
  double one_machine = 0;
};

/// What is missing for a speed, in plain words; empty when nothing is.
std::string speed_needs(const Question& question, const workload::Placement& placement);

/// The machine of a question with calibrated constants; kept for many placements.
estimate::SpeedRig speed_rig(const Question& question, const estimate::Calibration& calibration);

/// What one copy of the network does in a phase, stage by stage. Requires: as below.
estimate::SpeedCase stages_of(const Question& question, const workload::Placement& placement,
                              const estimate::SpeedRig& rig, estimate::Phase phase);

/// Requires: an inference question and a legal placement.
InferenceSpeed inference_speed(const Question& question, const workload::Placement& placement,
                               const estimate::SpeedRig& rig,
                               const estimate::Calibration& calibration);

struct TrainingSpeed {
  Ranged tokens;           ///< per second, all devices of all machines, padding included
  Ranged useful;           ///< of them, no padding
  Ranged step;             ///< seconds of one optimizer step
  Ranged samples;          ///< per second
  double utilisation = 0;  ///< share of the devices' 16-bit peak, recomputation not counted
  Correction own;          ///< by own measurements; what is here has it in it already
  estimate::TrainingTime time = {};
  double alone = 0;          ///< tokens per second of one device by itself
  double one_machine = 0;    ///< of one machine by itself, laid out the same
  double communication = 0;  ///< share of the step that is spent on links and network
  estimate::Support support = estimate::Support::extrapolated;
  int support_rows = 0;
  std::string supporter;
  bool link_is_assumed = false;
};
/// The first device of a training run with calibrated constants; kept for many placements.
struct TrainingDevice {
  estimate::SpeedScope scope;
  estimate::SpeedConstants constants;
  estimate::Executor undisturbed;  ///< as it is without a power limit
  Ranged limit = {1, 1, 1};        ///< what the power limit leaves of its rate
};
/// Requires: the placement has a device.
TrainingDevice training_device(const Question& question, const workload::Placement& placement,
                               const estimate::Calibration& calibration);

/// Requires: a fine-tuning question and a legal placement with at least one device.
TrainingSpeed training_speed(const Question& question, const workload::Placement& placement,
                             const estimate::Calibration& calibration);
/// Its `tokens.expected` alone, before own measurements. No allocation.
double training_rate(const Question& question, const workload::Placement& placement,
                     const TrainingDevice& device);

}  // namespace rigor::place
