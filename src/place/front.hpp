// Which of many choices are beaten by none in all that counts at once. Layer 6.
#pragma once

#include <span>
#include <vector>

namespace rigor::place {

struct FrontPoint {
  double speed = 0;     ///< more is better
  double headroom = 0;  ///< more is better
  double loss = 0;      ///< of quality; less is better
  bool operator==(const FrontPoint&) const = default;
};

/// At least as good in all three, and better in one.
bool dominates(const FrontPoint& a, const FrontPoint& b);

/// For each point whether none of the others dominates it; of equal points all are or none is.
/// One sort and a staircase. Exact.
std::vector<bool> pareto_front(std::span<const FrontPoint> points);

}  // namespace rigor::place
