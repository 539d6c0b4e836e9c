// Named paths beside the optimum, on the same prices and the same bills: how somebody buys who
// does not optimise, or what the user wrote down. Layer 7.
#pragma once

#include "plan/model.hpp"
#include "plan/solve.hpp"

namespace rigor::plan {

/// Parts a machine consists of from a month on, and money that goes out beside them.
struct Purchase {
  int month = 0;
  Counts counts = {};
  Cents beside = 0;        ///< paid for what is no part of the plan
  bool is_priced = false;  ///< the parts cost `price`, not what the price paths say
  Cents price = 0;
  bool is_on_sale = true;  ///< as far as the one who prices it knows
};

struct Trouble {
  int month = 0;
  std::string what = {};
};

/// A path's books, month by month.
struct Course {
  std::string name = {}, summary = {};
  Score score = 0;            ///< present cost, salvage subtracted; work unserved not counted
  std::int64_t unserved = 0;  ///< task-months
  std::vector<std::vector<std::string>> unserved_tasks = {};  ///< per month
  std::vector<Counts> parts = {};                             ///< per month
  std::vector<Cents> cash = {};                               ///< after each month
  Cents least_cash = 0;
  std::vector<Trouble> troubles = {};  ///< rules broken, cash below the reserve, not on sale
  [[nodiscard]] bool is_feasible() const { return troubles.empty(); }
};

/// Follows purchases whatever is wrong with them, and says what is. `judge` is asked for
/// configurations that the model did not keep. Requires: months of `purchases` rise.
Course follow(const Model& model, const std::vector<Purchase>& purchases,
              const Model::Judge& judge);

/// The purchases of a path of the model's instance.
std::vector<Purchase> purchases_of(const Model& model, const Instance& instance, const Path& path);

/// never: nothing is ever bought.
/// conservative: buys only when work of the month is not done on the machine, the cheapest parts
/// that do it; "full": once, at the first moment the purse allows, the machine whose whole course
/// is cheapest; "aggressive": every month the most able machine the purse allows; "leapfrog":
/// the optimum of those who buy nothing before half of the horizon is over.
std::vector<Course> named_courses(const Model& model, const Instance& instance,
                                  const Model::Judge& judge);

}  // namespace rigor::plan
