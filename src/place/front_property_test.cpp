#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <utility>

#include "place/front.hpp"

namespace rigor::place {
namespace {

/// Few values, so that points are often equal in one, two or all of three.
FrontPoint any_point() {
  const auto digit = [] { return 1.0 * *rc::gen::inRange(0, 5); };
  return {digit(), digit() - 2, digit()};
}

std::vector<FrontPoint> any_points() {
  std::vector<FrontPoint> points;
  for (int left = *rc::gen::inRange(0, 40); left > 0; --left) points.push_back(any_point());
  return points;
}

}  // namespace

TEST_CASE("the front of five points, by hand") {
  const std::vector<FrontPoint> points = {
      {10, 1, 0},  // fastest
      {9, 1, 0},   // slower than the first, and nothing else
      {8, 5, 0},   // more memory
      {8, 5, 1},   // the same with a loss
      {9, 6, 1},   // faster and leaner than the third, but with a loss
      {10, 1, 0},  // the first again
  };
  CHECK(pareto_front(points) == std::vector<bool>{true, false, true, false, true, true});
  CHECK(pareto_front({}).empty());
}

TEST_CASE("nothing on the front is dominated, and everything off it is") {
  CHECK(rc::check([] {
    const std::vector<FrontPoint> points = any_points();
    const std::vector<bool> front = pareto_front(points);
    for (std::size_t i = 0; i < points.size(); ++i) {
      const bool beaten = std::any_of(points.begin(), points.end(), [&](const FrontPoint& other) {
        return dominates(other, points[i]);
      });
      RC_ASSERT(front[i] == !beaten);
    }
  }));
}

TEST_CASE("the order of the points does not matter") {
  CHECK(rc::check([] {
    std::vector<FrontPoint> points = any_points();
    const std::vector<bool> front = pareto_front(points);
    std::vector<FrontPoint> reversed(points.rbegin(), points.rend());
    std::vector<bool> again = pareto_front(reversed);
    std::reverse(again.begin(), again.end());
    RC_ASSERT(front == again);
  }));
}

}  // namespace rigor::place
