#include "report/bar_svg.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/result.hpp"

namespace rigor::report {
namespace {

constexpr double kWidth = 760;
constexpr const char* kLow = "#c2410c";
constexpr const char* kHigh = "#1f5fa8";

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      default: out += c;
    }
  }
  return out;
}

std::string label(double x, double y, const std::string& text, const char* more) {
  return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" {}>{}</text>\n", x, y, more, escaped(text));
}

std::string short_number(double value) {
  for (const auto& [unit, name] : {std::pair{1e9, "G"}, std::pair{1e6, "M"}, std::pair{1e3, "k"}}) {
    if (std::abs(value) >= unit) return fmt::format("{:g}{}", value / unit, name);
  }
  return fmt::format("{:g}", value);
}

std::string head(double height, const std::string& title) {
  return fmt::format(
             "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" "
             "height=\"{1}\" font-family=\"sans-serif\" font-size=\"13\" fill=\"#1f2937\">\n"
             "<style>.grid{{stroke:#e5e7eb}} .title{{font-size:15px;font-weight:600}}"
             " .small{{font-size:11px;fill:#4b5563}}</style>\n"
             "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n",
             kWidth, height) +
         label(kWidth / 2, 26, title, "text-anchor=\"middle\" class=\"title\"");
}

/// 1, 2 or 5 times a power of ten, so that about six ticks cover the span.
double tick_step(double span) {
  const double rough = span / 6, power = std::pow(10, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= rough * 0.999) return factor * power;
  }
  return 10 * power;
}

struct Scale {
  double low, high, from, to;
  [[nodiscard]] double at(double value) const {
    return from + (value - low) / (high - low) * (to - from);
  }
};

std::string vertical_grid(const Scale& x, double top, double bottom) {
  std::string out;
  const double step = tick_step(x.high - x.low);
  for (double t = std::ceil(x.low / step) * step; t <= x.high; t += step) {
    const double value = std::fabs(t) < step / 2 ? 0 : t;
    out +=
        fmt::format("<line class=\"grid\" x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1}\" y2=\"{2}\"/>\n",
                    x.at(value), top, bottom);
    out += label(x.at(value), bottom + 18, short_number(value), "text-anchor=\"middle\"");
  }
  return out;
}

std::string upright(double x, double top, double bottom, const char* colour) {
  return fmt::format(
      "<line x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1}\" y2=\"{2}\" stroke=\"{3}\" "
      "stroke-width=\"1.5\"/>\n",
      x, top, bottom, colour);
}

/// Counts on the left.
std::string level_grid(const Scale& y, double left, double right) {
  std::string out;
  const double step = tick_step(y.high);
  for (double t = 0; t <= y.high; t += step) {
    out +=
        fmt::format("<line class=\"grid\" y1=\"{0:.1f}\" y2=\"{0:.1f}\" x1=\"{1}\" x2=\"{2}\"/>\n",
                    y.at(t), left, right);
    out += label(left - 8, y.at(t) + 4, short_number(t), "text-anchor=\"end\"");
  }
  return out;
}

std::string one_range(const RangeBar& bar, const Scale& x, double base, double y) {
  constexpr double kThick = 18;
  std::string out = label(142, y + 13, bar.name, "text-anchor=\"end\"");
  const auto piece = [&](double end, const char* colour) {
    const double a = x.at(std::min(base, end)), b = x.at(std::max(base, end));
    return fmt::format(
        "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{}\" fill=\"{}\"/>\n", a, y,
        b - a, kThick, colour);
  };
  out += piece(bar.low, kLow) + piece(bar.high, kHigh);
  const bool rises = bar.high >= bar.low;
  const double left = x.at(std::min({bar.low, bar.high, base}));
  const double right = x.at(std::max({bar.low, bar.high, base}));
  out += label(left - 5, y + 13, rises ? bar.at_low : bar.at_high,
               "text-anchor=\"end\" class=\"small\"");
  return out + label(right + 5, y + 13, rises ? bar.at_high : bar.at_low, "class=\"small\"");
}

}  // namespace

