#include "plan/solve.hpp"

#include <doctest/doctest.h>

#include "plan_instances.hpp"

namespace rigor::plan {
namespace {

/// Keep or replace a machine, Trick's example: bought for 1000, upkeep 60, 80 and 120 in its three
/// years, traded in for 800, 600 or 500. Configuration k: it is in its k-th year; 0: none yet.
/// https://mat.tepper.cmu.edu/classes/dynamic/node5.html
Instance replacement() {
  constexpr std::array<Cents, 4> kTrade = {0, 800, 600, 500};
  constexpr std::array<Cents, 4> kUpkeep = {kNever, 60, 80, 120};
  Instance x{.months = 5, .configurations = 4, .moves = 5};
  x.first_arc = {0, 1, 3, 5, 6};
  x.arcs = {{1, 1}, {1, 2}, {2, 0}, {1, 3}, {3, 0}, {1, 4}};
  x.purchases = {0, 1, 1, 1, 1};
  for (int year = 0; year < x.months; ++year) {
    for (const Cents cost : {0, 1000, 200, 400, 500}) x.move_cost.push_back(cost);
    x.running.insert(x.running.end(), kUpkeep.begin(), kUpkeep.end());
    x.unserved.insert(x.unserved.end(), 4, 0);
    x.income.push_back(200);
  }
  x.opening = 2000;
  x.salvage.assign(kTrade.begin(), kTrade.end());
  x.weight = discount_weights(x.months, 0.0);
  return x;
}

TEST_CASE("the replacement example costs 1280") {
  const Answer answer = solve(replacement());
  REQUIRE(answer.solution);
  CHECK(answer.solution->books.score == 1280 * kParWeight);
  CHECK(answer.solution->proof.is_optimal);
  CHECK(answer.solution->proof.plans_tried > 0);
}

TEST_CASE("a purse that is short changes the plan and what it costs") {
  // Cash after each year of the cheapest plan that needs least of it at once, less 200 a year:
  // 1060 - 200, + 260 - 200 (replaced), + 260 - 200 (replaced), + 80 - 200, + 120 - 200: at most
  // 980.
  Instance x = replacement();
  x.opening = 980;
  const Answer answer = solve(x);
  REQUIRE(answer.solution);
  CHECK(answer.solution->books.least_cash == 0);
  CHECK(answer.solution->proof.relaxed == 1280 * kParWeight);
  CHECK(answer.solution->proof.is_optimal);
  // 1060 + 260 + 260 + 80 + 120, and 500 back.
  CHECK(answer.solution->books.score == 1280 * kParWeight);
}

TEST_CASE("no plan: what is missing, and by how much") {
  Instance x = replacement();
  SUBCASE("cash at the beginning, or every year") {
    x.opening = 800;  // the first year takes 1060 and brings 200
    const Answer answer = solve(x);
    REQUIRE(answer.refusal);
    CHECK(answer.refusal->cause == Refusal::Cause::cash);
    CHECK(answer.refusal->month == 0);
    CHECK(answer.refusal->short_by == 180);  // 980, see above
    CHECK(answer.refusal->short_per_month == 60);
  }
  SUBCASE("the reserve is more than there is") {
    x.reserve = 2500;
    const Answer answer = solve(x);
    REQUIRE(answer.refusal);
    CHECK(answer.refusal->cause == Refusal::Cause::opening);
    x.opening += answer.refusal->short_by;
    CHECK(solve(x).solution);
    x.opening -= 1;
    CHECK_FALSE(solve(x).solution);
  }
  SUBCASE("a month whose work no configuration can do") {
    for (int j = 0; j < x.configurations; ++j)
      x.running[static_cast<std::size_t>(3 * x.configurations + j)] = kNever;
    const Answer answer = solve(x);
    REQUIRE(answer.refusal);
    CHECK(answer.refusal->cause == Refusal::Cause::work);
    CHECK(answer.refusal->month == 3);
  }
  SUBCASE("nothing may be bought") {
    x.most_purchases = 0;
    const Answer answer = solve(x);
    REQUIRE(answer.refusal);
    CHECK(answer.refusal->cause == Refusal::Cause::moves);
    CHECK(answer.refusal->month == 0);
  }
}

TEST_CASE("instances that make no sense are refused in words") {
  struct Case {
    const char* says;
    void (*spoil)(Instance&);
  };
  for (const auto& [says, spoil] : {
           Case{"a plan of 0 months plans nothing", [](Instance& x) { x.months = 0; }},
           Case{"no configuration is left to plan with", [](Instance& x) { x.configurations = 0; }},
           Case{"the tables of the plan do not agree in size",
                [](Instance& x) { x.income.pop_back(); }},
           Case{"the tables of the plan do not agree in size", [](Instance& x) { x.start = 4; }},
           Case{"the tables of the plan do not agree in size",
                [](Instance& x) { x.arcs[2].to = 4; }},
           Case{"money of later months weighs more than money of today",
                [](Instance& x) { x.weight = discount_weights(5, -0.5); }},
           Case{"the amounts of this plan are too large to be added exactly",
                [](Instance& x) { x.running[1] = 1'000'000'000'000; }},
       }) {
    CAPTURE(says);
    Instance x = replacement();
    spoil(x);
    const auto valid = validate(x);
    REQUIRE_FALSE(valid);
    CHECK(valid.error().message == says);
  }
  CHECK(validate(replacement()));
}

TEST_CASE("a plan's books are not fooled by a path that is none") {
  const Instance x = replacement();
  CHECK_FALSE(recompute(x, {}).is_path);
  CHECK_FALSE(recompute(x, {{1, 1, 1, 1, 1}}).is_path);  // the first arc starts elsewhere
  const Books keep_three_years = recompute(x, {{0, 2, 4, 5, 2}});
  REQUIRE(keep_three_years.is_path);
  // 1000 + 60, 80, 120, 500 + 60, 80; 600 back.
  CHECK(keep_three_years.score == (1000 + 60 + 80 + 120 + 500 + 60 + 80 - 600) * kParWeight);
  CHECK(keep_three_years.cash.back() == 2000 + 5 * 200 - 1900);
}

/// Small enough to try every plan.
Instance small(std::uint64_t seed) {
  Dice dice(seed);
  Instance x = random_instance(seed, {.months = static_cast<int>(dice.any(3, 7)),
                                      .configurations = static_cast<int>(dice.any(2, 6)),
                                      .density = static_cast<int>(dice.any(1, 3)),
                                      .cheapest_move = dice.any(-6, 4) * 100'00});
  if (seed % 3 == 1) x.unserved_weight = lexicographic_weight(x);
  return x;
}

TEST_CASE("500 random instances: the search finds what trying every plan finds") {
  int refused = 0, bound = 0;
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    CAPTURE(seed);
    const Instance x = small(seed);
    REQUIRE(validate(x));
    const auto every = try_every_plan(x, 100'000'000);
    REQUIRE(every);
    const Answer answer = solve(x, {.every_plan_up_to = 0});
    REQUIRE(answer.solution.has_value() == every->best.has_value());
    if (answer.refusal) {
      ++refused;
      continue;
    }
    const Proof& proof = answer.solution->proof;
    CHECK(answer.solution->books.score == every->score);
    CHECK(is_within(x, recompute(x, answer.solution->path)));
    CHECK(proof.is_optimal);
    CHECK(proof.relaxed <= proof.lagrangian);
    CHECK(proof.lagrangian <= proof.lower_bound);
    CHECK(proof.lower_bound == every->score);
    bound += proof.relaxed < every->score;
  }
  // Neither the refusals nor the purses that bind are rare among them.
  CHECK(refused > 20);
  CHECK(bound > 50);
}

TEST_CASE("what a refusal asks for is enough, and a cent less is not") {
  int asked = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    CAPTURE(seed);
    Instance x = small(seed);
    const Answer answer = solve(x);
    if (!answer.refusal || answer.refusal->short_by == 0) continue;
    ++asked;
    x.opening += answer.refusal->short_by;
    CHECK(solve(x).solution);
    x.opening -= 1;
    CHECK_FALSE(solve(x).solution);
  }
  CHECK(asked > 10);
}

TEST_CASE("work first: no plan serves more, and of those that serve as much none is cheaper") {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    CAPTURE(seed);
    Instance x = small(3 * seed);  // these minimise cost alone
    const Answer cheapest = solve(x);
    x.unserved_weight = lexicographic_weight(x);
    const Answer busiest = solve(x);
    if (!cheapest.solution) continue;
    REQUIRE(busiest.solution);
    CHECK(busiest.solution->books.unserved <= cheapest.solution->books.unserved);
    const Score cost =
        busiest.solution->books.score - x.unserved_weight * busiest.solution->books.unserved;
    CHECK(cost >= cheapest.solution->books.score);
    if (busiest.solution->books.unserved == cheapest.solution->books.unserved)
      CHECK(cost == cheapest.solution->books.score);
  }
}

TEST_CASE("more money never makes the plan dearer") {
  Score last = std::numeric_limits<Score>::max();
  for (const double budget : {0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2}) {
    CAPTURE(budget);
    // Incomes and openings differ, costs do not.
    const Answer answer =
        solve(Workstations({.configurations = 120, .months = 18, .budget = budget}).make());
    REQUIRE(answer.solution);
    CHECK(answer.solution->proof.is_optimal);
    CHECK(answer.solution->books.score <= last);
    last = answer.solution->books.score;
  }
}

TEST_CASE("out of memory for labels is said, not hidden") {
  const Instance x =
      Workstations({.configurations = 300, .months = 24, .budget = 0.15, .seed = 3}).make();
  const Answer whole = solve(x);
  const Answer cut = solve(x, {.most_labels = 10});
  REQUIRE(whole.solution);
  REQUIRE(cut.solution);
  CHECK(whole.solution->proof.is_optimal);
  CHECK_FALSE(cut.solution->proof.is_optimal);
  CHECK(cut.solution->proof.lower_bound <= whole.solution->books.score);
  CHECK(whole.solution->books.score <= cut.solution->books.score);
}

}  // namespace
}  // namespace rigor::plan
