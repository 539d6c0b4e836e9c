// Line and point charts as SVG text, with axes, ticks and units. Layer 9.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace rigor::report {

struct ChartPoint {
  double x = 0, y = 0;
  double low = 0, high = 0;  ///< interval of y; both 0: none
};

struct ChartSeries {
  enum class Look { line, dashed, faint, points, marked } look = Look::line;
  std::string name;  ///< in the legend; empty: not listed
  std::vector<ChartPoint> points;
  std::vector<std::string> labels = {};  ///< of `marked` points, by index
  int colour = -1;                       ///< of the palette; -1: its place among the series
};

struct Chart {
  std::string title, x_title, y_title;
  bool logarithmic = false;   ///< both axes
  bool legend_below = false;  ///< in the lower right corner instead of the upper left
  std::vector<ChartSeries> series;
};

/// A whole SVG document of 760 x 520. Points that are not finite or, on logarithmic axes, not
/// positive are left out. Requires: at least one point remains.
std::string chart_svg(const Chart& chart);

}  // namespace rigor::report
