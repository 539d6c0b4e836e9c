#include "place/front.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace rigor::place {
namespace {

/// Every point that dominates another comes before it.
bool before(const FrontPoint& a, const FrontPoint& b) {
  return std::tuple(-a.speed, -a.headroom, a.loss) < std::tuple(-b.speed, -b.headroom, b.loss);
}

}  // namespace

bool dominates(const FrontPoint& a, const FrontPoint& b) {
  return a.speed >= b.speed && a.headroom >= b.headroom && a.loss <= b.loss && a != b;
}

std::vector<bool> pareto_front(std::span<const FrontPoint> points) {
  std::vector<std::size_t> order(points.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return before(points[a], points[b]); });
  std::vector<bool> on_front(points.size(), false);
  // Of those so far, the ones that no other so far beats in headroom and loss.
  std::vector<FrontPoint> staircase;
  for (const std::size_t i : order) {
    const FrontPoint& point = points[i];
    const auto beats = [&](const FrontPoint& step) { return dominates(step, point); };
    if (std::any_of(staircase.begin(), staircase.end(), beats)) continue;
    on_front[i] = true;
    std::erase_if(staircase, [&](const FrontPoint& step) {
      return point.headroom >= step.headroom && point.loss <= step.loss && point != step;
    });
    staircase.push_back(point);
  }
  return on_front;
}

}  // namespace rigor::place
