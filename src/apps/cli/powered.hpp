// A rig with what its power depends on, and what a workload draws on it: shared by the verbs that
// speak of watts and of money. Layer 11.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "apps/cli/problem.hpp"
#include "place/work_power.hpp"

namespace rigor::apps {

/// A rig with everything its power depends on; `machine` points into it.
struct Machine {
  adapters::RigFile rig;
  hardware::Habits habits;
  estimate::Calibration calibration;
  hardware::Electrical electrical;
  estimate::PowerCase machine;
};

/// `power_limit` as typed, for each card; empty: as the rig says. A limit that no card takes is
/// refused.
Result<std::unique_ptr<Machine>> open_machine(const std::string& what,
                                              const std::optional<std::string>& power_limit,
                                              Session& session);

/// A workload that was answered, with what its answer points to.
struct Placed {
  std::unique_ptr<Problem> problem;
  workload::Placement placement;
};

/// What one workload draws; why not in `missing`. `is_bad` is set when the workload itself is
/// wrong, which is told on standard error.
place::WorkPower work_of(const Machine& machine, const workload::Workload& workload,
                         std::span<const place::OwnRow> own, std::vector<Placed>& placed,
                         Session& session, bool& is_bad);

}  // namespace rigor::apps
