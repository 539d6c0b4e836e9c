#include "estimate/power/excursion.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

namespace rigor::estimate {

using doctest::Approx;
using hardware::Excursion;
using hardware::Supply;

namespace {

Supply atx(double watts, double version, bool has_16pin) {
  Supply supply;
  supply.power = watts * watt;
  supply.atx_version = version;
  supply.has_16pin = has_16pin;
  return supply;
}

Excursion by(double factor) {
  Excursion excursion;
  excursion.factor.fill(exactly(factor));
  return excursion;
}

}  // namespace

TEST_CASE("what a supply promises for peaks") {
  struct Case {
    Supply supply;
    ExcursionStandard standard;
    std::array<double, hardware::kBuckets> share;
  };
  for (const auto& [supply, standard, share] :
       {Case{atx(1000, 3.1, true), ExcursionStandard::atx3_strong, {2, 1.8, 1.6, 1.2}},
        Case{atx(1000, 3.0, false), ExcursionStandard::atx3, {1.5, 1.45, 1.35, 1.1}},
        Case{atx(450, 3.1, true), ExcursionStandard::atx3, {1.5, 1.45, 1.35, 1.1}},
        Case{atx(451, 3.1, true), ExcursionStandard::atx3_strong, {2, 1.8, 1.6, 1.2}},
        Case{atx(1000, 2.53, true), ExcursionStandard::none, {1, 1, 1, 1}},
        Case{atx(1000, 0, false), ExcursionStandard::none, {1, 1, 1, 1}}}) {
    CAPTURE(supply.power.in(watt));
    CAPTURE(supply.atx_version);
    CHECK(excursion_standard(supply) == standard);
    for (int bucket = 0; bucket < hardware::kBuckets; ++bucket) {
      CHECK(excursion_allowance(supply, supply.power, bucket).in(watt) ==
            Approx(share[static_cast<std::size_t>(bucket)] * supply.power.in(watt)));
    }
  }
}

TEST_CASE("an older supply that keeps ATX 3 up to a smaller power") {
  Supply supply = atx(1600, 2.53, true);
  supply.excursion_power = 1000 * watt;
  CHECK(excursion_standard(supply) == ExcursionStandard::partly);
  CHECK(excursion_allowance(supply, 1600 * watt, 0) == 2000 * watt);  // 200 % of 1000
  CHECK(excursion_allowance(supply, 1600 * watt, 1) == 1800 * watt);
  CHECK(excursion_allowance(supply, 1600 * watt, 2) == 1600 * watt);
  CHECK(excursion_allowance(supply, 1600 * watt, 3) == 1600 * watt);  // 1200 is below its rating
  supply.is_server = true;
  CHECK(excursion_standard(supply) == ExcursionStandard::none);
}

TEST_CASE("all cards at once is the sum, independent peaks are the root of the squares") {
  const Supply supply = atx(1000, 3.1, true);
  // 200 W of others, two cards of 300 W that reach 2 x 300: 800 + 2 x 300; 800 + sqrt(2) x 300.
  const std::vector<PeakLoad> cards = {{2, 300 * watt, by(2)}};
  const ExcursionState state = excursion_state(supply, 1000 * watt, 200 * watt, cards, 0);
  CHECK(state.allowance == 2000 * watt);
  CHECK(state.together.expected.in(watt) == Approx(1400));
  CHECK(state.independent.expected.in(watt) == Approx(800 + std::sqrt(2) * 300));
  // Of unequal cards the worst count: excesses 500 x 1 and 150 x 0.8 = 120.
  const std::vector<PeakLoad> mixed = {{1, 150 * watt, by(1.8)}, {1, 500 * watt, by(2)}};
  CHECK(excursion_state(supply, 1000 * watt, {}, mixed, 0, 1).together.expected.in(watt) ==
        Approx(650 + 500));
  CHECK(excursion_state(supply, 1000 * watt, {}, mixed, 0, 0).together.expected.in(watt) ==
        Approx(650));
  CHECK(excursion_state(supply, 1000 * watt, {}, mixed, 0).together.expected.in(watt) ==
        Approx(650 + 620));
  // A factor below 1 is no peak.
  CHECK(excursion_state(supply, 1000 * watt, {}, std::vector<PeakLoad>{{1, 300 * watt, by(0.5)}}, 0)
            .together.expected.in(watt) == Approx(300));
}

TEST_CASE("both sides of every limit, with and without a 16-pin socket") {
  // 100 W of others and one card of 400 W: the peak that just fits is (share x 1000 - 100) / 400.
  for (const bool has_16pin : {true, false}) {
    const Supply supply = atx(1000, 3.0, has_16pin);
    for (int bucket = 0; bucket < hardware::kBuckets; ++bucket) {
      CAPTURE(has_16pin);
      CAPTURE(bucket);
      const double allowed = excursion_allowance(supply, 1000 * watt, bucket).in(watt);
      const double just = (allowed - 100) / 400;
      const auto fit = [&](double factor) {
        const std::vector<PeakLoad> card = {{1, 400 * watt, by(factor)}};
        return excursion_fit(excursion_state(supply, 1000 * watt, 100 * watt, card, bucket));
      };
      CHECK(fit(just - 0.001) == LoadFit::fits);
      CHECK(fit(just + 0.001) == LoadFit::over);
    }
  }
}

TEST_CASE("only the worst case over the allowance is tight") {
  const Supply supply = atx(1000, 3.1, true);
  // Four of 200 W at 2.5: 800 + 4 x 300 = 2000 just fits; at 2.6 the sum is 2080, the root 1440.
  const auto fit = [&](double factor) {
    const std::vector<PeakLoad> cards = {{4, 200 * watt, by(factor)}};
    return excursion_fit(excursion_state(supply, 1000 * watt, {}, cards, 0));
  };
  CHECK(fit(2.5) == LoadFit::fits);
  CHECK(fit(2.6) == LoadFit::tight);
  CHECK(fit(4.1) == LoadFit::over);  // 800 + 2 x 620 = 2040
}

}  // namespace rigor::estimate
