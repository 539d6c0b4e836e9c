#include "cost/cost_case.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <cmath>

#include "cost/break_even.hpp"
#include "cost/returns.hpp"
#include "cost/seed_case.hpp"

namespace rigor::cost {
namespace {

using doctest::Approx;

/// Cents of one item over all months.
std::int64_t all(const Ledger& ledger, Item item) {
  return ledger.sum(item, 0, ledger.columns());
}

TEST_CASE("the document's two years: 6,974 USD before electricity, 196 saved after it") {
  const CostCase input = seed_case();
  const Ledger ledger = make_ledger(input);
  // 14,949 + 8,300 - 0.70 x 23,249 = 23,249 - 16,274.30
  CHECK(all(ledger, Item::purchase) == 2324900);
  CHECK(all(ledger, Item::resale) == -1627430);
  CHECK(all(ledger, Item::purchase) + all(ledger, Item::resale) == 697470);
  // 24 x 320 h x 1.10
  std::int64_t rented = 0, owned = 0;
  for (int t = 0; t < ledger.columns(); ++t) {
    rented += ledger.rented[static_cast<std::size_t>(t)];
    owned += ledger.owned(t);
  }
  CHECK(rented == 844800);
  // (251.84 + 51.25) kWh x 0.15 x 12 + (355.84 + 51.25) x 0.15 x 12 = 545.56 + 732.76 = 1,278.32;
  // the ledger rounds each month to the cent.
  const std::int64_t power = all(ledger, Item::busy_energy) + all(ledger, Item::idle_energy);
  CHECK(power == Approx(127832).epsilon(2e-4));
  CHECK(static_cast<double>(rented - owned) / 100 == Approx(195).epsilon(0.01));
}

TEST_CASE("the same as a present value at 8 %: -2,051 USD, not +1,474") {
  const CostCase input = seed_case();
  const NpvModel model(input, 0.08);
  // 352 x 22.1730 - (14,949 + 8,300/1.08 - 16,274.3/1.1664) - 1,174.3 = -2,051.0
  CHECK(model.npv(model.base()) == Approx(-2051.0).epsilon(1e-3));
  const std::vector<double> flows = advantage_flows(input, make_ledger(input));
  CHECK(npv(flows, 0.08) == Approx(model.npv(model.base())).epsilon(1e-4));
  // With 10 % of the resale for the market place: 195 - 1,627.
  CostCase with_fee = input;
  with_fee.selling_fee = 0.10;
  const Ledger ledger = make_ledger(with_fee);
  CHECK(all(ledger, Item::selling_fee) == 162743);
}

TEST_CASE("totals of the document's three paths, which its headings get wrong") {
  const auto total = [](std::initializer_list<int> steps) {
    CostCase input = seed_case();
    input.bought.resize(1);
    int month = 1;
    for (const int step : steps) input.bought.push_back({"", month++, step * 100, 0, false});
    return all(make_ledger(input), Item::purchase) / 100;
  };
  CHECK(total({600, 450}) == 15999);                       // stated: 15,949
  CHECK(total({1050, 8300, 2150}) == 26449);               // stated: 32,349
  CHECK(total({1050, 8300, 17100, 2500, 1500}) == 45399);  // stated: 34,049
}

TEST_CASE("hours a month from which the base build pays: 180, 263 and 429") {
  struct Case {
    double resale, hours;
  };
  for (const auto& [resale, hours] : {Case{0.60, 180}, Case{0.40, 263}, Case{0, 429}}) {
    // (14,949 (1 - resale)/36 + 0.125 kW x 730 h x 0.15) / (1.10 - (0.787 - 0.125) x 0.15)
    const auto found =
        break_even_hours({14949, resale, 0.125 * 730 * 0.15, (0.787 - 0.125) * 0.15, 1.10, 1, 36});
    REQUIRE(found);
    CHECK(std::round(*found) == hours);
  }
  CHECK_FALSE(break_even_hours({1000, 0.5, 0, 1.2, 1.10, 1, 36}));  // power costs more than rent
}

TEST_CASE("a published server: 36,195.73 a year, worth it above 31.40 % use") {
  // 120,414 / 5 + 2.1 kW x 1.52 x 8760 h x 0.2575 + 2.1 kW x 194.95 x 12 = 24,082.80 + 7,200.19 +
  // 4,912.74; four cards at 3.29 an hour. The waste of cooling is 0.52 of the machine's energy.
  CostCase input;
  input.bought = {{"server", 0, 12041400, 0, false}};
  for (int t = 0; t < 60; ++t) {
    WorkMonth month;
    month.busy_kwh = 2.1 * 8760 / 12;
    month.cooling = 0.52;
    month.tariff = 0.2575;
    input.work.push_back(month);
    input.fixed.push_back({.space = 40940, .staff = 0, .insurance = 0, .failures = 0});  // 409.395
  }
  const Ledger ledger = make_ledger(input);
  std::int64_t total = 0;
  for (int t = 0; t < ledger.columns(); ++t) total += ledger.owned(t);
  const double yearly = static_cast<double>(total) / 100 / 5;
  // Twelve months of three items, each rounded to the cent.
  CHECK(std::fabs(yearly - 36195.73) < 12 * 3 * 0.005);
  CHECK(break_even_utilisation(36195.73, 4, 3.29) == Approx(0.3140).epsilon(2e-4));
}

TEST_CASE("a loan at the discount rate changes no present value, a dearer one costs") {
  CostCase input = seed_case();
  const double without = NpvModel(input, 0.08).npv(NpvModel(input, 0.08).base());
  // Charged as rate / 12 a month: 12 x ((1.08)^(1/12) - 1) = 7.7208 % is 8 % a year.
  for (const auto& [rate, is_same] : {std::pair{0.0772084, true}, std::pair{0.12, false}}) {
    input.financing = Financing{0.5, rate, 36};  // runs beyond the horizon: the rest is paid then
    const NpvModel model(input, 0.08);
    const double with = model.npv(model.base());
    if (is_same) CHECK(with == Approx(without).epsilon(1e-4));
    if (!is_same) CHECK(with < without - 100);
    CHECK(npv(advantage_flows(input, make_ledger(input)), 0.08) == Approx(with).epsilon(1e-4));
  }
}

TEST_CASE("the ledger's flows and the model of levers say the same") {
  rc::check([] {
    CostCase input;
    const int months = *rc::gen::inRange(1, 61);
    const double rate = *rc::gen::inRange(0, 30) / 100.0;
    input.selling_fee = *rc::gen::inRange(0, 20) / 100.0;
    input.shipping = *rc::gen::inRange(0, 100000);
    input.disposal = *rc::gen::inRange(0, 100000);
    for (int i = 0; i < *rc::gen::inRange(0, 5); ++i)
      input.bought.push_back({"", *rc::gen::inRange(0, months), *rc::gen::inRange(0, 2000000),
                              *rc::gen::inRange(0, 2000000), *rc::gen::arbitrary<bool>()});
    for (int t = 0; t < months; ++t) {
      const double hours = *rc::gen::inRange(0, 730);
      input.work.push_back({hours, hours * 0.7, 91, 0.1, 0.15 + 0.001 * t, hours, hours * 1.1, 5});
      input.fixed.push_back({*rc::gen::inRange(0, 9999), 100, 7, *rc::gen::inRange(0, 99)});
    }
    if (*rc::gen::arbitrary<bool>())
      input.financing = Financing{0.7, 0.06, *rc::gen::inRange(1, 72)};
    const NpvModel model(input, rate);
    const double by_ledger = npv(advantage_flows(input, make_ledger(input)), rate);
    // Half a cent of rounding in each of a handful of items a month.
    RC_ASSERT(std::fabs(by_ledger - model.npv(model.base())) < 0.03 * (months + 1));
  });
}

}  // namespace
}  // namespace rigor::cost
