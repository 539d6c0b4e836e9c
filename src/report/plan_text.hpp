// An upgrade plan with its proof, the named paths beside it and what must be decided now, as text,
// JSON and a chart. Layer 9.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cost/month.hpp"
#include "plan/decision.hpp"
#include "plan/front.hpp"
#include "plan/policy.hpp"
#include "report/chart_svg.hpp"
#include "units/money.hpp"

namespace rigor::report {

/// All pointers must outlive it.
struct PlanReport {
  std::string rig = {}, name = {};
  cost::Month start = {};
  Currency currency = {};
  const plan::Model* model = nullptr;
  const plan::Instance* instance = nullptr;
  const plan::Answer* answer = nullptr;
  plan::Course best = {};                          ///< of the answer's solution
  std::vector<plan::Course> named = {}, own = {};  ///< the user's own paths
  std::vector<plan::SwitchPrice> switches = {};
  std::optional<plan::Front> front = {};  ///< where it was asked for
  std::vector<std::string> notes = {};
  std::vector<std::string> broken_today = {}, unknown_today = {};  ///< ids of rules
};

/// No line is longer than 80 columns, names aside.
std::string plan_text(const PlanReport& report);
std::string plan_json(const PlanReport& report);
/// Cash after each month of the optimum, purchases marked, and of the paths beside it that are
/// possible and go another way.
/// Requires: there is a solution.
Chart plan_chart(const PlanReport& report);

/// "buy 2 RTX 3090; sell RTX 5060 Ti"; empty when nothing changes.
std::string change_text(const plan::Model& model, const plan::Counts& from, const plan::Counts& to);
/// A score as whole cents: divided by the weight of money paid today, rounded.
plan::Cents present(plan::Score score);

}  // namespace rigor::report
