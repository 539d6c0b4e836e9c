#include "report/power_chart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "units/unit_text.hpp"

namespace rigor::report {
namespace {

using estimate::Phase;

constexpr double kPercent = 100;
constexpr int kSteps = 60;

struct Drawn {
  Phase phase;
  const char* name;
  bool asked;
};

}  // namespace

Chart power_chart(const place::PowerUse& power, const estimate::PowerCalibration& fitted) {
  const std::array drawn = {Drawn{Phase::decode, "generating", power.decode.has_value()},
                            Drawn{Phase::output, "serving", power.output.has_value()},
                            Drawn{Phase::prefill, "prompts", power.prefill.has_value()},
                            Drawn{Phase::training, "training", power.training.has_value()}};
  const double board = power.board.in(watt);
  Chart chart{.title = fmt::format("rate under a power limit, {}", power.card),
              .x_title = fmt::format("power limit, W (default {:g})", board),
              .y_title = "rate, percent of the rate at the default limit",
              .legend_below = true,
              .series = {}};
  const double from = power.lowest / power.board;
  int colour = 0;
  for (const Drawn& one : drawn) {
    if (!one.asked) continue;
    const std::vector<estimate::PowerPoint> measured = fitted.points(one.phase, power.id);
    const double least = measured.empty() ? from : std::min(from, measured.front().limit);
    ChartSeries line{.look = ChartSeries::Look::line, .name = one.name, .points = {}};
    ChartSeries low{.look = ChartSeries::Look::faint, .name = {}, .points = {}};
    ChartSeries high = low;
    for (int i = 0; i <= kSteps; ++i) {
      const double limit = least + (1 - least) * i / kSteps;
      const estimate::PowerFactor at = fitted.rate(one.phase, power.family, limit);
      line.points.push_back({limit * board, kPercent * at.expected});
      low.points.push_back({limit * board, kPercent * at.low});
      high.points.push_back({limit * board, kPercent * at.high});
    }
    line.colour = low.colour = high.colour = colour;
    chart.series.push_back(std::move(line));
    chart.series.push_back(std::move(low));
    chart.series.push_back(std::move(high));
    ChartSeries points{.look = ChartSeries::Look::points,
                       .name = fmt::format("{} measured, {} rows", one.name, measured.size()),
                       .points = {},
                       .colour = colour};
    for (const estimate::PowerPoint& p : measured)
      points.points.push_back({p.limit * board, kPercent * p.rate});
    if (!measured.empty()) chart.series.push_back(std::move(points));
    ++colour;
  }
  return chart;
}

}  // namespace rigor::report
