// The plan file's prices, work and money as the model of the plan takes them. Layer 11.
#pragma once

#include <string>
#include <vector>

#include "apps/cli/plan_workshop.hpp"
#include "cost/habits.hpp"
#include "cost/offers.hpp"
#include "cost/terms.hpp"
#include "plan/policy.hpp"

namespace rigor::apps {

struct Terms {
  std::vector<plan::PartOption> options = {};  ///< of the workshop, with prices
  std::vector<plan::Task> tasks = {};
  plan::Purse purse = {};
  std::vector<std::string> notes = {};  ///< what was assumed, in plain words
};

/// All must outlive what is read of it.
struct PlanInputs {
  const cost::PlanFile* plan = nullptr;
  const adapters::RigFile* rig = nullptr;
  const std::vector<workload::Workload>* work = nullptr;
  const cost::Terms* terms = nullptr;
  const cost::ValueCurves* curves = nullptr;
  const cost::Offers* offers = nullptr;
};

/// Errors: a use of a workload that the work file does not have, work whose amount nothing says,
/// a part that sells for more than it costs, a currency without a rate.
Result<Terms> read_terms(const PlanInputs& inputs, Workshop& shop);

/// The user's own paths as purchases, those after the horizon left out; errors name the step.
Result<std::vector<plan::Purchase>> purchases_of(const cost::Policy& policy,
                                                 const cost::PlanFile& plan, const Terms& terms,
                                                 const catalog::Catalog& catalog,
                                                 const cost::Terms& money);

}  // namespace rigor::apps
