#include "cost/chance.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "cost/seed_case.hpp"
#include "cost/sensitivity.hpp"

namespace rigor::cost {
namespace {

using doctest::Approx;

/// What may vary in the document's case, from the reference.
std::vector<Margin> seed_margins() {
  return {{Lever::resale, {0.40, 0.62, 0.85}},
          {Lever::tariff, {0.10, 0.15, 0.40}},
          {Lever::cloud_price, {0.8, 1.1, 2.0}},
          {Lever::hours, {120, 320, 450}},
          {Lever::selling_fee, {0, 0.08, 0.13}}};
}

Chances drawn(std::uint64_t seed, std::int64_t draws, std::vector<RankTie> ties = {}) {
  return simulate(NpvModel(seed_case(), 0.08), *Sampler::make(seed_margins(), ties), seed, draws);
}

TEST_CASE("the generator is SplitMix64 as published") {
  SplitMix64 random(1234567);
  CHECK(random.next() == 6457827717110365317ULL);
  CHECK(random.next() == 3203168211198807973ULL);
}

TEST_CASE("quantiles of PERT") {
  const Pert even{0, 0.5, 1};  // Beta(3, 3): symmetric
  CHECK(even.quantile(0.5) == Approx(0.5));
  CHECK(even.quantile(0) == 0);
  CHECK(even.quantile(1) == 1);
  // Beta(1, 5), likeliest at the low end: 1 - (1 - x)^5 = p
  CHECK(Pert{10, 10, 20}.quantile(0.5) == Approx(10 + 10 * (1 - std::pow(0.5, 0.2))));
  CHECK(Pert{7, 7, 7}.quantile(0.3) == 7);
}

TEST_CASE("the document's case by chance: -4,353 on average, 5.8 % of hope") {
  const Chances chances = drawn(20251006, 1000000);
  // Its mean is linear in independent factors, so it is known: at the PERT means resale 0.62167,
  // tariff 0.18333, rate 1.2, hours 308.33, fee 0.075 the present value is -4,364.9.
  const double error = chances.deviation / std::sqrt(1e6);
  CHECK(std::fabs(chances.mean - -4364.9) < 4 * error);
  // The reference drew 1e5 times: its own sampling error is ten times as large as ours at most.
  CHECK(std::fabs(chances.mean - -4353) < 4 * chances.deviation / std::sqrt(1e5));
  CHECK(chances.above_zero == Approx(0.058).epsilon(0.03));
  CHECK(chances.p5 == Approx(-8498).epsilon(0.01));
  CHECK(std::fabs(chances.p95 - 212) < 80);
  CHECK(chances.cvar < chances.p5);
  CHECK(chances.p50 < chances.p95);
  std::int64_t counted = 0;
  for (const Bin& bin : chances.histogram) counted += bin.count;
  CHECK(counted == chances.draws);
  CHECK(std::accumulate(chances.spread_by.begin(), chances.spread_by.end(), 0.0) == Approx(1));
}

TEST_CASE("a seed gives the same draws, another one others") {
  CHECK(drawn(1, 1000).mean == drawn(1, 1000).mean);
  CHECK(drawn(1, 1000).mean != drawn(2, 1000).mean);
}

/// Spearman's rank correlation.
double rank_correlation(const std::vector<double>& a, const std::vector<double>& b) {
  const auto ranks = [](const std::vector<double>& values) {
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), 0);
    std::sort(order.begin(), order.end(), [&](auto i, auto j) { return values[i] < values[j]; });
    std::vector<double> rank(values.size());
    for (std::size_t i = 0; i < order.size(); ++i) rank[order[i]] = static_cast<double>(i);
    return rank;
  };
  const std::vector<double> x = ranks(a), y = ranks(b);
  const double n = static_cast<double>(a.size());
  double squares = 0;
  for (std::size_t i = 0; i < x.size(); ++i) squares += (x[i] - y[i]) * (x[i] - y[i]);
  return 1 - 6 * squares / (n * (n * n - 1));
}

