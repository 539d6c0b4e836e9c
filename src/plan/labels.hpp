// The search proper: labels (cash, score) per state, the dominated ones dropped, month by month,
// none expanded whose bound reaches a limit. A part of solve.hpp. Layer 7.
//
// Of two labels in one state the one with no less cash and no higher score can copy whatever the
// other does, so the other is dropped without loss: docs/models/80-plan.md
#pragma once

#include "plan/graph.hpp"

namespace rigor::plan {

struct LabelSearch {
  Score limit = kBlocked;  ///< plans that score less are looked for
  /// Labels kept per month, the most promising ones; with fewer than all of them the answer is a
  /// plan but need not be the best.
  std::size_t width = std::numeric_limits<std::size_t>::max();
  std::size_t most_labels = std::numeric_limits<std::size_t>::max();  ///< in all, then it stops
};

struct LabelAnswer {
  std::optional<Path> path = {};  ///< of the least score below the limit that was found
  Score score = kBlocked;
  bool exhaustive = true;  ///< nothing was cut: no plan below the limit is better
  std::size_t labels = 0;  ///< kept
  std::size_t tried = 0;   ///< arcs times labels
};

/// Requires: `bounds` is not empty and valid for the graph; the first one judges what is promising.
LabelAnswer search_labels(const Graph& graph, const States<Cents>& needed,
                          std::span<const ToGo> bounds, const LabelSearch& search);

}  // namespace rigor::plan
