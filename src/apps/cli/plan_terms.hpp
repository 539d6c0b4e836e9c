// The plan file's prices, work and money as the model of the plan takes them. Layer 11.
#pragma once

#include <string>
#include <vector>

#include "apps/cli/plan_workshop.hpp"
#include "plan/policy.hpp"

namespace rigor::apps {

struct Terms {
  std::vector<plan::PartOption> options = {};  ///< of the workshop, with prices
  std::vector<plan::Task> tasks = {};
  plan::Purse purse = {};
  std::vector<std::string> notes = {};  ///< what was assumed, in plain words
};

/// Errors: a use of a workload that the work file does not have, work whose amount nothing says,
/// a currency without a rate.
Result<Terms> read_terms(const cost::PlanFile& plan, const adapters::RigFile& rig,
                         const std::vector<workload::Workload>& work, Workshop& shop);

/// A price in cents of the plan's currency.
using CentsOf = std::function<Result<plan::Cents>(const Price&)>;
CentsOf cents_of(const cost::PlanFile& plan);

/// The user's own paths as purchases, those after the horizon left out; errors name the step.
Result<std::vector<plan::Purchase>> purchases_of(const cost::Policy& policy,
                                                 const cost::PlanFile& plan, const Terms& terms,
                                                 const catalog::Catalog& catalog,
                                                 const CentsOf& cents);

}  // namespace rigor::apps