TEST_CASE("ties hold between ranks and leave the margins as they are") {
  for (const double wanted : {-0.8, 0.3, 0.9}) {
    Result<Sampler> sampler = Sampler::make(seed_margins(), std::vector<RankTie>{{0, 2, wanted}});
    REQUIRE(sampler);
    SplitMix64 random(7);
    LeverValues levers;
    std::vector<double> a, b, free;
    for (int i = 0; i < 40000; ++i) {
      sampler->draw(random, levers);
      a.push_back(levers[Lever::resale]);
      b.push_back(levers[Lever::cloud_price]);
      free.push_back(levers[Lever::hours]);
    }
    CHECK(rank_correlation(a, b) == Approx(wanted).epsilon(0.05));
    CHECK(std::fabs(rank_correlation(a, free)) < 0.02);
    CHECK(std::accumulate(a.begin(), a.end(), 0.0) / 40000 == Approx(0.62167).epsilon(0.005));
    const auto [low, high] = std::minmax_element(a.begin(), a.end());
    CHECK(*low >= 0.40);
    CHECK(*high <= 0.85);
  }
}

TEST_CASE("dear renting that comes with good resale spreads the result") {
  CHECK(drawn(3, 100000, {{0, 2, 0.7}}).deviation > 1.1 * drawn(3, 100000).deviation);
}

TEST_CASE("ties that contradict each other are refused") {
  const std::vector<RankTie> ties = {{0, 1, 0.9}, {1, 2, 0.9}, {0, 2, -0.9}};
  const Result<Sampler> sampler = Sampler::make(seed_margins(), ties);
  REQUIRE_FALSE(sampler);
  CHECK(sampler.error().message == "the correlations contradict each other");
}

TEST_CASE("tornado of the document's case") {
  std::vector<Margin> ranges = {
      {Lever::tariff, {0.10, 0, 0.40}},
      {Lever::resale, {0.40, 0, 0.85}},
      {Lever::cloud_price, {0.8, 0, 2.0}},
      {Lever::hours, {120, 0, 450}},
      {Lever::discount_rate, {0, 0, 0.15}},
      {Lever::selling_fee, {0, 0, 0.13}},
      // The second GPU for 6,000 to 14,750 instead of 8,250, with its fans.
      {Lever::later_purchase, {6050, 0, 14800}}};
  const std::vector<Swing> swings = tornado(seed_case(), ranges);
  struct Case {
    Lever lever;
    double size;
  };
  const std::vector<Case> expected = {{Lever::resale, 8970},         {Lever::cloud_price, 8514},
                                      {Lever::hours, 7151},          {Lever::discount_rate, 3826},
                                      {Lever::later_purchase, 2851}, {Lever::tariff, 2349},
                                      {Lever::selling_fee, 1814}};
  REQUIRE(swings.size() == expected.size());
  for (std::size_t i = 0; i < swings.size(); ++i) {
    CHECK(swings[i].lever == expected[i].lever);
    CHECK(swings[i].size() == Approx(expected[i].size).epsilon(2e-4));
  }
}

TEST_CASE("values at which the answer turns") {
  const CostCase input = seed_case();
  // 352 x 22.173 = 7,805 rented; owning costs 9,856: at 1.10 x 9,856/7,805 = 1.389 they are even.
  const Switch price = switch_value(input, Lever::cloud_price);
  REQUIRE(price.at);
  CHECK(*price.at == Approx(1.10 * 9855.9 / 7804.9).epsilon(1e-3));
  CHECK(price.pays_above);
  for (const Lever lever : {Lever::hours, Lever::resale}) {
    const Switch found = switch_value(input, lever);
    REQUIRE(found.at);
    LeverValues levers = NpvModel(input, 0.08).base();
    levers[lever] = *found.at;
    CHECK(std::fabs(npv_at(input, levers)) < 1e-6);
  }
  CHECK_FALSE(switch_value(input, Lever::tariff).at);  // free power would not be enough
  CHECK_FALSE(switch_value(input, Lever::tariff).pays_above);
}

TEST_CASE("two levers at once") {
  const TwoWay table =
      two_way(seed_case(), {Lever::hours, {160, 320}}, {Lever::resale, {0.4, 0.7, 0.8}});
  REQUIRE(table.value.size() == 3);
  REQUIRE(table.value[0].size() == 2);
  CHECK(table.value[1][1] == Approx(-2051).epsilon(1e-3));
  CHECK(table.value[2][1] > table.value[1][1]);
  CHECK(table.value[1][0] < table.value[1][1]);
}

}  // namespace
}  // namespace rigor::cost
