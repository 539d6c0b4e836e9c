#include "estimate/power/ups.hpp"

#include <doctest/doctest.h>

#include <cmath>

namespace rigor::estimate {

using doctest::Approx;
using hardware::Ups;

namespace {

constexpr Seconds kMinute = 60 * second;
constexpr BatteryHabits kFresh = {exactly(1.0), exactly(0.9), exactly(1.2)};

/// 24 minutes at 990 W, 9 at 1980 W.
Ups published() {
  Ups ups;
  ups.apparent_power = 2200 * watt;
  ups.power = 1980 * watt;
  ups.runtime = {{990 * watt, 24 * kMinute}, {1980 * watt, 9 * kMinute}};
  return ups;
}

double minutes(const Ups& ups, double load, const BatteryHabits& habits = kFresh) {
  return ups_runtime(ups, load * watt, habits)->time.expected.in(kMinute);
}

}  // namespace

TEST_CASE("runtime is a power of the load between published points") {
  // b = ln(24 / 9) / ln 2 = 1.415. 800 W: 24 x (990 / 800)^1.415 = 32.4; 1112 W: 24 x
  // (990 / 1112)^1.415 = 20.4; 1799 W: 24 x (990 / 1799)^1.415 = 10.3.
  const Ups ups = published();
  CHECK(minutes(ups, 990) == Approx(24));
  CHECK(minutes(ups, 1980) == Approx(9));
  CHECK(minutes(ups, 800) == Approx(32.4).epsilon(0.005));
  CHECK(minutes(ups, 1112) == Approx(20.4).epsilon(0.005));
  CHECK(minutes(ups, 1799) == Approx(10.3).epsilon(0.005));
  CHECK(ups_runtime(ups, 800 * watt, kFresh)->basis == RuntimeBasis::beyond);
  CHECK(ups_runtime(ups, 1112 * watt, kFresh)->basis == RuntimeBasis::between);
  CHECK(ups_runtime(ups, 990 * watt, kFresh)->basis == RuntimeBasis::between);
}

TEST_CASE("with three points the pair around the load counts") {
  Ups ups = published();
  ups.runtime = {
      {500 * watt, 60 * kMinute}, {1000 * watt, 20 * kMinute}, {2000 * watt, 10 * kMinute}};
  CHECK(minutes(ups, 1000) == Approx(20));
  // b = ln 3 / ln 2 below, 1 above: 707.1 W is 60 / 3^0.5, 1500 W is 20 x 1000 / 1500.
  CHECK(minutes(ups, 500 * std::sqrt(2)) == Approx(60 / std::sqrt(3)));
  CHECK(minutes(ups, 1500) == Approx(20.0 * 1000 / 1500));
  CHECK(minutes(ups, 4000) == Approx(5));
  // Half of the first point is 250 W: 60 x 2^1.585 = 180; from there on the exponent is 1.2.
  CHECK(minutes(ups, 250) == Approx(180));
  CHECK(minutes(ups, 125) == Approx(180 * std::pow(2, 1.2)));
}

TEST_CASE("one point goes on with the exponent of the battery's kind") {
  Ups ups = published();
  ups.runtime.resize(1);
  CHECK(minutes(ups, 1980) == Approx(24 / std::pow(2, 1.2)));
  CHECK(ups_runtime(ups, 1980 * watt, kFresh)->basis == RuntimeBasis::one_point);
}

TEST_CASE("an aged battery loses time faster than capacity") {
  const BatteryHabits aged = {{0.8, 1, 1}, exactly(0.9), exactly(1.2)};
  const Runtime runtime = *ups_runtime(published(), 990 * watt, aged);
  // 0.8^1.415 = 0.729: 17.5 minutes instead of 24.
  CHECK(runtime.time.low.in(kMinute) == Approx(24 * 0.7292).epsilon(0.001));
  CHECK(runtime.time.high.in(kMinute) == Approx(24));
}

TEST_CASE("without points the battery's energy and Peukert's law") {
  // 480 Wh at 20 h is 24 W. A load of 24 W takes 20 h whatever the exponent; 240 W with k = 1.2
  // 20 h / 10^1.2 = 1.262 h, where 2 h would be without the loss.
  const Joules energy = 0.48 * kWh;
  CHECK(peukert_time(energy, 24 * watt, 1.2).in(3600 * second) == Approx(20));
  CHECK(peukert_time(energy, 240 * watt, 1.0).in(3600 * second) == Approx(2));
  CHECK(peukert_time(energy, 240 * watt, 1.2).in(3600 * second) == Approx(1.262).epsilon(0.001));

  Ups ups = published();
  ups.runtime.clear();
  CHECK_FALSE(ups_runtime(ups, 800 * watt, kFresh).has_value());
  ups.battery = energy;
  // 216 W of load are 240 W at the battery.
  const Runtime runtime = *ups_runtime(ups, 216 * watt, kFresh);
  CHECK(runtime.basis == RuntimeBasis::battery);
  CHECK(runtime.time.expected.in(3600 * second) == Approx(1.262).epsilon(0.001));
  const BatteryHabits spread = {{0.8, 0.9, 1}, {0.85, 0.9, 0.95}, {1.15, 1.2, 1.25}};
  const Runtime wide = *ups_runtime(ups, 216 * watt, spread);
  CHECK(wide.time.low < wide.time.expected);
  CHECK(wide.time.expected < wide.time.high);
}

TEST_CASE("more load never runs longer") {
  for (int battery = 0; battery < 2; ++battery) {
    Ups ups = published();
    if (battery == 1) {
      ups.runtime.clear();
      ups.battery = 0.9 * kWh;
    }
    double last = 1e9;
    for (double load = 100; load < 3000; load += 50) {
      const double now = minutes(ups, load);
      CHECK(now < last);
      last = now;
    }
  }
}

TEST_CASE("watts and volt-amperes are both limits") {
  const UpsLoad load = ups_load(published(), exactly(1881 * watt), {0.9, 0.95, 1});
  CHECK(load.watts.expected == Approx(0.95));
  CHECK(load.volt_amperes.expected == Approx(0.9));  // 1881 / 0.95 / 2200
  CHECK(load.volt_amperes.high == Approx(0.95));     // 1881 / 0.9 / 2200
}

TEST_CASE("what must be covered is the checkpoint and the shutdown") {
  // 141 GB at 5 GB/s: 28.2 s; 1129 GB: 225.8 s.
  const Range<Seconds> shutdown = {30 * second, 60 * second, 120 * second};
  const Range<Seconds> small = required_runtime(141 * GB, 5 * GB / second, shutdown);
  CHECK(small.low.in(second) == Approx(58.2));
  CHECK(small.high.in(second) == Approx(148.2));
  CHECK(required_runtime(1129 * GB, 5 * GB / second, shutdown).expected.in(second) ==
        Approx(285.8));
  CHECK(required_runtime({}, {}, shutdown).expected.in(second) == Approx(60));
}

}  // namespace rigor::estimate
