#include "cost/returns.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <cmath>

namespace rigor::cost {
namespace {

using doctest::Approx;

TEST_CASE("a month's rate compounds to the year's") {
  CHECK(std::pow(1 + monthly_rate(0.08), 12) == Approx(1.08));
  CHECK(monthly_rate(0) == 0);
  CHECK(discount_factor(0.08, 24) == Approx(1 / 1.1664));
  // (1 - 1.08^-2) / 0.00643403 = 22.1730
  CHECK(annuity_factor(0.08, 24) == Approx(22.1730).epsilon(1e-5));
  CHECK(annuity_factor(0, 24) == 24);
}

TEST_CASE("real and nominal rates") {
  CHECK(real_rate(0.08, 0.025) == Approx(1.08 / 1.025 - 1));
  CHECK(nominal_rate(real_rate(0.08, 0.025), 0.025) == Approx(0.08));
}

TEST_CASE("internal rate of a project that pays back over five years") {
  // -500k, 200k, 160k, 120k, 80k, 65k: published as 9.92 %.
  const std::vector<double> flows = {-500e3, 200e3, 160e3, 120e3, 80e3, 65e3};
  const Irr found = irr(flows, 1);
  REQUIRE(found.rates.size() == 1);
  CHECK(found.rates[0] == Approx(0.0992).epsilon(5e-4));
  CHECK(found.sign_changes == 1);
  double value = 0;
  for (std::size_t t = 0; t < flows.size(); ++t)
    value += flows[t] / std::pow(1 + found.rates[0], static_cast<double>(t));
  CHECK(std::fabs(value) < 1e-6);
}

TEST_CASE("flows that change sign twice have two internal rates") {
  // -100 + 230 x - 132 x^2 with x = 1/(1+r): roots x = 1/1.1 and 1/1.2.
  const Irr found = irr(std::vector<double>{-100, 230, -132}, 1);
  REQUIRE(found.rates.size() == 2);
  CHECK(found.rates[0] == Approx(0.10));
  CHECK(found.rates[1] == Approx(0.20));
  CHECK(found.sign_changes == 2);
}

TEST_CASE("flows of one sign have no internal rate, and costs alone no modified one") {
  CHECK(irr(std::vector<double>{-5, -5}, 12).rates.empty());
  CHECK(irr(std::vector<double>{0, 0, 0}, 12).rates.empty());
  CHECK(irr({}, 12).rates.empty());
  CHECK_FALSE(mirr(std::vector<double>{-5, -5}, 12, 0.1, 0.1));
  CHECK_FALSE(mirr({}, 12, 0.1, 0.1));
}

TEST_CASE("the modified rate finances outlays and reinvests proceeds") {
  // -1000, -4000, 5000, 2000 financed at 10 %, reinvested at 12 %:
  // outlays 1000 + 4000/1.1 = 4636.36, proceeds 5000*1.12 + 2000 = 7600; (7600/4636.36)^(1/3) - 1
  // = 17.91 %.
  const auto rate = mirr(std::vector<double>{-1000, -4000, 5000, 2000}, 1, 0.10, 0.12);
  REQUIRE(rate);
  CHECK(*rate == Approx(0.1791).epsilon(1e-3));
}

TEST_CASE("payback, simple and discounted") {
  struct Case {
    std::vector<double> flows;
    std::optional<double> months;
  };
  for (const auto& [flows, months] : {
           Case{{-100, 40, 40, 40}, 2.5},
           Case{{-100, 40, 40}, std::nullopt},
           Case{{0, 1}, 0.0},
           Case{{-100, 150, -100, 100}, 2.5},  // paid back after 0.67 months, but not for good
           Case{{}, std::nullopt},
       }) {
    CHECK(payback(flows, 0) == months);
  }
  // 110 in a year is worth exactly 100 at 10 %.
  std::vector<double> year(13, 0);
  year[0] = -100, year[12] = 110;
  CHECK(*payback(year, 0.0999) == Approx(12).epsilon(1e-3));
  CHECK_FALSE(payback(year, 0.101));
}

TEST_CASE("profitability and equal yearly amounts") {
  std::vector<double> flows(13, 0);
  flows[0] = -100, flows[12] = 121;
  CHECK(*profitability_index(flows, 0.10) == Approx(1.1));
  CHECK_FALSE(profitability_index(std::vector<double>{0, 5}, 0.1));
  // 1000 at 10 % over 3 years: 1000 * 0.1 / (1 - 1.1^-3) = 402.11
  CHECK(equivalent_annual(1000, 0.10, 36) == Approx(402.1148));
  CHECK(equivalent_annual(900, 0, 36) == Approx(300));
}

TEST_CASE("laws of present values") {
  rc::check("a loss of interest never helps an investment", [] {
    const auto amounts = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 1000));
    std::vector<double> flows = {-500};
    flows.insert(flows.end(), amounts.begin(), amounts.end());
    const double low = *rc::gen::inRange(0, 50) / 100.0;
    RC_ASSERT(npv(flows, low) >= npv(flows, low + 0.1) - 1e-9);
  });
  rc::check("at an internal rate the present value is zero", [] {
    const auto amounts = *rc::gen::container<std::vector<int>>(12, rc::gen::inRange(-500, 1000));
    std::vector<double> flows = {-800};
    flows.insert(flows.end(), amounts.begin(), amounts.end());
    for (const double rate : irr(flows, 12).rates) {
      if (rate < -0.9) continue;  // terms grow beyond what doubles cancel
      RC_ASSERT(std::fabs(npv(flows, rate)) < 1e-3);
    }
  });
}

}  // namespace
}  // namespace rigor::cost
