// The plan file named on the command line. Layer 11.
#pragma once

#include <string>

#include "apps/cli/session.hpp"
#include "cost/plan_file.hpp"

namespace rigor::apps {

/// All problems of the file go to standard error.
Result<cost::PlanFile> read_plan_file(const std::string& path, Session& session);

/// "1 ILS = 0.27 USD" as typed after --rate, several separated by commas. Error: it is no rate.
Result<void> add_rates(const std::string& typed, ExchangeRates& rates);

}  // namespace rigor::apps
