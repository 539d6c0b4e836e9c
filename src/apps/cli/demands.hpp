// What the tasks of a work file ask of host and drives. Layer 11.
#pragma once

#include <vector>

#include "adapters/toml/rig_reader.hpp"
#include "apps/cli/session.hpp"
#include "check/assembly.hpp"
#include "estimate/speed/calibration.hpp"
#include "workload/workload.hpp"

namespace rigor::apps {

/// In their best placements on this rig. A task that does not fit asks for its files only. Errors
/// name the task.
Result<std::vector<check::Demand>> demands(const adapters::RigFile& rig,
                                           const std::vector<workload::Workload>& workloads,
                                           const estimate::Calibration& calibration,
                                           Session& session);

}  // namespace rigor::apps
