// The curve by hand, against measured rows, and the laws it must keep.
#include "estimate/power/power_limit.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <cmath>

namespace rigor::estimate {
namespace {

using doctest::Approx;

/// A third fixed, knee at 0.8, all cores, biting at the default.
constexpr PowerCurve kCores{
    .fixed = 0.34, .knee = 0.8, .core = 1, .bite = 1, .draw = 1, .lowest = 0.3};

PowerCurve any_curve() {
  const auto between = [](double low, double high) {
    return low + (high - low) * *rc::gen::inRange(0, 1001) / 1000.0;
  };
  return {.fixed = between(0.05, 0.5),
          .knee = between(0.4, 1),
          .core = between(0.1, 1),
          .bite = between(0.6, 1),
          .draw = between(0.5, 1),
          .lowest = between(0.2, 0.7)};
}

PowerConstants any_constants() {
  PowerConstants constants;
  for (PowerCurve& curve : constants.curve) curve = any_curve();
  return constants;
}

double any_limit() {
  return *rc::gen::inRange(1, 1501) / 1000.0;
}

}  // namespace

TEST_CASE("dynamic power goes with the cube of the clock, and in proportion below the knee") {
  CHECK(clock_share(kCores, 1) == 1);
  // Half of the dynamic power above the fixed third: the cube root of a half is 0.794, just below
  // the knee at 0.8, where 0.5 / 0.64 = 0.781 holds.
  CHECK(clock_share(kCores, 0.67) == Approx(0.5 / 0.64));
  // 0.7 of it: above the knee.
  CHECK(clock_share(kCores, 0.34 + 0.7 * 0.66) == Approx(std::cbrt(0.7)));
  // A quarter of it: 0.25 / 0.64.
  CHECK(clock_share(kCores, 0.34 + 0.25 * 0.66) == Approx(0.25 / 0.64));
  CHECK(clock_share(kCores, 0.2) == kLeastClock);
}

TEST_CASE("the clocks of an RTX 3090 reading a prompt, 190 to 390 W") {
  // Clocks of evidence/power.csv's source, docs/img/power-cap-3090-prefill.py: 735 MHz at 190 W,
  // 1050 at 220, 1350 at 250, 1545 at 300, 1710 at 390.
  const PowerCurve curve{.fixed = 0.32, .knee = 0.78, .core = 1, .bite = 1};
  struct Case {
    double watts, clock;
  };
  for (const auto& [watts, clock] : {Case{220, 1050}, Case{250, 1350}, Case{300, 1545}}) {
    CAPTURE(watts);
    CHECK(clock_share(curve, watts / 390) == Approx(clock / 1710).epsilon(0.08));
  }
}

TEST_CASE("what does not wait for the cores loses nothing, what waits for nothing else all") {
  PowerCurve curve = kCores;
  for (const double limit : {0.4, 0.5, 0.7, 0.9}) {
    CHECK(rate_share(curve, limit) == Approx(clock_share(curve, limit)));
  }
  curve.core = 1e-6;
  CHECK(rate_share(curve, 0.4) == Approx(1));
}

TEST_CASE("a limit above what the phase takes changes nothing") {
  PowerCurve curve = kCores;
  curve.bite = 0.85;
  CHECK(rate_share(curve, 0.85) == 1);
  CHECK(rate_share(curve, 0.84) < 1);
}

TEST_CASE("names of phases go both ways") {
  for (int i = 0; i < kPhases; ++i) {
    const auto phase = static_cast<Phase>(i);
    CHECK(parse_phase(to_text(phase)) == phase);
  }
  CHECK(!parse_phase("idle"));
}

TEST_CASE("the default limit and all above it leave the rate as it is") {
  rc::check([] {
    const PowerConstants constants = any_constants();
    for (int i = 0; i < kPhases; ++i) {
      RC_ASSERT(rate_share(constants, static_cast<Phase>(i), 1) == 1);
      RC_ASSERT(rate_share(constants, static_cast<Phase>(i), 1.3) == 1);
    }
  });
}

TEST_CASE("a higher limit is never slower and never draws less") {
  rc::check([] {
    const PowerConstants constants = any_constants();
    const double limit = any_limit(), more = limit + any_limit();
    for (int i = 0; i < kPhases; ++i) {
      const auto phase = static_cast<Phase>(i);
      const double rate = rate_share(constants, phase, limit);
      RC_ASSERT(rate > 0);
      RC_ASSERT(rate <= rate_share(constants, phase, more) * (1 + 1e-12));
      RC_ASSERT(draw_share(constants, phase, limit) <= draw_share(constants, phase, more));
      RC_ASSERT(draw_share(constants, phase, limit) <= limit);
    }
  });
}

TEST_CASE("generating falls no more than prompts") {
  rc::check([] {
    const PowerConstants constants = any_constants();
    const double limit = any_limit();
    const double prompts = rate_share(constants, Phase::prefill, limit);
    RC_ASSERT(rate_share(constants, Phase::decode, limit) >= prompts);
    RC_ASSERT(rate_share(constants, Phase::output, limit) >= prompts);
  });
}

}  // namespace rigor::estimate
