#include "plan/front.hpp"

#include <algorithm>
#include <cstdlib>
#include <optional>

namespace rigor::plan {

namespace {

/// More than all that any plan spends.
Cents plenty(const Instance& x) {
  Cents sum = std::abs(x.reserve);
  for (int t = 0; t < x.months; ++t) {
    Cents move = 0, running = 0;
    for (int m = 0; m < x.moves; ++m) {
      const Cents cost = x.cost_of(t, static_cast<std::uint32_t>(m));
      if (cost != kNever) move = std::max(move, std::abs(cost));
    }
    for (int j = 0; j < x.configurations; ++j) {
      const Cents cost = x.running_of(t, j);
      if (cost != kNever) running = std::max(running, std::abs(cost));
    }
    sum += move + running + std::abs(x.income[static_cast<std::size_t>(t)]);
  }
  return sum;
}

std::optional<FrontPlan> cheapest(const Instance& x) {
  Answer answer = solve(x, {.every_plan_up_to = 0});
  if (!answer.solution) return std::nullopt;
  Solution& best = *answer.solution;
  const Cents needed = x.opening - (best.books.least_cash - x.reserve);
  return FrontPlan{std::move(best.path), std::move(best.books), needed};
}

}  // namespace

Front cash_front(const Instance& instance, std::size_t most) {
  Front front;
  Instance x = instance;
  x.opening = plenty(x) + x.reserve;
  while (x.opening >= x.reserve) {
    std::optional<FrontPlan> plan = cheapest(x);
    if (!plan) break;
    if (front.plans.size() == most) {
      front.is_whole = false;
      break;
    }
    x.opening = plan->needed - 1;
    front.plans.push_back(std::move(*plan));
  }
  return front;
}

}  // namespace rigor::plan
