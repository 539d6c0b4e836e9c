#include "estimate/power/air.hpp"

#include <doctest/doctest.h>

namespace rigor::estimate {

using doctest::Approx;

namespace {

/// The air of which 1 m3 weighs 1.2 kg at sea level: 101325 / (287.05 x 1.2) = 294.15 K.
constexpr double kReference = 21.0;

}  // namespace

TEST_CASE("density falls with altitude and warmth") {
  CHECK(air_density({}, 15) == Approx(1.225).epsilon(0.001));  // ISO 2533 at sea level
  CHECK(air_density({}, kReference) == Approx(1.2).epsilon(0.001));
  // ISO 2533: 84,556 Pa at 1500 m (of its own 5.25 degrees: 1.0581 kg/m3).
  CHECK(air_density(1500 * metre, 5.25) == Approx(1.0581).epsilon(0.001));
  CHECK(air_density(3000 * metre, 20) < air_density(1500 * metre, 20));
}

TEST_CASE("1.76 W per kelvin in cubic feet per minute") {
  // 1 W / (1.2 x 1005 J/(m3 K) x 1 K) = 8.292e-4 m3/s = 1.757 CFM = 2.985 m3/h.
  const AirFlow one = airflow(1 * watt, 1 * kelvin, {}, kReference);
  CHECK(one.in(CFM) == Approx(1.757).epsilon(0.001));
  CHECK(one.in(cubic_metre_per_hour) == Approx(2.985).epsilon(0.001));
  // 1655 W: 291 CFM for 10 K, 194 for 15 K.
  CHECK(airflow(1655 * watt, 10 * kelvin, {}, kReference).in(CFM) == Approx(291).epsilon(0.002));
  CHECK(airflow(1655 * watt, 15 * kelvin, {}, kReference).in(CFM) == Approx(194).epsilon(0.002));
  // 3.16 W per degree Fahrenheit: 1.757 x 1.8.
  CHECK(one.in(CFM) * 1.8 == Approx(3.16).epsilon(0.002));
}

TEST_CASE("thin air needs more flow, and the rise undoes the flow") {
  const AirFlow sea = airflow(1000 * watt, 10 * kelvin, {}, 20);
  const AirFlow high = airflow(1000 * watt, 10 * kelvin, 1600 * metre, 20);
  // (1 - 2.25577e-5 x 1600)^5.25588 = 0.8244
  CHECK(high / sea == Approx(1 / 0.8244).epsilon(0.001));
  CHECK(air_rise(1000 * watt, high, 1600 * metre, 20).in(kelvin) == Approx(10));
}

TEST_CASE("a radiator takes 100 to 120 W per quiet section") {
  // 360 mm are three sections; 420 mm three of 140 mm, each (140 / 120)^2 = 1.361 of one.
  const auto section = [](double length, double fan, double watts, double kelvins) {
    return radiator_capacity(length * millimetre, fan * millimetre, watts * watt, kelvins * kelvin)
        .in(watt);
  };
  CHECK(section(360, 120, 100, 10) == Approx(300));
  CHECK(section(360, 120, 120, 10) == Approx(360));
  CHECK(section(420, 140, 100, 10) == Approx(408.3).epsilon(0.001));
  CHECK(2 * section(420, 140, 120, 10) == Approx(980).epsilon(0.001));
  CHECK(section(360, 120, 100, 15) == Approx(450));
}

TEST_CASE("a room warms until walls and air carry the heat off") {
  // 40 m3: surface 6 x 40^(2/3) = 70.2 m2; at 1 W/(m2 K) 70.2 W/K. Half a change an hour is 20
  // m3/h: 20 / 3600 x 1.2 x 1005 = 6.7 W/K. 769 W / 76.9 = 10 K.
  Room room;
  room.volume = 40 * cubic_metre;
  room.celsius = kReference;
  CHECK(room_rise(769 * watt, room).in(kelvin) == Approx(10).epsilon(0.002));
  // With 100 m3/h from outside 33.5 W/K more.
  room.ventilation = 100 * cubic_metre_per_hour;
  CHECK(room_rise(1104 * watt, room).in(kelvin) == Approx(10).epsilon(0.002));
  // No walls to speak of, 1 change an hour: the air alone.
  const Room tent = {
      .volume = 36 * cubic_metre, .wall_conductance = 0, .leakage = 100, .celsius = kReference};
  CHECK(room_rise(1206 * watt, tent).in(kelvin) == Approx(1).epsilon(0.002));
  CHECK(room_time_constant(tent).in(second) == Approx(36));
}

TEST_CASE("heat in the units of air conditioners, and what removing it costs") {
  CHECK(1799 * kBtuPerHourAndWatt == Approx(6138).epsilon(0.0005));
  CHECK(12000 / kBtuPerHourAndWatt == Approx(3517).epsilon(0.0005));
  CHECK(cooling_power(1800 * watt, 3).in(watt) == Approx(600));
}

}  // namespace rigor::estimate
