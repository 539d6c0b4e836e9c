// What proves a plan: its score added up anew from the instance by code the search does not use,
// the bounds nothing scores below, and on small instances every plan tried. Layer 7.
#pragma once

#include <optional>

#include "plan/instance.hpp"

namespace rigor::plan {

/// A path's books, added up from its arcs.
struct Books {
  bool is_path = false;  ///< arcs join, and none is `kNever`
  Score score = 0;
  Cents spent = 0;  ///< moves and running, salvage not counted
  Cents salvage = 0;
  std::int64_t unserved = 0;            ///< units over all months
  std::vector<Cents> cash = {};         ///< after each month, the reserve included
  Cents least_cash = 0;                 ///< the lowest of them, and of the opening
  std::vector<int> configuration = {};  ///< per month
};
Books recompute(const Instance& instance, const Path& path);
/// Whether a path exists as such and keeps the reserve in every month.
bool is_within(const Instance& instance, const Books& books);

/// Every plan tried, one after the other.
struct EveryPlan {
  std::optional<Path> best = {};
  Score score = std::numeric_limits<Score>::max();
  std::int64_t plans = 0;  ///< to the last month, within the purse
};
/// Nothing when there would be more than `most` steps to try.
std::optional<EveryPlan> try_every_plan(const Instance& instance, std::int64_t most);

}  // namespace rigor::plan
