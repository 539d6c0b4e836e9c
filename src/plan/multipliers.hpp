// Prices of the cash constraints that make the completion bound tight: the Lagrangian dual of the
// plan, climbed by subgradients. A part of solve.hpp. Layer 7.
#pragma once

#include "plan/graph.hpp"

namespace rigor::plan {

struct Climb {
  std::vector<ToGo> bounds = {};    ///< the tightest first, then others found on the way
  std::vector<Score> roots = {};    ///< what each says no plan scores less than
  std::optional<Path> within = {};  ///< the cheapest path met that keeps the reserve
  Score within_score = kBlocked;
};

/// From the multipliers given, `steps` passes over the graph. `target`: a score that some plan
/// reaches; the climb stops when a bound meets it.
Climb climb(const Graph& graph, const Multipliers& from, Score target, int steps);

}  // namespace rigor::plan
