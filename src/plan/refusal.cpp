#include <algorithm>

#include "plan/graph.hpp"
#include "plan/solve.hpp"

namespace rigor::plan {

namespace {

bool any_reachable(std::span<const Cents> cash) {
  return std::ranges::any_of(cash, [](Cents each) { return each != kUnreachable; });
}

bool reaches_end(const Graph& graph) {
  const Instance& instance = graph.instance();
  const States<Cents> most = most_cash(graph, instance.opening);
  return any_reachable(most.at(instance.months - 1));
}

/// The first month after which nothing is reachable.
int last_gasp(const Graph& graph) {
  const Instance& instance = graph.instance();
  const States<Cents> most = most_cash(graph, instance.opening);
  int month = -1;
  while (month + 1 < instance.months && any_reachable(most.at(month + 1))) ++month;
  return month + 1;
}

/// The least amount for which `enough`, which must hold for large ones.
template <class Enough>
Cents least(Cents high, const Enough& enough) {
  Cents low = 0;  // not enough
  while (high - low > 1) {
    const Cents middle = low + (high - low) / 2;
    (enough(middle) ? high : low) = middle;
  }
  return high;
}

/// More than all that could ever be spent.
Cents plenty(const Instance& x) {
  const auto sum = [](std::span<const Cents> amounts) {
    Cents most = 0;
    for (const Cents amount : amounts)
      if (amount != kNever) most = std::max(most, std::abs(amount));
    return most;
  };
  return 1 + std::abs(x.opening) + std::abs(x.reserve) +
         x.months * (sum(x.move_cost) + sum(x.running) + sum(x.income));
}

}  // namespace

Refusal explain_refusal(const Instance& instance) {
  Instance rich = instance;
  const Graph graph(rich);
  const Cents all = plenty(instance);
  for (int t = 0; t < instance.months; ++t) {
    bool any = false;
    for (int j = 0; j < instance.configurations; ++j) any |= instance.running_of(t, j) != kNever;
    if (!any) return {.cause = Refusal::Cause::work, .month = t};
  }
  rich.opening = instance.opening + all;
  if (!reaches_end(graph)) return {.cause = Refusal::Cause::moves, .month = last_gasp(graph)};

  rich.opening = instance.opening;
  Refusal refusal{.cause = Refusal::Cause::cash, .month = last_gasp(graph)};
  if (instance.opening < instance.reserve) refusal.cause = Refusal::Cause::opening;
  refusal.short_by = least(all, [&](Cents more) {
    rich.opening = instance.opening + more;
    return reaches_end(graph);
  });
  if (refusal.cause == Refusal::Cause::opening) return refusal;
  rich.opening = instance.opening;
  refusal.short_per_month = least(all, [&](Cents more) {
    for (std::size_t t = 0; t < rich.income.size(); ++t) rich.income[t] = instance.income[t] + more;
    return reaches_end(graph);
  });
  return refusal;
}

}  // namespace rigor::plan
