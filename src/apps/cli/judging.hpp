// A rig put before the rules. Layer 11.
#pragma once

#include <memory>
#include <vector>

#include "adapters/toml/rig_reader.hpp"
#include "apps/cli/session.hpp"
#include "check/rule.hpp"
#include "estimate/speed/calibration.hpp"

namespace rigor::apps {

/// The rig, the rules' knowledge and what they found; all that they point into lives as long.
struct Judged {
  hardware::Habits habits = {};
  std::unique_ptr<const check::Assembly> assembly = {};
  std::vector<check::Finding> findings = {};
};

/// `rig` and `calibration` must outlive the result.
Result<std::unique_ptr<Judged>> judged(const adapters::RigFile& rig,
                                       const estimate::Calibration& calibration, Session& session,
                                       std::vector<check::Demand> demands = {});

}  // namespace rigor::apps
