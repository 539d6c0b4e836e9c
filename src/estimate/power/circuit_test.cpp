#include "estimate/power/circuit.hpp"

#include <doctest/doctest.h>

namespace rigor::estimate {

using doctest::Approx;
using hardware::ampere;
using hardware::volt;

TEST_CASE("eighty per cent of the breaker, less what else hangs on it") {
  struct Case {
    double volts, amperes, others, continuous;
  };
  for (const auto& [volts, amperes, others, continuous] :
       {Case{120, 15, 0, 1440}, Case{120, 20, 0, 1920}, Case{230, 16, 0, 2944},
        Case{120, 15, 240, 1200}, Case{120, 15, 1440, 0}, Case{120, 15, 5000, 0}}) {
    const Circuit circuit{volts * volt, amperes * ampere, others * watt};
    CAPTURE(others);
    CHECK(continuous_power(circuit, 1).in(watt) == Approx(continuous));
    CHECK(continuous_power(circuit, 0.95).in(watt) == Approx(0.95 * continuous));
  }
  CHECK(continuous_current({120 * volt, 15 * ampere}).in(ampere) == Approx(12));
}

TEST_CASE("the highest limit that holds") {
  const auto below = [](double most) {
    return [most](Watts limit) { return limit <= most * watt; };
  };
  struct Case {
    double most, answer;
  };
  for (const auto& [most, answer] :
       {Case{300, 300}, Case{299, 295}, Case{295, 295}, Case{182, 180}, Case{151, 150}}) {
    CAPTURE(most);
    const auto found = highest_limit(150 * watt, 300 * watt, 5 * watt, below(most));
    REQUIRE(found.has_value());
    CHECK(found->in(watt) == Approx(answer));
  }
  CHECK_FALSE(highest_limit(150 * watt, 300 * watt, 5 * watt, below(149)).has_value());
  // The default need not be a multiple of the step, and the lowest counts too.
  CHECK(highest_limit(152 * watt, 302 * watt, 5 * watt, below(301))->in(watt) == Approx(300));
  CHECK(highest_limit(152 * watt, 302 * watt, 5 * watt, below(153))->in(watt) == Approx(152));
  CHECK(highest_limit(300 * watt, 300 * watt, 5 * watt, below(300))->in(watt) == Approx(300));
}

}  // namespace rigor::estimate
