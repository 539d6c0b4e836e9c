#include "report/power_sweep_text.hpp"

#include <fmt/format.h>

#include "report/power_sheet_text.hpp"
#include "report/speed_text.hpp"

namespace rigor::report {
namespace {

using place::Sweep;
using place::SweepPoint;

constexpr double kPercent = 100;

double watts_of(const SweepPoint& point) {
  const auto& power = point.work.power;
  return (power.feed.wall ? *power.feed.wall : power.draw.total).expected.in(watt);
}

double joules_of(const SweepPoint& point) {
  if (point.work.joules) return point.work.joules->expected;
  return watts_of(point) / point.work.rate.expected;
}

void ranged_json(Json& json, const char* name, const place::Ranged& value) {
  json.key(name).begin_object().member("low", value.low).member("expected", value.expected);
  json.member("high", value.high).end_object();
}

}  // namespace

std::string power_sweep_text(const std::string& name, const Sweep& sweep, Metres distance) {
  const bool at_wall = sweep.points.front().work.power.feed.wall.has_value();
  std::string text = fmt::format("\npower limits of each card, {}\n  {}\n",
                                 to_text(sweep.points.front().work.phase), name);
  text += fmt::format("  {:>7} {:>11} {:>9} {:>11} {:>12} {:>10}\n", "limit",
                      at_wall ? "wall" : "supply", "noise", "speed", "90 %", "energy");
  text += fmt::format("  {:>7} {:>11} {:>9} {:>11} {:>12} {:>10}\n", "W", "W", "dB(A)", "tokens/s",
                      "interval", "J/token");
  for (std::size_t i = 0; i < sweep.points.size(); ++i) {
    const SweepPoint& point = sweep.points[i];
    const auto& noise = point.work.power.noise.level;
    const place::Ranged& rate = point.work.rate;
    text += fmt::format(
        "  {:>7.0f} {:>11} {:>9} {:>11} {:>12} {:>10}{}{}\n", point.limit.in(watt),
        whole_text(watts_of(point)), noise ? fmt::format("{:.0f}", noise->expected) : "–",
        figure_text(rate.expected), figure_text(rate.low) + "-" + figure_text(rate.high),
        figure_text(joules_of(point)), i == sweep.knee ? " knee" : "",
        i == sweep.least ? " least" : "");
  }
  return text + fmt::format("  noise at {:g} m; knee: where more watts begin to give less speed\n",
                            distance.in(metre));
}

void power_sweep_json(Json& json, const Sweep& sweep) {
  json.key("sweep").begin_object().key("points").begin_list();
  for (const SweepPoint& point : sweep.points) {
    const auto& power = point.work.power;
    json.begin_object().member("power_limit_w", point.limit.in(watt));
    const auto watts = [&](const char* name, const Range<Watts>& value) {
      ranged_json(json, name, {value.low.in(watt), value.expected.in(watt), value.high.in(watt)});
    };
    watts("dc_w", power.draw.total);
    if (power.feed.wall && point.work.joules) {
      watts("wall_w", *power.feed.wall);
      ranged_json(json, "energy_j_per_token", *point.work.joules);
    } else {
      json.key("wall_w").null().member("wall_w_reason", "the supply's efficiency is not known");
    }
    if (power.noise.level) {
      const Range<double>& level = *power.noise.level;
      ranged_json(json, "noise_dba", {level.low, level.expected, level.high});
    } else {
      json.key("noise_dba").null().member("noise_dba_reason", "no part states how loud it is");
    }
    ranged_json(json, "tokens_per_s", point.work.rate);
    json.end_object();
  }
  json.end_list().member("knee_w", sweep.points[sweep.knee].limit.in(watt));
  json.member("least_energy_w", sweep.points[sweep.least].limit.in(watt)).end_object();
}

Chart power_sweep_chart(const std::string& name, const Sweep& sweep) {
  const SweepPoint& full = sweep.points.back();
  Chart chart{
      .title = fmt::format("{} over the power limit", name),
      .x_title = "power limit of each card, W",
      .y_title = fmt::format("percent of that at {:g} W; noise in dB(A)", full.limit.in(watt)),
      .legend_below = true,
      .series = {}};
  const auto add = [&](const char* what, const auto& of) {
    ChartSeries series{.look = ChartSeries::Look::line, .name = what, .points = {}};
    for (const SweepPoint& point : sweep.points)
      series.points.push_back({point.limit.in(watt), kPercent * of(point) / of(full)});
    chart.series.push_back(std::move(series));
  };
  add("tokens per second", [](const SweepPoint& p) { return p.work.rate.expected; });
  add("watts of the whole machine", watts_of);
  add("energy per token", joules_of);
  ChartSeries noise{.look = ChartSeries::Look::dashed, .name = "noise, dB(A)", .points = {}};
  for (const SweepPoint& point : sweep.points) {
    const std::optional<Range<double>>& level = point.work.power.noise.level;
    if (level) noise.points.push_back({point.limit.in(watt), level->expected});
  }
  if (!noise.points.empty()) chart.series.push_back(std::move(noise));
  const SweepPoint& knee = sweep.points[sweep.knee];
  ChartSeries mark{.look = ChartSeries::Look::marked, .name = {}, .points = {}, .colour = 0};
  mark.points.push_back(
      {knee.limit.in(watt), kPercent * knee.work.rate.expected / full.work.rate.expected});
  mark.labels.emplace_back("knee");
  chart.series.push_back(std::move(mark));
  return chart;
}

}  // namespace rigor::report
