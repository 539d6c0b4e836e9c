#include "units/range.hpp"

#include <doctest/doctest.h>

#include "units/air.hpp"

namespace rigor {

TEST_CASE("sums and multiples act on all three ends") {
  constexpr Range<Watts> one = {1 * watt, 2 * watt, 4 * watt};
  static_assert(one + exactly(10 * watt) == Range<Watts>{11 * watt, 12 * watt, 14 * watt});
  static_assert(2 * one == Range<Watts>{2 * watt, 4 * watt, 8 * watt});
  Range<Watts> sum = one;
  sum += one;
  CHECK(sum == 2 * one);
}

TEST_CASE("a falling function swaps the ends, a rising one does not") {
  constexpr Range<double> speed = {1, 2, 4};
  CHECK(rising(speed, [](double x) { return 10 * x; }) == Range<double>{10, 20, 40});
  CHECK(falling(speed, [](double x) { return 8 / x; }) == Range<double>{2, 4, 8});
}

TEST_CASE("cubic feet per minute in cubic metres per hour") {
  CHECK(CFM.in(cubic_metre_per_hour) == doctest::Approx(1.699));  // 0.3048^3 x 60
}

}  // namespace rigor
