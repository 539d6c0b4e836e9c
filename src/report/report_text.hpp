// The report: a rig and what becomes of each workload on it. Later sections are added here.
// Layer 9.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "check/finding.hpp"
#include "estimate/power/sheet.hpp"
#include "hardware/rig.hpp"
#include "place/energy.hpp"
#include "place/rank.hpp"
#include "report/fit_text.hpp"

namespace rigor::report {

/// One workload of a report: its answer, or why there is none.
struct WorkloadReport {
  std::string name;
  FitReport fit;  ///< meaningful when `problem` is empty
  std::string problem;
  std::optional<place::InferenceSpeed> speed = {};
  std::optional<place::TrainingSpeed> training = {};
  place::PowerUse power = {};                   ///< meaningful when one of the two is there
  std::optional<place::Candidate> second = {};  ///< the next best placement
  std::optional<Better> better = {};            ///< found by search
  std::string no_speed = {};                    ///< why neither is there
};

/// The machine of a report. All must outlive it.
struct MachineReport {
  const hardware::Rig* rig = nullptr;
  std::span<const check::Finding> findings = {};
  const estimate::PowerSheet* power = nullptr;
};

std::string report_text(const MachineReport& machine, const std::vector<WorkloadReport>& workloads);
std::string report_json(const MachineReport& machine, const std::vector<WorkloadReport>& workloads);

}  // namespace rigor::report
