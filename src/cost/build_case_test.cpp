#include "cost/build_case.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "cost/ranges.hpp"
#include "cost/results.hpp"

namespace rigor::cost {
namespace {

using doctest::Approx;

ValueCurves some_curves() {
  ValueCurves curves;
  curves.all.push_back({{"gpu", "a test", {{0, 1}, {12, 0.75}, {36, 0.5}}}, {"gpu"}});
  curves.all.push_back({{"rising", "a test", {{0, 1}, {12, 1.5}}}, {}});
  curves.all.push_back({{"rest", "a test", {{0, 1}, {36, 0.2}}}, {"other", "psu"}});
  return curves;
}

Terms some_terms() {
  Terms terms;
  terms.start = month_of(2025, 10);
  terms.months = 36;
  terms.discount_rate = 0.08;
  terms.tariff = 0.15;
  terms.warranty = 24;
  terms.failures = 0.03;
  return terms;
}

OwnPart part(const char* kind, double price) {
  OwnPart one;
  one.kind = kind;
  one.name = kind;
  one.price = Price{std::llround(100 * price), {}, {}};
  return one;
}

TEST_CASE("a bill: prices with tax, worth by the curve of the kind") {
  Terms terms = some_terms();
  terms.sales_tax = 0.18;
  OwnPart cards = part("gpu", 1000);
  cards.count = 2;
  const Result<Bill> bill = make_bill({cards, part("psu", 100)}, terms, some_curves(), "");
  REQUIRE(bill);
  CHECK(bill->parts[0].paid == 236000);          // 2 x 1,000 x 1.18
  CHECK(bill->parts[0].value_at_end == 100000);  // half of the price, without the tax
  CHECK(bill->parts[1].value_at_end == 2000);
  CHECK(bill->total() == 236000 + 11800);
}

TEST_CASE("a part bought before the start costs what selling it would bring") {
  Terms terms = some_terms();
  terms.selling_fee = 0.10;
  OwnPart card = part("gpu", 1000);
  card.bought = "2024-10";
  const Result<Bill> bill = make_bill({card}, terms, some_curves(), "");
  REQUIRE(bill);
  CHECK(bill->parts[0].is_owned);
  CHECK(bill->parts[0].paid == 67500);  // 750 after a year, less the fee; the 1,000 are sunk
  // Four years after it was bought: beyond the curve at its last rate, 0.5 x sqrt(0.5 / 0.75).
  CHECK(bill->parts[0].value_at_end == Approx(100000 * 0.5 * std::sqrt(0.5 / 0.75)).epsilon(1e-4));
}

TEST_CASE("the plan's prices and curves go before the habits") {
  Candidate candidate;
  candidate.fresh = {{}, {{month_of(2025, 10), 90000}}};
  candidate.curve = "rising";
  OwnPart card = part("gpu", 0);
  card.price.reset();
  card.candidate = &candidate;
  const Result<Bill> rising = make_bill({card}, some_terms(), some_curves(), "");
  REQUIRE(rising);
  CHECK(rising->parts[0].paid == 90000);
  CHECK(rising->parts[0].value_at_end > 90000);  // values may rise
  candidate.used = {{}, {{month_of(2025, 10), 80000}, {month_of(2028, 10), 30000}}};
  CHECK(make_bill({card}, some_terms(), some_curves(), "")->parts[0].value_at_end == 30000);
  candidate.used = {};
  candidate.curve = "risng";
  const Result<Bill> wrong = make_bill({card}, some_terms(), some_curves(), "");
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().hint == "did you mean \"rising\"?");
}

TEST_CASE("parts without any price are named, not guessed") {
  OwnPart bare = part("other", 0);
  bare.price.reset();
  bare.name = "a frame";
  const Result<Bill> bill = make_bill({bare}, some_terms(), some_curves(), "");
  REQUIRE(bill);
  CHECK(bill->parts.empty());
  CHECK(bill->unpriced == std::vector<std::string>{"a frame"});
}

WorkOnRig some_work() {
  WorkOnRig work;
  work.name = "chat";
  work.hours = 100;
  work.growth = 1.0;  // twice as much after a year
  work.tokens_per_s = 50;
  work.wall_kw = {0.4, 0.5, 0.6};
  work.match[0] = Match{"a cloud", "", 1, 1.5, {0.8, 1, 1.2}, 8};
  return work;
}

TEST_CASE("work grows, rented hours carry their waste, repairs begin after the warranty") {
  Terms terms = some_terms();
  terms.renting_idle = 0.2;
  const Bill bill = *make_bill({part("gpu", 1200)}, terms, some_curves(), "");
  const std::vector<WorkOnRig> work = {some_work()};
  const Result<CostCase> made =
      make_case({&terms, &bill, &work, nullptr, {0.1, 300, 0}, Rent::on_demand});
  REQUIRE(made);
  CHECK(made->work[0].hours == 100);
  CHECK(made->work[12].hours == Approx(200));
  CHECK(made->work[0].busy_kwh == Approx(100 * 0.4));  // 0.5 less 0.1 that it draws anyway
  CHECK(made->work[0].idle_kwh == Approx(300 * 0.1));
  CHECK(made->work[0].rented == Approx(100 * 1.2 * 1.5));
  CHECK(made->fixed[23].failures == 0);
  CHECK(made->fixed[24].failures == 300);  // 1,200 x 3 % / 12
}

TEST_CASE("committed machines are paid all month, spot ones do lost work again") {
  Terms terms = some_terms();
  terms.interruption = 0.1;
  const Bill bill = *make_bill({part("gpu", 1200)}, terms, some_curves(), "");
  std::vector<WorkOnRig> work = {some_work()};
  work[0].match[1] = Match{"spot", "", 1, 0.5, {1, 1, 1}, 3};
  work[0].match[2] = Match{"reserved", "", 1, 1.0, {1, 1, 1}, 3};
  const auto first = [&](Rent rent) {
    return make_case({&terms, &bill, &work, nullptr, {}, rent})->work[0];
  };
  CHECK(first(Rent::spot).rented == Approx(100 * 1.1 * 0.5));
  CHECK(first(Rent::committed).rented_hours == 730);
  CHECK(first(Rent::committed).rented == Approx(730));
  CHECK(why_not(work, Rent::committed).empty());
  CHECK_FALSE(why_not(work, Rent::api).empty());
  work[0].is_private = true;
  CHECK(why_not(work, Rent::on_demand) == "all work is private: it may not leave the machine");
  CHECK(first(Rent::on_demand).rented == 0);
}

TEST_CASE("a plan's uses hold in their months only") {
  Use summer;
  summer.hours = 10;
  summer.from = month_of(2026, 6);
  summer.until = month_of(2026, 8);
  WorkOnRig work = some_work();
  work.growth = 0;
  work.uses = {&summer};
  const Month start = month_of(2026, 5);
  CHECK(hours_in(work, start, 0) == 100);
  CHECK(hours_in(work, start, 1) == 10);
  CHECK(hours_in(work, start, 3) == 10);
  CHECK(hours_in(work, start, 4) == 100);
  Use tokens;
  tokens.tokens = 50.0 * 3600 * 20;  // twenty hours at 50 tokens/s
  work.uses = {&tokens};
  CHECK(hours_in(work, start, 0) == Approx(20));
}

TEST_CASE("results hang together") {
  Terms terms = some_terms();
  const Bill bill = *make_bill({part("gpu", 3000)}, terms, some_curves(), "");
  const std::vector<WorkOnRig> work = {some_work()};
  const CostCase input =
      *make_case({&terms, &bill, &work, nullptr, {0.1, 300, 0}, Rent::on_demand});
  const Results results = make_results(input);
  CHECK(results.npv == Approx(results.rented - results.owned));
  CHECK(results.owned_a_year == Approx(equivalent_annual(results.owned, 0.08, 36)));
  // A price of an hour times all hours, both discounted, is the present value.
  double hours = 0;
  for (int t = 0; t < 36; ++t)
    hours += discount_factor(0.08, t + 1) * input.work[static_cast<std::size_t>(t)].hours;
  CHECK(results.hour.owned * hours == Approx(results.owned));
  REQUIRE(results.hours.at);
  LeverValues levers = NpvModel(input, 0.08).base();
  levers[Lever::hours] = *results.hours.at;
  CHECK(std::fabs(npv_at(input, levers)) < 1e-6);
  CHECK(results.owned_worth.back() == Approx(results.owned_sum.back()));
}

TEST_CASE("ranges: the plan's names are checked, the habits hold the base") {
  Terms terms = some_terms();
  const Bill bill = *make_bill({part("gpu", 3000)}, terms, some_curves(), "");
  const std::vector<WorkOnRig> work = {some_work()};
  const CostCase input =
      *make_case({&terms, &bill, &work, nullptr, {0.1, 300, 0}, Rent::on_demand});
  const NpvModel model(input, 0.08);
  struct Case {
    std::vector<Uncertain> uncertain;
    std::vector<Correlated> correlated;
    const char* message;
  };
  for (const Case& one : {
           Case{{{"hour", 1, 2, 3, {}}}, {}, "nothing is called \"hour\" that may be uncertain"},
           Case{{{"hours", 1, 2, 3, {}}, {"hours", 1, 2, 3, {}}},
                {},
                "\"hours\" is declared uncertain twice"},
           Case{{{"hours", 1, 2, 3, {}}},
                {{"hours", "resale", 0.5, {}}},
                "\"resale\" is tied, but is not uncertain"},
           Case{{{"hours", 1, 2, 3, {}}},
                {{"hours", "hours", 0.5, {}}},
                "\"hours\" is tied to itself"},
       }) {
    PlanFile plan;
    plan.uncertain = one.uncertain;
    plan.correlated = one.correlated;
    const Result<Ranges> ranges = make_ranges(model, &plan, {}, {});
    REQUIRE_FALSE(ranges);
    CHECK(ranges.error().message == one.message);
  }
  MoneyHabits habits;
  habits.hours = {0.5, 1, 1.5};
  habits.selling_fee = {0.05, 0.10, 0.13};  // the case has none
  habits.discount_rate = {0, 0.08, 0.15};
  const Ranges ranges = *make_ranges(model, nullptr, habits, {});
  CHECK(ranges.tornado.size() == ranges.chance.size() + 1);  // the discount rate
  for (const Margin& margin : ranges.tornado) {
    CHECK(margin.pert.low <= model.base()[margin.lever]);
    CHECK(margin.pert.high >= model.base()[margin.lever]);
  }
}

}  // namespace
}  // namespace rigor::cost
