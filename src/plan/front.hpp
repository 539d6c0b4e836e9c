// What less cash at the start would cost: plans of which none is better than another both in score
// and in the cash that must be there. With work before cost the score speaks of speed first.
// Layer 7.
#pragma once

#include "plan/solve.hpp"

namespace rigor::plan {

struct FrontPlan {
  Path path = {};
  Books books = {};
  Cents needed = 0;  ///< cash at the start with which the reserve is kept in every month
};

struct Front {
  std::vector<FrontPlan> plans = {};  ///< least work undone first, then least cost
  bool is_whole = true;               ///< false: there were more than asked for
};

/// The cheapest plan with any cash, then the cheapest that needs a cent less than the last, and so
/// on until there is none: all plans of two criteria, score and cash. `most`: plans, at least 1.
Front cash_front(const Instance& instance, std::size_t most);

}  // namespace rigor::plan
