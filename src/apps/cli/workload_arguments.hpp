// The flags that describe a workload, shared by the verbs that ask about one. Layer 11.
#pragma once

#include <vector>

#include "apps/cli/command.hpp"
#include "estimate/speed/calibration.hpp"
#include "workload/workload.hpp"

namespace rigor::apps {

/// The verb's own options, then every setting of a workload as a dashed flag.
std::vector<Option> workload_options(std::vector<Option> own);

/// The workload of "RIG MODEL --flags".
Result<workload::Workload> workload_from(const Arguments& arguments);

/// The compiled-in calibration.
Result<estimate::Calibration> fitted();

}  // namespace rigor::apps
