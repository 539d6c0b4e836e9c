#include "place/solve.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

namespace rigor::place {

TEST_CASE("largest finds the last value that holds, in steps above low") {
  struct Case {
    std::int64_t low, high, step, boundary;  // holds while value <= boundary
    std::optional<std::int64_t> expected;
  };
  for (const Case& c :
       {Case{256, 4096, 256, 1000, 768}, Case{256, 4096, 256, 256, 256},
        Case{256, 4096, 256, 255, std::nullopt}, Case{256, 4096, 256, 99999, 4096},
        Case{256, 4000, 256, 99999, 3840}, Case{1, 1, 1, 5, 1}, Case{5, 4, 1, 9, std::nullopt}}) {
    CAPTURE(c.boundary);
    CHECK(largest(c.low, c.high, c.step, [&](std::int64_t v) { return v <= c.boundary; }) ==
          c.expected);
  }
}

TEST_CASE("smallest finds the first value that holds") {
  struct Case {
    std::int64_t low, high, boundary;  // holds from boundary on
    std::optional<std::int64_t> expected;
  };
  for (const Case& c :
       {Case{1, 80, 17, 17}, Case{1, 80, 1, 1}, Case{1, 80, 80, 80}, Case{1, 80, 81, std::nullopt},
        Case{1, 80, -4, 1}, Case{3, 2, 1, std::nullopt}}) {
    CAPTURE(c.boundary);
    CHECK(smallest(c.low, c.high, [&](std::int64_t v) { return v >= c.boundary; }) == c.expected);
  }
}

TEST_CASE("solving agrees with trying every value") {
  rc::check("largest", [] {
    const auto low = *rc::gen::inRange<std::int64_t>(0, 50);
    const auto high = *rc::gen::inRange<std::int64_t>(0, 200);
    const auto step = *rc::gen::inRange<std::int64_t>(1, 9);
    const auto boundary = *rc::gen::inRange<std::int64_t>(-5, 210);
    std::optional<std::int64_t> expected;
    for (std::int64_t v = low; v <= high && v <= boundary; v += step) expected = v;
    RC_ASSERT(largest(low, high, step, [&](std::int64_t v) { return v <= boundary; }) == expected);
  });
}

}  // namespace rigor::place
