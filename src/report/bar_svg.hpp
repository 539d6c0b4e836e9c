// Charts of bars as SVG text: ranges about a base, and counts. Layer 9.
#pragma once

#include <string>
#include <vector>

namespace rigor::report {

/// Horizontal bars from `low` to `high` about one vertical line, the first on top.
struct RangeBar {
  std::string name;             ///< left of the bar
  double low = 0, high = 0;     ///< at the low and the high end of what is moved
  std::string at_low, at_high;  ///< beside the ends
};
struct RangeChart {
  std::string title, x_title, base_name;
  double base = 0;
  std::vector<RangeBar> bars;
};
/// 760 wide, as tall as the bars need. Requires: at least one bar, all values finite.
std::string range_chart_svg(const RangeChart& chart);

/// Upright bars side by side, with marks.
struct CountBar {
  double low = 0, high = 0;
  double count = 0;
};
struct CountMark {
  double at = 0;
  std::string name;
};
struct CountChart {
  std::string title, x_title, y_title;
  std::vector<CountBar> bars;
  std::vector<CountMark> marks;
  double split = 0;  ///< bars above it have the other colour
};
/// 760 x 520. Requires: bars rise and do not overlap, one count is above 0.
std::string count_chart_svg(const CountChart& chart);

}  // namespace rigor::report
