// Everything `rigor cost` says, made of a rig, its work and a plan. Layer 11.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "apps/cli/command.hpp"
#include "apps/cli/powered.hpp"
#include "cost/offers.hpp"
#include "report/cost_text.hpp"

namespace rigor::apps {

/// What an answer points to; kept as long as the answer.
struct Costing {
  std::unique_ptr<Machine> machine;
  std::optional<cost::PlanFile> plan;
  cost::MoneyHabits habits;
  cost::ValueCurves curves;
  cost::Terms terms;
  cost::Bill bill;
  cost::Offers offers;
  std::vector<cost::WorkOnRig> work;
  report::CostReport report;
  bool is_bad = false;  ///< a workload is wrong, which was told on standard error
};

/// The flags of the answer itself, as typed after the verb.
struct CostFlags {
  std::int64_t draws = 100000;
  std::uint64_t seed = 1;
  std::optional<cost::Rent> against = {};  ///< empty: the first that can be done
};

Result<std::unique_ptr<Costing>> cost_of(const Arguments& arguments, const CostFlags& flags,
                                         Session& session);

}  // namespace rigor::apps
