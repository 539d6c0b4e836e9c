#include "report/speed_chart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "estimate/speed/speed_case.hpp"
#include "report/fit_text.hpp"

namespace rigor::report {
namespace {

constexpr Flops kOperation = Flops::from_base(1);

ChartPoint to_point(const RooflinePoint& p) {
  return {.x = p.intensity, .y = p.rate};
}

ChartPoint with_interval(const estimate::Network& network, const place::Ranged& rate,
                         double together) {
  ChartPoint point = to_point(roofline_point(network, rate.expected, together));
  point.low = point.y * rate.low / rate.expected;
  point.high = point.y * rate.high / rate.expected;
  return point;
}

/// Bytes read for one pass of `together` tokens.
Bytes read_bytes(const estimate::Operations& o, double together) {
  Bytes sum;
  for (int i = 0; i < estimate::kOperations; ++i) {
    const auto operation = static_cast<estimate::Operation>(i);
    const bool routed = operation == estimate::Operation::experts && o.experts > 0;
    const double share =
        routed ? estimate::distinct_experts(o.experts, o.experts_used, together) / o.experts : 1.0;
    sum += share * o.of(operation).sum();
  }
  return sum;
}

}  // namespace

RooflinePoint roofline_point(const estimate::Network& network, double tokens_per_s,
                             double together) {
  const estimate::Operations& o = network.operations;
  const double per_token = 2 * o.active_elements();
  return {per_token * together / read_bytes(o, together).in(byte), per_token * tokens_per_s};
}

Chart roofline_chart(const place::Question& question, const place::InferenceSpeed& speed,
                     const std::vector<RooflinePoint>& measured) {
  const estimate::Network& network = *question.network;
  const hardware::Accelerator& device = question.accelerators.front();
  const estimate::Executor executor =
      estimate::executor_of(device, {}, estimate::has_half_sums(question.engine->family));
  const double peak = executor.peak.in(kOperation / second);
  const double bandwidth = executor.bandwidth.in(byte / second);
  const double ridge = peak / bandwidth;
  constexpr double kLeast = 0.5, kMost = 1e5;
  Chart chart{.title = fmt::format("{} on {}", network.architecture.name, device.name),
              .x_title = "operations per byte of weights read",
              .y_title = "operations per second",
              .logarithmic = true,
              .series = {}};
  chart.series.push_back({.look = ChartSeries::Look::line,
                          .name = "roof: bandwidth, then peak rate",
                          .points = {{kLeast, kLeast * bandwidth}, {ridge, peak}, {kMost, peak}}});
  ChartSeries phases{.look = ChartSeries::Look::marked,
                     .name = "estimates with 90 % intervals",
                     .points = {with_interval(network, speed.decode, 1),
                                with_interval(network, speed.prefill, speed.prompt)},
                     .labels = {"generating", "prompt"}};
  if (speed.sequences > 1) {
    phases.points.push_back(with_interval(network, speed.aggregate, speed.sequences));
    phases.labels.push_back(fmt::format("{} users", speed.sequences));
  }
  chart.series.push_back(std::move(phases));
  if (!measured.empty()) {
    ChartSeries rows{.look = ChartSeries::Look::points,
                     .name = fmt::format("{} measured rows of this device", measured.size()),
                     .points = {}};
    for (const RooflinePoint& p : measured) rows.points.push_back(to_point(p));
    chart.series.push_back(std::move(rows));
  }
  return chart;
}

Chart scaling_chart(const place::Question& question, const std::vector<place::Candidate>& ranking) {
  std::map<int, double> best;
  for (const place::Candidate& one : ranking) {
    double& rate = best[one.answer.placement.devices];
    rate = std::max(rate, one.tokens_per_s);
  }
  Chart chart{.title = workload_title(question),
              .x_title = "devices",
              .y_title = "tokens per second",
              .logarithmic = false,
              .series = {}};
  ChartSeries reached{.look = ChartSeries::Look::line, .name = "fastest placement", .points = {}};
  ChartSeries marks{.look = ChartSeries::Look::marked, .name = {}, .points = {}};
  ChartSeries perfect{.look = ChartSeries::Look::dashed, .name = "in proportion", .points = {}};
  const auto& [fewest, first] = *best.begin();
  for (const auto& [devices, rate] : best) {
    reached.points.push_back({static_cast<double>(devices), rate});
    marks.points.push_back({static_cast<double>(devices), rate});
    perfect.points.push_back({static_cast<double>(devices), first * devices / fewest});
  }
  chart.series = {std::move(reached), std::move(perfect), std::move(marks)};
  return chart;
}

}  // namespace rigor::report
