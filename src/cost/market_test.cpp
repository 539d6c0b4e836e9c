#include <doctest/doctest.h>

#include "cost/break_even.hpp"
#include "cost/loan.hpp"
#include "cost/month.hpp"
#include "cost/price_path.hpp"

namespace rigor::cost {
namespace {

using doctest::Approx;

TEST_CASE("months are read, counted and written") {
  CHECK(to_text(month_of(2025, 10).plus(3)) == "2026-01");
  CHECK(month_of(2026, 1) - month_of(2025, 10) == 3);
  CHECK(parse_month("2025-10-06") == month_of(2025, 10));
  for (const char* wrong : {"2025", "2025-13", "2025-00", "25-10", "2025-1", "1950-01", "",
                            "2025-10-32", "2025-10-06-1", "2o25-10"}) {
    CAPTURE(wrong);
    CHECK_FALSE(parse_month(wrong));
  }
  CHECK(parse_duration("3 years") == 36);
  CHECK(parse_duration("1.5 years") == 18);
  CHECK(parse_duration("1 month") == 1);
  for (const char* wrong : {"36", "3 weeks", "1.3 months", "months", "", "1e9 years"})
    CHECK_FALSE(parse_duration(wrong));
}

TEST_CASE("a price between stated months lies on the line") {
  const PricePath path{{}, {{month_of(2025, 10), 825000}, {month_of(2026, 10), 1475000}}};
  CHECK_FALSE(path.at(month_of(2025, 9)));
  CHECK(path.at(month_of(2025, 10)) == 825000);
  CHECK(path.at(month_of(2026, 4)) == 1150000);  // halfway: prices may rise
  CHECK(path.at(month_of(2025, 11)) == 879167);  // 825,000 + 650,000/12, to the cent
  CHECK(path.at(month_of(2030, 1)) == 1475000);  // held
}

TEST_CASE("a curve loses a steady share a month between its points and beyond") {
  const ValueCurve curve{"", "", {{0, 1}, {12, 0.75}, {24, 0.66}}};
  CHECK(curve.at(-5) == 1);
  CHECK(curve.at(12) == Approx(0.75));
  CHECK(curve.at(18) == Approx(0.75 * std::sqrt(0.66 / 0.75)));
  CHECK(curve.at(36) == Approx(0.66 * 0.66 / 0.75));
  // A path of used prices goes before the curve, whenever the part was bought.
  Market market{{{}, {{month_of(2025, 1), 100000}}}, {}, curve};
  CHECK(market_value(market, month_of(2026, 1)) == 75000);
  market.used.points = {{month_of(2026, 1), 90000}};
  CHECK(market_value(market, month_of(2026, 1)) == 90000);
  CHECK_FALSE(market_value(market, month_of(2025, 6)));
  CHECK_FALSE(market_value(Market{}, month_of(2025, 6)));
}

TEST_CASE("a loan comes back to the cent") {
  // 10,000 at 6 % over 12 months: 860.66 a month.
  const auto schedule = loan_schedule(1000000, 0.06, 12);
  CHECK(schedule[0].payment == 86066);
  CHECK(schedule[0].interest == 5000);
  CHECK(schedule.back().left == 0);
  std::int64_t principal = 0;
  for (const LoanMonth& month : schedule) principal += month.payment - month.interest;
  CHECK(principal == 1000000);
  const auto free = loan_schedule(100, 0, 3);
  CHECK(free[0].payment + free[1].payment + free[2].payment == 100);
}

TEST_CASE("the price of risk of a used card") {
  // 700 USD, four hours of tests at 25, 8 % fail for good: (700 + 100) / 0.92 = 869.57
  const UsedOffer used{700, 4, 25, 0.08};
  CHECK(price_of_working(used) == Approx(869.565));
  // Against 1,000 new: 1,000 x 0.92 - 100 = 820 is its fair price; 20 % of failures make it even.
  CHECK(fair_used_price(1000, used) == Approx(820));
  CHECK(break_even_failure(1000, used) == Approx(0.20));
  CHECK(price_of_working({fair_used_price(1000, used), 4, 25, 0.08}) == Approx(1000));
}

TEST_CASE("a cheap base first pays unless it is likely to be replaced") {
  // 693 of premium against a swap of 819: 84.6 %; with the supply 1,069: 64.8 %; three years at 8 %
  // make it 106.6 % and 81.7 %.
  CHECK(*staged_probability({693, 819, 0, 0, 0}) == Approx(0.846).epsilon(1e-3));
  CHECK(*staged_probability({693, 1069, 0, 0, 0}) == Approx(0.648).epsilon(1e-3));
  CHECK(*staged_probability({693, 819, 0, 0.08, 36}) == Approx(1.066).epsilon(1e-3));
  CHECK(*staged_probability({693, 1069, 0, 0.08, 36}) == Approx(0.817).epsilon(1e-3));
  CHECK_FALSE(staged_probability({693, 100, 100, 0.08, 36}));
}

}  // namespace
}  // namespace rigor::cost
