// What the cards of an answer draw and what a token costs in energy. Of the cards alone: the host,
// the supply's losses and the cooling are not in it. Layer 6.
#pragma once

#include <optional>
#include <string>

#include "place/power.hpp"
#include "place/speed.hpp"

namespace rigor::place {

/// One phase of an answer.
struct PhasePower {
  Ranged factor = {1, 1, 1};    ///< rate under the limit over the rate without
  Ranged watts = {};            ///< drawn by the cards that work on it, together
  Ranged joules = {};           ///< per token
  bool below_measured = false;  ///< no limit this low was measured for this phase
  estimate::PowerSupport support = {};
};

struct PowerUse {
  std::string missing = {};  ///< why there are no figures; empty when there are
  bool limited = false;
  Watts limit = {};         ///< of the first card; its default without a limit
  Watts board = {};         ///< default of the same card
  Watts lowest = {};        ///< smallest limit that can be set
  std::string card = {};    ///< its name
  std::string id = {};      ///< its catalogue id
  std::string family = {};  ///< whose curves were taken
  std::optional<PhasePower> decode = {}, output = {}, prefill = {}, training = {};
};

/// Generating, reading prompts and, for several users, serving.
PowerUse inference_power(const Question& question, const workload::Placement& placement,
                         const estimate::SpeedRig& rig, const estimate::Calibration& calibration,
                         const InferenceSpeed& speed);
PowerUse training_power(const Question& question, const workload::Placement& placement,
                        const estimate::Calibration& calibration, const TrainingSpeed& speed);

}  // namespace rigor::place
