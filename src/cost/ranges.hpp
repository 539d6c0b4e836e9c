// Over which ranges the levers of a case move: those the plan declares, or the habits. Layer 6.
#pragma once

#include <vector>

#include "cost/chance.hpp"
#include "cost/habits.hpp"
#include "cost/plan_file.hpp"

namespace rigor::cost {

/// How far estimates may be off, as factors of what is expected.
struct EstimateRanges {
  Range<double> cloud_hours = {1, 1, 1}, energy = {1, 1, 1};
};

struct Ranges {
  std::vector<Margin> tornado = {};  ///< the discount rate among them
  std::vector<Margin> chance = {};   ///< without it
  std::vector<RankTie> ties = {};    ///< of `chance`
  bool from_plan = false;
};
/// `plan` may be null. Errors: the plan names a lever that there is not, twice, or ties one that it
/// does not declare uncertain.
Result<Ranges> make_ranges(const NpvModel& model, const PlanFile* plan, const MoneyHabits& habits,
                           const EstimateRanges& estimates);

}  // namespace rigor::cost
