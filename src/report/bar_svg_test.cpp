#include "report/bar_svg.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <string>
#include <vector>

namespace rigor::report {
namespace {

/// Values of an attribute of every <rect> with a number for it, the background left out.
std::vector<double> rects(const std::string& svg, const std::string& attribute) {
  std::vector<double> values;
  for (std::size_t at = svg.find("<rect x="); at != std::string::npos;
       at = svg.find("<rect x=", at + 1)) {
    const std::size_t start = svg.find(" " + attribute + "=\"", at) + attribute.size() + 3;
    values.push_back(std::strtod(svg.c_str() + start, nullptr));
  }
  return values;
}

TEST_CASE("bars of a range chart lie on their side of the base and are as long as their range") {
  // From the base 100: down 50 and up 100, then down 25 and up 0.
  const std::string svg = range_chart_svg(
      {"t", "x", "base", 100, {{"a", 50, 200, "low", "high"}, {"b & c", 75, 100, "l", "h"}}});
  const std::vector<double> x = rects(svg, "x"), width = rects(svg, "width");
  REQUIRE(width.size() == 4);
  CHECK(width[1] == doctest::Approx(2 * width[0]).epsilon(0.01));
  CHECK(width[2] == doctest::Approx(width[0] / 2).epsilon(0.01));
  CHECK(width[3] == doctest::Approx(0));
  CHECK(x[0] + width[0] == doctest::Approx(x[1]).epsilon(0.001));  // both end at the base
  CHECK(svg.find("b &amp; c") != std::string::npos);
}

TEST_CASE("bars of counts are as tall as their count and coloured by the split") {
  const std::string svg = count_chart_svg(
      {"t", "x", "y", {{-2, -1, 10}, {-1, 0, 20}, {0, 1, 40}}, {{-1.5, "5 %: -2"}}, 0});
  const std::vector<double> height = rects(svg, "height");
  REQUIRE(height.size() == 3);
  CHECK(height[1] == doctest::Approx(2 * height[0]).epsilon(0.01));
  CHECK(height[2] == doctest::Approx(4 * height[0]).epsilon(0.01));
  CHECK(svg.find("5 %: -2") != std::string::npos);
  CHECK(svg.find("#c2410c") < svg.find("#1f5fa8"));
}

}  // namespace
}  // namespace rigor::report
