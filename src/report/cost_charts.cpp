#include "report/cost_charts.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "report/bar_svg.hpp"
#include "report/chart_svg.hpp"
#include "report/cost_words.hpp"

namespace rigor::report {
namespace {

ChartSeries series(std::string name, const std::vector<double>& sums, ChartSeries::Look look,
                   int colour) {
  ChartSeries line{.look = look, .name = std::move(name), .points = {}, .colour = colour};
  for (std::size_t t = 0; t < sums.size(); ++t)
    line.points.push_back({static_cast<double>(t), sums[t]});
  return line;
}

/// Where the rented sum overtakes the other for good.
ChartSeries crossing(const std::vector<double>& owned, const std::vector<double>& rented) {
  ChartSeries mark{.look = ChartSeries::Look::marked, .name = {}, .points = {}, .colour = 2};
  for (std::size_t t = owned.size(); t-- > 1;) {
    if (rented[t] < owned[t]) break;
    const double before = owned[t - 1] - rented[t - 1], after = owned[t] - rented[t];
    if (before <= 0) continue;
    const double part = before / (before - after);
    const double month = static_cast<double>(t) - 1 + part;
    mark.points.push_back({month, rented[t - 1] + part * (rented[t] - rented[t - 1])});
    mark.name = fmt::format("even after {:.1f} months", month);
    break;
  }
  return mark;
}

/// The legend stands where lines do not begin.
bool starts_high(const cost::Results& results) {
  const double most =
      std::max(results.rented_sum.back(),
               *std::max_element(results.owned_sum.begin(), results.owned_sum.end()));
  return results.owned_sum.front() > 0.6 * most;
}

}  // namespace

std::string cumulative_svg(const CostReport& report) {
  const cost::Results& results = report.results;
  const std::string currency = report.terms->currency.text();
  Chart chart{.title = "money spent so far, owning against renting",
              .x_title = fmt::format("months from {}", to_text(report.terms->start)),
              .y_title = currency,
              .legend_below = starts_high(results),
              .series = {}};
  using Look = ChartSeries::Look;
  chart.series.push_back(series(fmt::format("renting, {}", to_text(report.against)),
                                results.rented_sum, Look::line, 1));
  // Without the sale that ends it: the machine stands there still.
  std::vector<double> paid = results.owned_sum;
  const double sold =
      static_cast<double>(report.ledger.sum(cost::Item::resale, 0, report.ledger.columns()) +
                          report.ledger.sum(cost::Item::selling_fee, 0, report.ledger.columns())) /
      report.input.minor_per_major;
  paid.back() -= sold;
  chart.series.push_back(series("owning, money paid", paid, Look::line, 0));
  chart.series.push_back(series("owning, net of resale", results.owned_worth, Look::dashed, 0));
  for (const std::vector<double>& owned : {paid, results.owned_worth}) {
    ChartSeries mark = crossing(owned, results.rented_sum);
    if (!mark.points.empty()) chart.series.push_back(std::move(mark));
  }
  return chart_svg(chart);
}

std::string tornado_svg(const CostReport& report) {
  const Currency currency = report.terms->currency;
  RangeChart chart;
  chart.title = "what moves the answer most";
  chart.x_title =
      fmt::format("net present value of owning instead of renting, {}", currency.text());
  chart.base = report.results.npv;
  chart.base_name = fmt::format("as stated: {}", whole_amount(report.results.npv));
  for (const cost::Swing& swing : report.swings) {
    chart.bars.push_back({std::string(cost::levers()[cost::index(swing.lever)].name), swing.at_low,
                          swing.at_high, lever_text(swing.lever, swing.low, currency),
                          lever_text(swing.lever, swing.high, currency)});
  }
  return range_chart_svg(chart);
}

std::string chance_svg(const CostReport& report) {
  const cost::Chances& chances = report.chances;
  CountChart chart;
  chart.title = fmt::format("chance: owning pays in {:.1f} % of {} draws", 100 * chances.above_zero,
                            whole_amount(static_cast<double>(chances.draws)));
  chart.x_title = fmt::format("net present value of owning instead of renting, {}",
                              report.terms->currency.text());
  chart.y_title = "draws";
  for (const cost::Bin& bin : chances.histogram)
    chart.bars.push_back({bin.low, bin.high, static_cast<double>(bin.count)});
  chart.marks = {{chances.p5, fmt::format("5 %: {}", whole_amount(chances.p5))},
                 {chances.p50, fmt::format("median: {}", whole_amount(chances.p50))},
                 {chances.p95, fmt::format("95 %: {}", whole_amount(chances.p95))}};
  return count_chart_svg(chart);
}

}  // namespace rigor::report
