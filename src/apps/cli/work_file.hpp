// The workloads of a file named on the command line. Layer 11.
#pragma once

#include <string>
#include <vector>

#include "apps/cli/session.hpp"
#include "workload/workload.hpp"

namespace rigor::apps {

/// All problems of the file go to standard error.
Result<std::vector<workload::Workload>> read_workloads(const std::string& path, Session& session);

}  // namespace rigor::apps
