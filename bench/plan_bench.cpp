// The search for the best plan over generated workstations: how time and labels grow with
// configurations, with months, and with how short the money is. Part of ./dev bench.
#include <benchmark/benchmark.h>

#include "plan/solve.hpp"
#include "tests/plan_instances.hpp"

namespace rigor::bench {
namespace {

/// `percent` of an income that buys the largest build in two years; prices that jump about by
/// `unrest` percent make trading worth while, and plans with a move nearly every month.
void plan_search(benchmark::State& state) {
  const auto percent = static_cast<double>(state.range(2));
  const plan::Instance instance =
      plan::Workstations({.configurations = static_cast<std::size_t>(state.range(0)),
                          .months = static_cast<int>(state.range(1)),
                          .budget = percent / 100,
                          .unrest = static_cast<int>(state.range(3))})
          .make();
  plan::Proof proof;
  for ([[maybe_unused]] auto _ : state) {
    const plan::Answer answer = plan::solve(instance);
    if (!answer.solution || !answer.solution->proof.is_optimal) {
      state.SkipWithError("no proved optimum");
      return;
    }
    proof = answer.solution->proof;
  }
  const auto counter = [](std::size_t n) { return benchmark::Counter(static_cast<double>(n)); };
  state.counters["arcs"] = counter(proof.arcs);
  state.counters["arcs_left"] = counter(proof.arcs_left);
  state.counters["labels"] = counter(proof.labels);
  state.counters["tried"] = counter(proof.tried);
}
BENCHMARK(plan_search)
    ->ArgNames({"configurations", "months", "budget_percent", "unrest"})
    ->ArgsProduct({{250, 500, 1000, 2000}, {36}, {20}, {2}})
    ->ArgsProduct({{2000}, {12, 24, 48, 60}, {20}, {2}})
    ->ArgsProduct({{2000}, {36}, {1000, 100, 50, 10, 5}, {2, 25}})
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace rigor::bench
