#include <fmt/format.h>

#include "report/power_sheet_text.hpp"
#include "report/speed_text.hpp"

namespace rigor::report {
namespace {

using place::PowerMonth;
using place::Ranged;
using place::WorkPhase;
using place::WorkPower;

constexpr double kMillion = 1e6;

const char* doing(estimate::Phase phase) {
  switch (phase) {
    case estimate::Phase::decode: return "generating";
    case estimate::Phase::output: return "serving";
    case estimate::Phase::prefill: return "prompts";
    default: return "training";
  }
}

Ranged times(const Ranged& range, double factor) {
  return {factor * range.low, factor * range.expected, factor * range.high};
}

/// kWh of a million tokens.
Ranged kwh_per_million(const Ranged& joules) {
  return times(joules, kMillion * joule.in(kWh));
}

std::optional<double> dollars_per_kwh(const PowerReport& report) {
  if (!report.rig->site.tariff) return std::nullopt;
  return report.rig->site.tariff->in(USD / kWh);
}

std::string phase_text(const PowerReport& report, const WorkPhase& phase) {
  std::string text = fmt::format("    {:<11} {} W", doing(phase.phase),
                                 whole_text(phase.power.draw.total.expected.in(watt)));
  const std::optional<Range<Watts>>& wall = phase.power.feed.wall;
  if (wall) {
    text += fmt::format(", at the wall {} W ({})", whole_text(wall->expected.in(watt)),
                        span_text(wall->low.in(watt), wall->high.in(watt)));
  }
  text += fmt::format("\n      {} tokens/s\n", ranged_text(phase.rate));
  if (!phase.joules) return text;
  const Ranged energy = kwh_per_million(*phase.joules);
  text += fmt::format("      {} J per token, {} kWh per million\n", ranged_text(*phase.joules),
                      figure_text(energy.expected));
  const std::optional<double> tariff = dollars_per_kwh(report);
  if (tariff) {
    text += fmt::format("      {} USD of electricity per million tokens\n",
                        ranged_text(times(energy, *tariff)));
  }
  return text;
}

std::string one_work(const PowerReport& report, const WorkPower& work) {
  std::string text = "  " + work.name + "\n";
  if (!work.missing.empty()) return text + "    no figures: " + work.missing + "\n";
  for (const WorkPhase& phase : work.phases) text += phase_text(report, phase);
  if (!work.hours) return text + "    hours per month: not stated\n";
  text += fmt::format("    {} h per month\n", figure_text(*work.hours));
  const std::optional<Range<Watts>>& wall = work.phases.front().power.feed.wall;
  if (!wall) return text;
  const double energy = (wall->expected * (*work.hours * 3600.0 * second)).in(kWh);
  text += fmt::format("    {} kWh per month", figure_text(energy));
  if (const auto tariff = dollars_per_kwh(report))
    text += fmt::format(", {} USD", figure_text(energy * *tariff));
  return text + "\n";
}

std::string month_text(const PowerReport& report, const PowerMonth& month) {
  std::string text = fmt::format("\na month of {:g} h: {} busy, {} idle\n", month.on,
                                 figure_text(month.busy), figure_text(month.idle));
  if (month.is_too_long) text += "  the workloads take more hours than there are\n";
  const auto kwh = [](const Range<Joules>& energy) {
    return Ranged{energy.low.in(kWh), energy.expected.in(kWh), energy.high.in(kWh)};
  };
  text += fmt::format("  energy      {} kWh\n", ranged_text(kwh(month.energy)));
  const bool cools = month.cooling.high > Joules{};
  if (cools) text += fmt::format("  its cooling {} kWh\n", ranged_text(kwh(month.cooling)));
  if (const auto tariff = dollars_per_kwh(report)) {
    text += fmt::format("  cost        {} USD\n",
                        ranged_text(times(kwh(month.energy + month.cooling), *tariff)));
  }
  return text;
}

void ranged_json(Json& json, const char* name, const Ranged& value) {
  json.key(name).begin_object().member("low", value.low).member("expected", value.expected);
  json.member("high", value.high).end_object();
}

void range_json(Json& json, const char* name, const Range<Watts>& value) {
  ranged_json(json, name, {value.low.in(watt), value.expected.in(watt), value.high.in(watt)});
}

void phase_json(Json& json, const PowerReport& report, const WorkPhase& phase) {
  json.begin_object().member("phase", to_text(phase.phase));
  range_json(json, "dc_w", phase.power.draw.total);
  ranged_json(json, "tokens_per_s", phase.rate);
  if (!phase.power.feed.wall || !phase.joules) {
    json.key("wall_w").null().member("wall_w_reason", "the supply's efficiency is not known");
    json.end_object();
    return;
  }
  range_json(json, "wall_w", *phase.power.feed.wall);
  ranged_json(json, "energy_j_per_token", *phase.joules);
  const Ranged energy = kwh_per_million(*phase.joules);
  ranged_json(json, "energy_kwh_per_million_tokens", energy);
  if (const auto tariff = dollars_per_kwh(report)) {
    ranged_json(json, "cost_usd_per_million_tokens", times(energy, *tariff));
  } else {
    json.key("cost_usd_per_million_tokens").null();
    json.member("cost_usd_per_million_tokens_reason", "[site] states no tariff");
  }
  json.end_object();
}

void month_json(Json& json, const PowerReport& report) {
  json.key("month");
  if (!report.month) {
    json.null().member("month_reason", "the draw at the wall is not known");
    return;
  }
  const PowerMonth& month = *report.month;
  json.begin_object().member("on_h", month.on).member("busy_h", month.busy);
  json.member("idle_h", month.idle).member("is_too_long", month.is_too_long);
  const auto kwh = [&](const char* name, const Range<Joules>& energy) {
    ranged_json(json, name, {energy.low.in(kWh), energy.expected.in(kWh), energy.high.in(kWh)});
  };
  kwh("energy_kwh", month.energy);
  kwh("cooling_kwh", month.cooling);
  if (const auto tariff = dollars_per_kwh(report)) {
    json.member("cost_usd", (month.energy + month.cooling).expected.in(kWh) * *tariff);
  } else {
    json.key("cost_usd").null().member("cost_usd_reason", "[site] states no tariff");
  }
  json.end_object();
}

}  // namespace

std::string power_work_text(const PowerReport& report) {
  if (report.work.empty()) return {};
  std::string text = "\nworkloads, the whole machine\n";
  for (const WorkPower& work : report.work) text += one_work(report, work);
  return report.month ? text + month_text(report, *report.month) : text;
}

void power_work_json(Json& json, const PowerReport& report) {
  json.key("workloads").begin_list();
  for (const WorkPower& work : report.work) {
    json.begin_object().member("name", work.name);
    if (!work.missing.empty()) {
      json.key("phases").null().member("phases_reason", work.missing).end_object();
      continue;
    }
    json.key("phases").begin_list();
    for (const WorkPhase& phase : work.phases) phase_json(json, report, phase);
    json.end_list();
    if (work.hours) {
      json.member("hours_per_month", *work.hours);
    } else {
      json.key("hours_per_month").null();
      json.member("hours_per_month_reason", "neither hours nor tokens per month are stated");
    }
    json.end_object();
  }
  json.end_list();
  if (!report.work.empty()) month_json(json, report);
}

}  // namespace rigor::report
