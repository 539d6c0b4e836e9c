#include "estimate/power/supply.hpp"

#include <doctest/doctest.h>

namespace rigor::estimate {

using doctest::Approx;
using hardware::Supply;
using hardware::volt;

namespace {

/// 80 PLUS Titanium at both voltages.
Supply titanium(double watts) {
  Supply supply;
  supply.power = watts * watt;
  supply.curve = {{115 * volt, 0.1, 0.90}, {115 * volt, 0.2, 0.92}, {115 * volt, 0.5, 0.94},
                  {115 * volt, 1.0, 0.90}, {230 * volt, 0.1, 0.90}, {230 * volt, 0.2, 0.94},
                  {230 * volt, 0.5, 0.96}, {230 * volt, 1.0, 0.94}};
  return supply;
}

double at(const Supply& supply, double load, double volts) {
  return efficiency(supply, load, volts * volt)->expected;
}

}  // namespace

TEST_CASE("efficiency follows the points of the nearest voltage, joined by straight lines") {
  const Supply supply = titanium(1600);
  struct Case {
    double load, volts, expected;
  };
  for (const auto& [load, volts, expected] :
       {Case{0.1, 120, 0.90}, Case{0.2, 120, 0.92}, Case{0.5, 120, 0.94}, Case{1.0, 120, 0.90},
        Case{0.35, 120, 0.93},    // halfway from 20 to 50 %
        Case{0.75, 100, 0.92},    // halfway from 50 to 100 %
        Case{0.75, 240, 0.95},    // the same at 230 V
        Case{1.1, 120, 0.892},    // the last line goes on: -0.04 over 0.5, so -0.008 over 0.1
        Case{0.5, 160, 0.94},     // 160/115 = 1.39, 230/160 = 1.44: nearer to 115 V
        Case{0.5, 165, 0.96}}) {  // 1.43 and 1.39: nearer to 230 V
    CAPTURE(load);
    CAPTURE(volts);
    CHECK(at(supply, load, volts) == Approx(expected));
  }
}

TEST_CASE("below the first point the losses stay what they are there") {
  const Supply supply = titanium(1600);
  // At 10 % of 1600 W: 160 / 0.9 = 177.8 W in, 17.8 W lost. At 5 %: 80 / 97.8 = 0.818.
  CHECK(at(supply, 0.05, 120) == Approx(80.0 / (80.0 + 160 / 0.9 - 160)));
  CHECK(at(supply, 0.05, 120) == Approx(0.818).epsilon(0.001));
  CHECK(at(supply, 0, 120) == 0);
}

TEST_CASE("a certificate states the least: the margin is added, and never makes a miracle") {
  Supply supply = titanium(1600);
  supply.margin = {0, 0.01, 0.02};
  const Range<double> half = *efficiency(supply, 0.5, 230 * volt);
  CHECK(half.low == Approx(0.96));
  CHECK(half.expected == Approx(0.97));
  CHECK(half.high == Approx(0.98));
  supply.margin = {0, 0.05, 0.1};
  CHECK(efficiency(supply, 0.5, 230 * volt)->high == 0.99);
  supply.curve.clear();
  CHECK_FALSE(efficiency(supply, 0.5, 230 * volt).has_value());
}

TEST_CASE("one supply under a load") {
  const Supply supply = titanium(1600);
  const SupplyState state =
      supply_state(supply, {1500 * watt, 1600 * watt, 1700 * watt}, 120 * volt);
  CHECK(state.rated == 1600 * watt);
  CHECK(state.load.expected == 1);
  CHECK(state.load.high == Approx(1.0625));
  // 1500: 0.9 + 0.04 * (1 - 0.9375) / 0.5 = 0.905; 1700: 0.9 - 0.04 * 0.0625 / 0.5 = 0.895.
  REQUIRE(state.wall.has_value());
  CHECK(state.wall->low.in(watt) == Approx(1500 / 0.905));
  CHECK(state.wall->expected.in(watt) == Approx(1600 / 0.9));
  CHECK(state.wall->high.in(watt) == Approx(1700 / 0.895));
  CHECK(state.efficiency->low == Approx(0.895));
  CHECK(state.efficiency->high == Approx(0.905));
}

TEST_CASE("more load never takes less from the wall, and losses never vanish") {
  const Supply supply = titanium(1600);
  for (const double volts : {100.0, 120.0, 230.0}) {
    double last = 0;
    for (double watts = 5; watts < 2000; watts += 5) {
      const SupplyState state = supply_state(supply, exactly(watts * watt), volts * volt);
      const double wall = state.wall->expected.in(watt);
      CHECK(wall > last);
      CHECK(wall > watts);
      last = wall;
    }
  }
}

TEST_CASE("a published sum: four cards of 300 W on 1600 W at 92 %") {
  // 4 x 300 + processor 350 + board 40 + 6 RDIMM x 5 + 2 drives x 10 + fans 15 = 1655 W: 103 %.
  const double dc = 4 * 300 + 350 + 40 + 6 * 5 + 2 * 10 + 15;
  CHECK(dc == 1655);
  Supply supply;
  supply.power = 1600 * watt;
  supply.curve = {{115 * volt, 1.0, 0.92}};
  const SupplyState state = supply_state(supply, exactly(dc * watt), 120 * volt);
  CHECK(state.load.expected == Approx(1.034).epsilon(0.001));
  CHECK(state.wall->expected.in(watt) == Approx(1799).epsilon(0.0005));
  const Range<Amperes> current = mains_current(*state.wall, 120 * volt, exactly(1.0));
  CHECK(current.expected.in(hardware::ampere) == Approx(15.0).epsilon(0.001));
  // The same four on 1300 W: 127 %. Two of them: 2 x 300 + 350 + 95 = 1045 W, 80.4 % of 1300 W.
  supply.power = 1300 * watt;
  CHECK(supply_state(supply, exactly(1655 * watt), 120 * volt).load.expected ==
        Approx(1.273).epsilon(0.001));
  CHECK(supply_state(supply, exactly(1045 * watt), 120 * volt).load.expected ==
        Approx(0.804).epsilon(0.001));
}

TEST_CASE("server supplies give less at 100 to 127 V") {
  Supply supply;
  supply.power = 750 * watt;
  CHECK(rated_power(supply, 120 * volt) == 750 * watt);
  supply.low_line = 650 * watt;
  CHECK(rated_power(supply, 100 * volt) == 650 * watt);
  CHECK(rated_power(supply, 127 * volt) == 650 * watt);
  CHECK(rated_power(supply, 200 * volt) == 750 * watt);
  const SupplyState state = supply_state(supply, exactly(700 * watt), 120 * volt);
  CHECK(state.load.expected == Approx(700.0 / 650));
  CHECK_FALSE(state.wall.has_value());
}

TEST_CASE("amperes grow when the power factor falls") {
  const Range<Amperes> current =
      mains_current({1000 * watt, 1100 * watt, 1200 * watt}, 100 * volt, {0.8, 0.96, 1});
  CHECK(current.low.in(hardware::ampere) == Approx(10));
  CHECK(current.expected.in(hardware::ampere) == Approx(11 / 0.96));
  CHECK(current.high.in(hardware::ampere) == Approx(15));
}

TEST_CASE("loads are laid on several supplies, the heaviest first") {
  const auto w = [](double watts) { return watts * watt; };
  // 350 x 4 and a board of 250 W on two of 1200 W: 350 each, then the second pair; the board last.
  const std::vector<Watts> loads = {w(250), w(350), w(350), w(350), w(350)};
  CHECK(share_loads(loads, std::vector<Watts>{w(1200), w(1200)}) ==
        std::vector<int>{0, 0, 1, 0, 1});
  // A supply of twice the rating takes the first two; then both would be at 700 / 1200.
  CHECK(share_loads(std::vector<Watts>{w(400), w(300), w(300)},
                    std::vector<Watts>{w(1200), w(600)}) == std::vector<int>{0, 1, 0});
  CHECK(share_loads(std::vector<Watts>{w(1)}, std::vector<Watts>{w(5)}) == std::vector<int>{0});
  CHECK(share_loads({}, std::vector<Watts>{w(5)}).empty());
}

}  // namespace rigor::estimate
