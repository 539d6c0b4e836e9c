#include "estimate/power/noise.hpp"

#include <doctest/doctest.h>

#include <vector>

namespace rigor::estimate {

using doctest::Approx;

TEST_CASE("sound levels add as powers") {
  // Two equal sources are 3.01 dB more, four 6.02; a source 10 dB below adds 0.41.
  CHECK(*sum_of_levels(std::vector<double>{45, 45, 45, 45}) == Approx(51.02).epsilon(0.0002));
  CHECK(level_of(45, 4) == Approx(51.02).epsilon(0.0002));
  CHECK(level_of(45, 1) == 45);
  CHECK(*sum_of_levels(std::vector<double>{40, 30}) == Approx(40.41).epsilon(0.0002));
  CHECK(*sum_of_levels(std::vector<double>{33}) == Approx(33));
  CHECK_FALSE(sum_of_levels({}).has_value());
}

TEST_CASE("twice the distance is six decibels less") {
  CHECK(level_at(40, 1 * metre, 2 * metre) == Approx(33.98).epsilon(0.0002));
  CHECK(level_at(40, 1 * metre, 0.5 * metre) == Approx(46.02).epsilon(0.0002));
  CHECK(level_at(40, 1 * metre, 10 * metre) == Approx(20));
}

TEST_CASE("a slower fan is quieter by fifty times the logarithm of its speed") {
  CHECK(level_at_speed(30, 1000.0 / 1500) == Approx(21.2).epsilon(0.0005));  // -8.8 dB
  CHECK(level_at_speed(30, 1) == 30);
  CHECK(level_at_speed(30, 0.5) == Approx(30 - 15.05).epsilon(0.0005));
}

TEST_CASE("flow grows in proportion to speed") {
  CHECK(speed_for(50 * CFM, 100 * CFM, 0.2) == Approx(0.5));
  CHECK(speed_for(10 * CFM, 100 * CFM, 0.2) == Approx(0.2));
  CHECK(speed_for(150 * CFM, 100 * CFM, 0.2) == Approx(1.5));
}

}  // namespace rigor::estimate
