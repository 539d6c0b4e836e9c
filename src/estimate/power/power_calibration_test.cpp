// The table of power: what it says, what it refuses, and the fitted one that is built in.
#include "estimate/power/power_calibration.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "catalog/packed.hpp"

namespace rigor::estimate {
namespace {

using doctest::Approx;

constexpr std::string_view kTable =
    "kind,key,value,high,rows\n"
    "constant,fixed|decode,0.3,0,90\n"
    "constant,core|decode,0.5,0,90\n"
    "constant,lowest|decode,0.5,0,90\n"
    "constant,draw|decode,0.9,0,90\n"
    "constant,core|decode:ada,0.25,0,20\n"
    "constant,draw|decode:ada,0.8,0,4\n"
    "constant,idle,0.07,0,4\n"
    "range,rate|decode:ada,-0.4,0.4,20\n"
    "range,rate|decode|far,-2,1,80\n"
    "range,draw|decode,0.8,1.1,20\n"
    "range,draw|decode|several,0.5,1,20\n"
    "point,decode|gpu/x,0.8,0.97,1\n"
    "point,decode|gpu/x,0.6,0.9,1\n";

PowerCalibration table() {
  auto parsed = PowerCalibration::parse(kTable);
  REQUIRE(parsed.has_value());
  return *parsed;
}

const PowerCalibration& built_in() {
  static const auto fitted = PowerCalibration::parse(catalog::packed_power_calibration());
  REQUIRE(fitted.has_value());
  return *fitted;
}

const std::vector<std::string> kFamilies = {"ampere 8.6 geforce", "ada lovelace 8.9 geforce",
                                            "blackwell 12.0",     "blackwell 12.0 geforce",
                                            "volta 7.0",          "rdna 3"};

}  // namespace

TEST_CASE("a family has its own numbers, else those of its phase, else the prior's") {
  const PowerCalibration c = table();
  const PowerConstants ada = c.resolve("ada"), other = c.resolve("rdna 3");
  CHECK(ada[Phase::decode].core == 0.25);
  CHECK(ada[Phase::decode].fixed == 0.3);
  CHECK(other[Phase::decode].core == 0.5);
  CHECK(other[Phase::training].core == PowerCurve{}.core);
  CHECK(other.idle == 0.07);
  CHECK(c.support(Phase::decode, "ada").family);
  CHECK(c.support(Phase::decode, "ada").rows == 20);
  CHECK(!c.support(Phase::decode, "rdna 3").family);
  CHECK(c.support(Phase::training, "ada").rows == 0);
}

TEST_CASE("the interval closes at the default limit and opens with the distance from it") {
  const PowerCalibration c = table();
  const PowerFactor none = c.rate(Phase::decode, "ada", 1);
  CHECK(none.low == 1);
  CHECK(none.high == 1);
  const auto width = [&](const char* family, double limit) {
    const PowerFactor at = c.rate(Phase::decode, family, limit);
    CHECK(at.low <= at.expected);
    CHECK(at.expected <= at.high);
    CHECK(at.high <= 1);
    return at.expected / at.low;
  };
  CHECK(width("ada", 0.6) > width("ada", 0.8));
  CHECK(width("rdna 3", 0.6) > width("ada", 0.6));
}

TEST_CASE("below the smallest measured limit the interval opens faster") {
  PowerCalibration c = table();
  const double measured = c.rate(Phase::decode, "rdna 3", 0.45).low;
  c.set_constant("lowest|decode", 0.4, 90);
  CHECK(measured < c.rate(Phase::decode, "rdna 3", 0.45).low);
}

TEST_CASE("a draw lies in its interval and below the limit; several cards have their own") {
  const PowerCalibration c = table();
  const PowerFactor alone = c.draw(Phase::decode, "ada", 1, false);
  CHECK(alone.expected == Approx(0.8));
  CHECK(alone.low == Approx(0.64));
  CHECK(alone.high == Approx(0.88));
  CHECK(c.draw(Phase::decode, "ada", 0.7, false).expected == 0.7);
  CHECK(c.draw(Phase::decode, "ada", 0.7, false).high == 0.7);
  CHECK(c.draw(Phase::decode, "ada", 1, true).low == Approx(0.4));
}

TEST_CASE("measured points come in the order of their limits") {
  const std::vector<PowerPoint> points = table().points(Phase::decode, "gpu/x");
  REQUIRE(points.size() == 2);
  CHECK(points[0].limit == 0.6);
  CHECK(points[1].rate == 0.97);
  CHECK(table().points(Phase::prefill, "gpu/x").empty());
}

TEST_CASE("lines that say nothing sensible are refused with their number") {
  for (const char* line :
       {"constant,fixed|decode,1.2,0,3", "constant,fixed|decode,0,0,3", "range,rate|decode,1,-1,3",
        "point,decode|gpu/x,0,1,1", "effect,a,1,0,1", "constant,fixed|decode,0.2,0",
        "constant,fixed|decode,much,0,3", "constant,idle,0.1,0,-1"}) {
    CAPTURE(line);
    const auto parsed = PowerCalibration::parse(std::string("kind,key,value,high,rows\n") + line);
    REQUIRE(!parsed.has_value());
    CHECK(parsed.error().where == "calibration of power:2");
  }
}

TEST_CASE("the fitted table: sweeps that nobody had to fit by row") {
  struct Case {
    Phase phase;
    const char* family;
    double limit, rate, tolerance;
  };
  // Rows of evidence/power.csv: 5090 at 400 of 600 W, RTX PRO 6000 at 300 of 600, 4090 at 300 of
  // 450, 3090 at 250 of 370 (a dense and a routed network: 0.76 and 0.93).
  for (const auto& [phase, family, limit, rate, tolerance] :
       {Case{Phase::decode, "blackwell 12.0 geforce", 400 / 600., 71.2 / 74.8, 0.02},
        Case{Phase::prefill, "blackwell 12.0 geforce", 400 / 600., 247.33 / 294.63, 0.03},
        Case{Phase::decode, "blackwell 12.0", 300 / 600., 62.6 / 72.1, 0.04},
        Case{Phase::decode, "ada lovelace 8.9 geforce", 300 / 450., 50.16 / 51.96, 0.02},
        Case{Phase::prefill, "ampere 8.6 geforce", 250 / 370., 906.79 / 1051.07, 0.05},
        Case{Phase::decode, "ampere 8.6 geforce", 250 / 370., 0.5 * (0.76 + 0.93), 0.12}}) {
    CAPTURE(family);
    CAPTURE(to_text(phase));
    CHECK(built_in().rate(phase, family, limit).expected == Approx(rate).epsilon(tolerance));
  }
}

TEST_CASE("the fitted table keeps the laws: order of limits, of phases, of intervals") {
  rc::check([] {
    const std::string family = *rc::gen::elementOf(kFamilies);
    const double limit = *rc::gen::inRange(50, 1000) / 1000.0;
    const double more = limit + *rc::gen::inRange(0, 500) / 1000.0;
    for (int i = 0; i < kPhases; ++i) {
      const auto phase = static_cast<Phase>(i);
      const PowerFactor at = built_in().rate(phase, family, limit);
      RC_ASSERT(0 < at.low);
      RC_ASSERT(at.low <= at.expected);
      RC_ASSERT(at.expected <= at.high);
      RC_ASSERT(at.expected <= built_in().rate(phase, family, more).expected * (1 + 1e-12));
      const PowerFactor draw = built_in().draw(phase, family, limit, false);
      RC_ASSERT(0 < draw.low);
      RC_ASSERT(draw.low <= draw.expected);
      RC_ASSERT(draw.expected <= draw.high);
      RC_ASSERT(draw.high <= limit + 1e-12);
    }
    RC_ASSERT(built_in().rate(Phase::decode, family, limit).expected >=
              built_in().rate(Phase::prefill, family, limit).expected);
  });
}

}  // namespace rigor::estimate
