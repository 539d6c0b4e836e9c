#include "report/chart_svg.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/result.hpp"

namespace rigor::report {
namespace {

constexpr double kWidth = 760, kHeight = 520;
constexpr double kLeft = 84, kRight = 24, kTop = 48, kBottom = 66;
constexpr std::array kColours = {"#1f5fa8", "#c2410c", "#15803d", "#7e22ce", "#6b7280"};

const char* colour_of(const Chart& chart, std::size_t place) {
  const int stated = chart.series[place].colour;
  return kColours[(stated < 0 ? place : static_cast<std::size_t>(stated)) % kColours.size()];
}

/// One axis: data to pixels.
struct Axis {
  double low = 0, high = 1, from = 0, to = 1;
  bool logarithmic = false;

  [[nodiscard]] double at(double value) const {
    const auto scale = [&](double v) { return logarithmic ? std::log10(v) : v; };
    return from + (scale(value) - scale(low)) / (scale(high) - scale(low)) * (to - from);
  }
};

bool shown(const Chart& chart, const ChartPoint& p) {
  const bool finite = std::isfinite(p.x) && std::isfinite(p.y);
  return finite && (!chart.logarithmic || (p.x > 0 && p.y > 0));
}

/// 1, 2 or 5 times a power of ten, at least `value`.
double round_step(double value) {
  const double power = std::pow(10, std::floor(std::log10(value)));
  for (const double factor : {1.0, 2.0, 5.0, 10.0}) {
    if (factor * power >= value * 0.999) return factor * power;
  }
  return 10 * power;
}

void stretch(Axis& axis, double low, double high) {
  if (axis.logarithmic) {
    axis.low = std::pow(10, std::floor(std::log10(low)));
    axis.high = std::pow(10, std::ceil(std::log10(high)));
    if (axis.high <= axis.low) axis.high = 10 * axis.low;
    return;
  }
  axis.low = 0;
  axis.high = high > 0 ? high * 1.08 : 1;
}

std::vector<double> ticks(const Axis& axis) {
  std::vector<double> out;
  if (axis.logarithmic) {
    for (double t = axis.low; t <= axis.high * 1.001; t *= 10) out.push_back(t);
    return out;
  }
  constexpr double kTicks = 6;
  const double step = round_step((axis.high - axis.low) / kTicks);
  for (double t = axis.low; t <= axis.high; t += step) out.push_back(t);
  return out;
}

/// 1000 -> "1k", 2e12 -> "2T".
std::string short_number(double value) {
  for (const auto& [unit, name] : {std::pair{1e15, "P"}, std::pair{1e12, "T"}, std::pair{1e9, "G"},
                                   std::pair{1e6, "M"}, std::pair{1e3, "k"}}) {
    if (std::abs(value) >= unit) return fmt::format("{:g}{}", value / unit, name);
  }
  return fmt::format("{:g}", value);
}

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

std::string frame(const Chart& chart, const Axis& x, const Axis& y) {
  std::string out;
  for (const double t : ticks(x)) {
    out +=
        fmt::format("<line class=\"grid\" x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1}\" y2=\"{2}\"/>\n",
                    x.at(t), y.from, y.to);
    out += label(x.at(t), y.from + 20, short_number(t), "text-anchor=\"middle\"");
  }
  for (const double t : ticks(y)) {
    out +=
        fmt::format("<line class=\"grid\" y1=\"{0:.1f}\" y2=\"{0:.1f}\" x1=\"{1}\" x2=\"{2}\"/>\n",
                    y.at(t), x.from, x.to);
    out += label(x.from - 8, y.at(t) + 4, short_number(t), "text-anchor=\"end\"");
  }
  out += label(kWidth / 2, 26, chart.title, "text-anchor=\"middle\" class=\"title\"");
  out += label((x.from + x.to) / 2, kHeight - 18, chart.x_title, "text-anchor=\"middle\"");
  const double middle = (y.from + y.to) / 2;
  out +=
      label(20, middle, chart.y_title,
            fmt::format("text-anchor=\"middle\" transform=\"rotate(-90 20 {})\"", middle).c_str());
  return out;
}

std::string line(const Chart& chart, const ChartSeries& series, const Axis& x, const Axis& y,
                 const char* colour) {
  std::string path;
  for (const ChartPoint& p : series.points) {
    if (shown(chart, p))
      path += fmt::format("{}{:.1f},{:.1f}", path.empty() ? "" : " ", x.at(p.x), y.at(p.y));
  }
  const bool faint = series.look == ChartSeries::Look::faint;
  const char* dashes = faint                                      ? " stroke-dasharray=\"2 3\""
                       : series.look == ChartSeries::Look::dashed ? " stroke-dasharray=\"6 5\""
                                                                  : "";
  return fmt::format(
      "<polyline points=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{}\"{}/>\n", path, colour,
      faint ? 1 : 2, dashes);
}

std::string points(const Chart& chart, const ChartSeries& series, const Axis& x, const Axis& y,
                   const char* colour) {
  const bool marked = series.look == ChartSeries::Look::marked;
  std::string out;
  for (std::size_t i = 0; i < series.points.size(); ++i) {
    const ChartPoint& p = series.points[i];
    if (!shown(chart, p)) continue;
    if (p.low > 0 && p.high > 0)
      out += fmt::format(
          "<line x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1:.1f}\" y2=\"{2:.1f}\" "
          "stroke=\"{3}\" stroke-width=\"1.5\"/>\n",
          x.at(p.x), y.at(p.low), y.at(p.high), colour);
    out += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{}\" fill=\"{}\"{}/>\n", x.at(p.x),
                       y.at(p.y), marked ? 5 : 2.5, colour, marked ? "" : " fill-opacity=\"0.45\"");
    if (i < series.labels.size()) out += label(x.at(p.x) + 9, y.at(p.y) + 4, series.labels[i], "");
  }
  return out;
}

std::string legend(const Chart& chart) {
  std::string out;
  constexpr double kLine = 18, kBelow = 250;
  double lines = 0;
  for (const ChartSeries& series : chart.series) lines += series.name.empty() ? 0 : 1;
  const double left = chart.legend_below ? kWidth - kRight - kBelow : kLeft;
  double at = chart.legend_below ? kHeight - kBottom - kLine * lines : kTop + 14;
  for (std::size_t i = 0; i < chart.series.size(); ++i) {
    if (chart.series[i].name.empty()) continue;
    out += fmt::format("<circle cx=\"{}\" cy=\"{:.1f}\" r=\"4\" fill=\"{}\"/>\n", left + 16, at - 4,
                       colour_of(chart, i));
    out += label(left + 27, at, chart.series[i].name, "");
    at += kLine;
  }
  return out;
}

void fit_axes(const Chart& chart, Axis& x, Axis& y) {
  double least_x = INFINITY, most_x = 0, least_y = INFINITY, most_y = 0;
  for (const ChartSeries& series : chart.series) {
    for (const ChartPoint& p : series.points) {
      if (!shown(chart, p)) continue;
      least_x = std::min(least_x, p.x);
      most_x = std::max(most_x, p.x);
      least_y = std::min({least_y, p.y, p.low > 0 ? p.low : p.y});
      most_y = std::max({most_y, p.y, p.high});
    }
  }
  RIGOR_ASSERT(std::isfinite(least_x) && std::isfinite(least_y));
  stretch(x, least_x, most_x);
  stretch(y, least_y, most_y);
}

}  // namespace

std::string chart_svg(const Chart& chart) {
  Axis x{.from = kLeft, .to = kWidth - kRight, .logarithmic = chart.logarithmic};
  Axis y{.from = kHeight - kBottom, .to = kTop, .logarithmic = chart.logarithmic};
  fit_axes(chart, x, y);
  std::string out = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" "
      "height=\"{1}\" font-family=\"sans-serif\" font-size=\"13\" fill=\"#1f2937\">\n"
      "<style>.grid{{stroke:#e5e7eb}} .title{{font-size:15px;font-weight:600}}</style>\n"
      "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n",
      kWidth, kHeight);
  out += frame(chart, x, y);
  for (std::size_t i = 0; i < chart.series.size(); ++i) {
    const ChartSeries& series = chart.series[i];
    const char* colour = colour_of(chart, i);
    const bool is_line = series.look <= ChartSeries::Look::faint;
    out += is_line ? line(chart, series, x, y, colour) : points(chart, series, x, y, colour);
  }
  return out + legend(chart) + "</svg>\n";
}

}  // namespace rigor::report
