#include "estimate/power/sheet.hpp"

#include <fmt/format.h>

namespace rigor::estimate {
namespace {

using hardware::Activity;
using hardware::Component;
using hardware::Electrical;

constexpr double kPercent = 100;

Volts mains_of(const PowerCase& input) {
  return input.site.voltage.value_or(kUsualMains);
}

std::vector<SupplyReport> supply_reports(const std::vector<FedPart>& plan,
                                         const ActivityPower& limits) {
  std::vector<SupplyReport> reports;
  for (std::size_t i = 0; i < plan.size(); ++i) {
    SupplyReport report;
    report.part = plan[i];
    report.at_limit = limits.feed.parts[i];
    report.fit = load_fit(report.at_limit.load);
    report.peaks = peaks(plan[i], limits.draw);
    report.peaks_fit = peaks_fit(report.peaks);
    report.standard = excursion_standard(*plan[i].supply);
    reports.push_back(std::move(report));
  }
  return reports;
}

std::optional<CircuitReport> circuit_report(const PowerCase& input, const ActivityPower& limits) {
  if (!input.site.voltage || !input.site.breaker) return std::nullopt;
  CircuitReport report;
  report.circuit = {*input.site.voltage, *input.site.breaker, input.site.other_load};
  report.allowed = continuous_current(report.circuit);
  if (!limits.current) return report;
  if (report.allowed <= Amperes{}) {
    report.fit = LoadFit::over;
    return report;
  }
  report.share = rising(*limits.current, [&](Amperes amperes) { return amperes / report.allowed; });
  report.fit = load_fit(*report.share);
  return report;
}

std::vector<UpsReport> ups_reports(const PowerCase& input, const PowerSheet& sheet) {
  std::vector<UpsReport> reports;
  const std::optional<Range<Watts>>& most = sheet.at(Activity::limit).feed.wall;
  const double part = input.rig.electrical->ups.empty()
                          ? 0
                          : 1.0 / static_cast<double>(input.rig.electrical->ups.size());
  for (const hardware::Ups& ups : input.rig.electrical->ups) {
    UpsReport report;
    report.ups = &ups;
    if (most) {
      report.load = ups_load(ups, part * *most, input.habits->power_factor);
      report.fit = std::max(load_fit(report.load.watts), load_fit(report.load.volt_amperes));
    }
    for (std::size_t i = 0; i < report.runtime.size(); ++i) {
      const std::optional<Range<Watts>>& wall = sheet.activity[i].feed.wall;
      if (!wall || wall->low <= Watts{}) continue;
      report.runtime[i] = ups_runtime(ups, part * *wall, battery_habits(*input.habits, ups));
    }
    reports.push_back(report);
  }
  return reports;
}

/// Do supplies and circuit bear the machine with its cards at a limit, everything else at its high
/// end?
bool bears(const PowerCase& input, Watts limit) {
  const Electrical limited = with_card_limit(*input.rig.electrical, limit);
  PoweredRig rig = input.rig;
  rig.electrical = &limited;
  const Volts mains = mains_of(input);
  const std::vector<FedPart> plan = feed_plan(rig, mains);
  const Draw draw = rig_draw(rig, Activity::limit);
  const Feed load = feed(plan, draw, mains, limited.has_built_in_supply);
  for (std::size_t i = 0; i < plan.size(); ++i) {
    if (load.parts[i].load.high > 1) return false;
    const bool promises = excursion_standard(*plan[i].supply) <= ExcursionStandard::atx3;
    if (promises && peaks_fit(peaks(plan[i], draw)) == LoadFit::over) return false;
  }
  if (!input.site.voltage || !input.site.breaker || !load.wall) return true;
  const Circuit circuit{*input.site.voltage, *input.site.breaker, input.site.other_load};
  const Range<Amperes> current = mains_current(*load.wall, mains, input.habits->power_factor);
  return current.high <= continuous_current(circuit);
}

LimitAdvice advice_of(const PowerCase& input) {
  LimitAdvice advice;
  advice.limits = card_limits(input.rig);
  if (advice.limits.cards == 0 || bears(input, advice.limits.highest)) return advice;
  advice.is_needed = true;
  advice.limit = highest_limit(advice.limits.lowest, advice.limits.highest, kLimitStep,
                               [&](Watts limit) { return bears(input, limit); });
  if (!advice.limit || input.rig.power == nullptr) return advice;
  advice.decode = rate_at_limit(input.rig, *advice.limit, Phase::decode);
  advice.prefill = rate_at_limit(input.rig, *advice.limit, Phase::prefill);
  advice.training = rate_at_limit(input.rig, *advice.limit, Phase::training);
  return advice;
}

void collect_over(const PowerCase& input, PowerSheet& sheet) {
  for (const SupplyReport& report : sheet.supplies) {
    const hardware::Supply& supply = *report.part.supply;
    if (report.fit == LoadFit::over) {
      sheet.over.push_back(fmt::format(
          "{}: {:.0f} of {:.0f} W ({:.0f} %)", supply.name, report.at_limit.dc.expected.in(watt),
          report.at_limit.rated.in(watt), kPercent * report.at_limit.load.expected));
    }
    const bool promises = report.standard <= ExcursionStandard::atx3;
    if (promises && report.peaks_fit == LoadFit::over)
      sheet.over.push_back(fmt::format("{}: peaks above what ATX 3 promises", supply.name));
  }
  if (sheet.circuit && sheet.circuit->fit == LoadFit::over) {
    const auto& current = sheet.at(Activity::limit).current;
    sheet.over.push_back(fmt::format("the circuit: {:.1f} A, {:.1f} A is allowed for hours",
                                     current ? current->expected.in(hardware::ampere) : 0.0,
                                     sheet.circuit->allowed.in(hardware::ampere)));
  }
  for (const UpsReport& report : sheet.ups) {
    if (report.fit == LoadFit::over) sheet.over.push_back(report.ups->name + ": too small");
  }
  for (const CoolerState& state : sheet.coolers) {
    if (state.fit != LoadFit::over || !state.capacity) continue;
    sheet.over.push_back(fmt::format("{}: {:.0f} W for a processor of {:.0f} W", state.cooler->name,
                                     state.capacity->expected.in(watt), state.load.in(watt)));
  }
  const std::optional<Range<double>>& noise = sheet.at(Activity::limit).noise.level;
  const std::optional<double>& ceiling = input.site.noise_ceiling;
  if (noise && ceiling && noise->expected > *ceiling) {
    sheet.over.push_back(
        fmt::format("noise: {:.0f} dB(A), the ceiling is {:g} dB(A)", noise->expected, *ceiling));
  }
}

void collect_missing(const PowerCase& input, PowerSheet& sheet) {
  const Electrical& parts = *input.rig.electrical;
  if (parts.consumers.empty()) sheet.missing.emplace_back("no part whose draw is known");
  if (parts.supplies.empty() && !parts.has_built_in_supply)
    sheet.missing.emplace_back("no power supply is listed: add a [[part]] of kind psu");
  for (const hardware::Unknown& unknown : parts.unknown) {
    const bool needed = unknown.key == "efficiency" || unknown.key == "power";
    if (needed && unknown.instead.empty())
      sheet.missing.push_back(fmt::format("{}: {} is not known", unknown.part, unknown.key));
  }
}

}  // namespace

BatteryHabits battery_habits(const hardware::Habits& habits, const hardware::Ups& ups) {
  return {habits.battery_age, habits.inverter,
          ups.is_lithium ? habits.peukert_lithium : habits.peukert_lead};
}

ActivityPower activity_power(const PowerCase& input, const std::vector<FedPart>& plan,
                             Activity activity, std::optional<Range<Watts>> cards) {
  ActivityPower result;
  const Volts mains = mains_of(input);
  result.draw = rig_draw(input.rig, activity, cards);
  result.feed = feed(plan, result.draw, mains, input.rig.electrical->has_built_in_supply);
  if (result.feed.wall)
    result.current = mains_current(*result.feed.wall, mains, input.habits->power_factor);
  result.noise =
      noise_state(input.rig, *input.habits, input.site, activity, result.draw, result.feed.parts);
  return result;
}

PowerSheet power_sheet(const PowerCase& input) {
  PowerSheet sheet;
  sheet.mains = mains_of(input);
  sheet.mains_is_assumed = !input.site.voltage;
  const std::vector<FedPart> plan = feed_plan(input.rig, sheet.mains);
  for (int i = 0; i < hardware::kActivities; ++i) {
    const auto activity = static_cast<Activity>(i);
    if (input.rig.power == nullptr && activity != Activity::limit) continue;
    sheet.activity[index(activity)] = activity_power(input, plan, activity);
  }
  const ActivityPower& limits = sheet.at(Activity::limit);
  sheet.supplies = supply_reports(plan, limits);
  sheet.circuit = circuit_report(input, limits);
  sheet.ups = ups_reports(input, sheet);
  sheet.coolers = cooler_states(input.rig, *input.habits);
  const Range<Watts> heat = case_heat(input.rig, limits.draw, Activity::limit);
  sheet.air = case_air(input.rig, *input.habits, input.site, heat);
  if (limits.feed.wall)
    sheet.room = room_state(*input.habits, input.site, limits.feed.wall->expected);
  sheet.advice = advice_of(input);
  collect_over(input, sheet);
  collect_missing(input, sheet);
  return sheet;
}

}  // namespace rigor::estimate