std::string range_chart_svg(const RangeChart& chart) {
  RIGOR_ASSERT(!chart.bars.empty());
  constexpr double kTop = 56, kRow = 28;
  double low = chart.base, high = chart.base;
  for (const RangeBar& bar : chart.bars) {
    low = std::min({low, bar.low, bar.high});
    high = std::max({high, bar.low, bar.high});
  }
  const double margin = std::max(1e-9, 0.22 * (high - low));  // for the words beside the ends
  const Scale x{low - margin, high + margin, 150, kWidth - 16};
  const double bottom = kTop + kRow * static_cast<double>(chart.bars.size()) + 6;
  std::string out = head(bottom + 62, chart.title) + vertical_grid(x, kTop - 6, bottom);
  if (x.low < 0 && x.high > 0) out += upright(x.at(0), kTop - 6, bottom, "#9ca3af");
  double y = kTop;
  for (const RangeBar& bar : chart.bars) {
    out += one_range(bar, x, chart.base, y);
    y += kRow;
  }
  out += upright(x.at(chart.base), kTop - 8, bottom, "#1f2937");
  out +=
      label(x.at(chart.base), kTop - 12, chart.base_name, "text-anchor=\"middle\" class=\"small\"");
  out += label((x.from + x.to) / 2, bottom + 38, chart.x_title, "text-anchor=\"middle\"");
  out += label(x.from, bottom + 56, "orange: the low end of the range",
               fmt::format("fill=\"{}\"", kLow).c_str());
  return out +
         label(x.from + 300, bottom + 56, "blue: the high end",
               fmt::format("fill=\"{}\"", kHigh).c_str()) +
         "</svg>\n";
}

std::string count_chart_svg(const CountChart& chart) {
  RIGOR_ASSERT(!chart.bars.empty());
  constexpr double kTop = 66, kBottom = 454;
  double most = 0;
  for (const CountBar& bar : chart.bars) most = std::max(most, bar.count);
  RIGOR_ASSERT(most > 0);
  double low = chart.bars.front().low, high = chart.bars.back().high;
  for (const CountMark& mark : chart.marks) {
    low = std::min(low, mark.at);
    high = std::max(high, mark.at);
  }
  const double margin = std::max(1e-9, 0.02 * (high - low));
  const Scale x{low - margin, high + margin, 84, kWidth - 24};
  const Scale y{0, most * 1.05, kBottom, kTop};
  std::string out = head(520, chart.title) + vertical_grid(x, kTop, kBottom);
  out += level_grid(y, x.from, x.to);
  for (const CountBar& bar : chart.bars) {
    const double middle = (bar.low + bar.high) / 2;
    out += fmt::format(
        "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"{}\"/>\n",
        x.at(bar.low) + 0.5, y.at(bar.count), std::max(0.5, x.at(bar.high) - x.at(bar.low) - 1),
        kBottom - y.at(bar.count), middle > chart.split ? kHigh : kLow);
  }
  double row = 0;
  for (const CountMark& mark : chart.marks) {
    out += fmt::format(
        "<line x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1}\" y2=\"{2}\" stroke=\"#1f2937\" "
        "stroke-dasharray=\"4 3\"/>\n",
        x.at(mark.at), kTop - 18 + row, kBottom);
    const bool is_right = x.at(mark.at) > kWidth - 160;
    out += label(x.at(mark.at) + (is_right ? -4 : 4), kTop - 10 + row, mark.name,
                 is_right ? "text-anchor=\"end\" class=\"small\"" : "class=\"small\"");
    row += 14;
  }
  out += label((x.from + x.to) / 2, kBottom + 44, chart.x_title, "text-anchor=\"middle\"");
  return out +
         label(20, (kTop + kBottom) / 2, chart.y_title,
               fmt::format("text-anchor=\"middle\" transform=\"rotate(-90 20 {})\"",
                           (kTop + kBottom) / 2)
                   .c_str()) +
         "</svg>\n";
}

}  // namespace rigor::report
