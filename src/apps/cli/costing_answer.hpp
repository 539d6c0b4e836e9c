// The figures of a costing whose rig, work, terms and prices are known. Layer 11.
#pragma once

#include "apps/cli/costing.hpp"

namespace rigor::apps {

/// Fills `costing.report`. Errors: names on the command line or in the plan that mean nothing, and
/// work without hours.
Result<void> answer(const Arguments& arguments, const CostFlags& flags, Costing& costing);

}  // namespace rigor::apps
