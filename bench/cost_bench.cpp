// Chance: a million draws of the upgrade document's case must take at most a second.
#include <benchmark/benchmark.h>

#include "cost/chance.hpp"
#include "cost/seed_case.hpp"
#include "cost/sensitivity.hpp"

namespace rigor::bench {
namespace {

using cost::Lever;

const std::vector<cost::Margin> kMargins = {
    {Lever::resale, {0.40, 0.62, 0.85}},   {Lever::tariff, {0.10, 0.15, 0.40}},
    {Lever::cloud_price, {0.8, 1.1, 2.0}}, {Lever::hours, {120, 320, 450}},
    {Lever::selling_fee, {0, 0.08, 0.13}}, {Lever::later_purchase, {6050, 8300, 14800}},
    {Lever::cloud_speed, {0.6, 1, 1.7}},   {Lever::power, {0.7, 1, 1.4}}};

void monte_carlo(benchmark::State& state) {
  const cost::NpvModel model(cost::seed_case(), 0.08);
  const auto margins = static_cast<std::size_t>(state.range(1));
  std::vector<cost::RankTie> ties = {{0, 2, 0.5}};
  for ([[maybe_unused]] auto _ : state) {
    const auto sampler = cost::Sampler::make({kMargins.data(), margins}, ties);
    const cost::Chances chances = cost::simulate(model, *sampler, 1, state.range(0));
    benchmark::DoNotOptimize(chances.mean);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(monte_carlo)->Args({1000000, 5})->Args({1000000, 8})->Unit(benchmark::kMillisecond);

void tornado(benchmark::State& state) {
  const cost::CostCase input = cost::seed_case();
  for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(cost::tornado(input, kMargins));
}
BENCHMARK(tornado);

}  // namespace
}  // namespace rigor::bench
