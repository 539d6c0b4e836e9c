#include "report/chart_svg.hpp"

#include <doctest/doctest.h>

#include <cmath>

namespace rigor::report {
namespace {

int count(const std::string& text, const std::string& part) {
  int found = 0;
  for (std::size_t at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++found;
  return found;
}

Chart chart(bool logarithmic) {
  Chart c{.title = "a < b & c", .x_title = "x", .y_title = "y", .logarithmic = logarithmic};
  c.series.push_back(
      {.look = ChartSeries::Look::line, .name = "line", .points = {{1, 10}, {4, 40}}});
  c.series.push_back({.look = ChartSeries::Look::marked,
                      .name = "marks",
                      .points = {{2, 20, 15, 30}},
                      .labels = {"here"}});
  return c;
}

}  // namespace

TEST_CASE("a chart has its title, axes, legend, line and marks") {
  const std::string svg = chart_svg(chart(false));
  CHECK(svg.starts_with("<svg "));
  CHECK(svg.ends_with("</svg>\n"));
  CHECK(count(svg, "a &lt; b &amp; c") == 1);
  CHECK(count(svg, "<polyline ") == 1);
  CHECK(count(svg, ">here<") == 1);
  // One mark and two entries of the legend.
  CHECK(count(svg, "<circle ") == 3);
}

TEST_CASE("logarithmic axes are cut at powers of ten and leave out what they cannot show") {
  Chart c = chart(true);
  c.series[0].points.push_back({0, 5});
  c.series[0].points.push_back({3, NAN});
  const std::string svg = chart_svg(c);
  CHECK(svg.find("nan") == std::string::npos);
  CHECK(svg.find("inf") == std::string::npos);
  CHECK(count(svg, ">100<") == 1);
}

TEST_CASE("points lie where their values are: higher values higher up, larger ones further right") {
  const std::string svg = chart_svg(chart(false));
  const std::size_t at = svg.find("<polyline points=\"");
  double x1 = 0, y1 = 0, x2 = 0, y2 = 0;
  REQUIRE(std::sscanf(svg.c_str() + at, "<polyline points=\"%lf,%lf %lf,%lf", &x1, &y1, &x2, &y2) ==
          4);
  CHECK(x2 > x1);
  CHECK(y2 < y1);
}

}  // namespace rigor::report
