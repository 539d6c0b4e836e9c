// The lists of plan files: parts, offers, uses, policies, what is uncertain. Used by
// plan_reader.cpp only. Layer 10.
#pragma once

#include "adapters/toml/plan_values.hpp"

namespace rigor::adapters {

/// [[part]], [[cloud]] and [[api]] into `plan`.
void read_market(PlanTable& root, const PlanContext& context, cost::PlanFile& plan);
/// [[use]], [[policy]], [[uncertain]] and [[correlated]].
void read_intentions(PlanTable& root, const PlanContext& context, cost::PlanFile& plan);

}  // namespace rigor::adapters
