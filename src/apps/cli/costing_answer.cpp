#include "apps/cli/costing_answer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "cost/break_even.hpp"

namespace rigor::apps {
namespace {

using cost::Lever;
using cost::Rent;

/// The later purchases that --policy names; null when none are asked for.
Result<const cost::Policy*> policy_of(const Arguments& arguments, const Costing& costing) {
  const auto name = arguments.text("policy");
  if (!name) return nullptr;
  std::vector<std::string> names;
  if (costing.plan) {
    for (const cost::Policy& policy : costing.plan->policies) {
      if (policy.name == *name) return &policy;
      names.push_back(policy.name);
    }
  }
  if (names.empty())
    return fail(ErrorCode::usage, "no plan names any policy", "--policy",
                "add --plan PLAN with [[policy]] tables");
  const std::string hint = did_you_mean(*name, names);
  return fail(ErrorCode::not_found, fmt::format("the plan has no policy \"{}\"", *name), "--policy",
              hint.empty() ? "it has: " + join(names, "; ") : hint);
}

/// Total of each path the plan names, exact.
Result<void> add_paths(Costing& costing) {
  if (!costing.plan) return {};
  for (const cost::Policy& policy : costing.plan->policies) {
    report::PathTotal path{policy.name, costing.bill.total(), {}};
    bool is_priced = true;
    for (const cost::Step& step : policy.steps) {
      is_priced = is_priced && step.price.has_value();
      if (!step.price) continue;
      const Result<std::int64_t> price = costing.terms.worth(*step.price);
      if (!price) return tl::unexpected<Error>(price.error());
      path.total += *price * step.count;
    }
    if (policy.stated_total) {
      const Result<std::int64_t> stated = costing.terms.worth(*policy.stated_total);
      if (!stated) return tl::unexpected<Error>(stated.error());
      path.stated = *stated;
    }
    if (is_priced) costing.report.paths.push_back(path);
  }
  return {};
}

void add_book(Costing& costing) {
  if (!costing.plan || costing.plan->tax.method == cost::Depreciation::none) return;
  const cost::Tax& tax = costing.plan->tax;
  cost::BookCase input;
  input.terms = {tax.method, tax.life.value_or(60), tax.salvage.value_or(0),
                 tax.declining_rate.value_or(0)};
  for (const cost::PricedPart& part : costing.bill.parts) {
    if (part.is_owned) continue;
    input.price += part.paid;
    input.proceeds += part.value_at_end;
  }
  input.proceeds =
      std::llround(static_cast<double>(input.proceeds) * (1 - costing.terms.selling_fee));
  input.income_tax = tax.income.value_or(0);
  input.discount_rate = costing.terms.discount_rate;
  input.horizon = costing.terms.months;
  costing.report.book = report::BookReport{input.terms, cost::book_view(input), input.income_tax};
}

/// Parts for which the plan states what they cost new and used at the start.
Result<void> add_used(Costing& costing) {
  if (!costing.plan) return {};
  const cost::Terms& terms = costing.terms;
  for (const cost::Candidate& part : costing.plan->parts) {
    const auto fresh = part.fresh.at(terms.start), used = part.used.at(terms.start);
    if (!fresh || !used) continue;
    const Result<std::int64_t> new_price = terms.worth(Price{*fresh, part.fresh.currency, {}});
    const Result<std::int64_t> used_price = terms.worth(Price{*used, part.used.currency, {}});
    if (!new_price) return tl::unexpected<Error>(new_price.error());
    if (!used_price) return tl::unexpected<Error>(used_price.error());
    const double unit = terms.minor_per_major;
    report::UsedReport report;
    report.name = part.name.empty() ? part.ref : part.name;
    report.fresh = static_cast<double>(*new_price) / unit;
    report.used = static_cast<double>(*used_price) / unit;
    report.test_hours = costing.habits.test_hours.expected;
    report.hour = terms.from_dollars(costing.habits.hour_of_work);
    report.failure = costing.habits.used_failure.expected;
    const cost::UsedOffer offer{report.used, report.test_hours, report.hour, report.failure};
    report.working = cost::price_of_working(offer);
    report.fair = cost::fair_used_price(report.fresh, offer);
    costing.report.used.push_back(report);
  }
  return {};
}

constexpr std::array kRentOrder = {Rent::on_demand, Rent::spot, Rent::api, Rent::committed};

Result<cost::CostCase> case_of(const Costing& costing, const cost::Policy* policy, Rent rent) {
  return cost::make_case(
      {&costing.terms, &costing.bill, &costing.work, policy, costing.report.machine, rent});
}

/// Every way of renting, and which of them the answer is held against.
Result<void> compare(const CostFlags& flags, const cost::Policy* policy, Costing& costing) {
  report::CostReport& report = costing.report;
  std::optional<Rent> first;
  for (const Rent rent : kRentOrder) {
    cost::Alternative one{rent, cost::why_not(costing.work, rent)};
    if (one.missing.empty()) {
      const Result<cost::CostCase> made = case_of(costing, policy, rent);
      if (!made) return tl::unexpected<Error>(made.error());
      const cost::Results results = cost::make_results(*made);
      one.present = results.rented;
      one.total = results.rented_sum.back();
      one.npv = results.npv;
      if (!first) first = rent;
    }
    report.alternatives.push_back(std::move(one));
  }
  if (flags.against) {
    const std::string missing = cost::why_not(costing.work, *flags.against);
    if (!missing.empty())
      return fail(ErrorCode::unsupported,
                  fmt::format("it cannot be rented like this ({})", cost::to_text(*flags.against)),
                  "--against", missing);
  }
  report.against = flags.against.value_or(first.value_or(Rent::on_demand));
  if (!first) report.unrented = cost::why_not(costing.work, Rent::on_demand);
  return {};
}

/// How far the estimates behind rented hours and energy may be off, by hours of work.
cost::EstimateRanges estimate_ranges(const Costing& costing) {
  Range<double> rented, energy;
  for (const cost::WorkOnRig& work : costing.work) {
    const double hours = cost::hours_in(work, costing.terms.start, 0);
    energy += hours * work.wall_kw;
    const auto& match = work.match[static_cast<std::size_t>(costing.report.against)];
    if (match) rented += (hours * match->per_hour) * match->ratio;
  }
  const auto relative = [](const Range<double>& range) {
    if (range.expected <= 0) return Range<double>{1, 1, 1};
    return (1 / range.expected) * range;
  };
  return {relative(rented), relative(energy)};
}

void add_two_way(Costing& costing) {
  report::CostReport& report = costing.report;
  const double base = cost::NpvModel(report.input, report.input.discount_rate).base()[Lever::hours];
  std::vector<double> hours;
  for (const double part : {0.25, 0.5, 1.0, 1.5, 2.0}) {
    const double value = std::min(part * base, cost::kHoursPerMonth);
    if (hours.empty() || value > hours.back()) hours.push_back(value);
  }
  report.two_way =
      cost::two_way(report.input, {Lever::hours, hours}, {Lever::resale, {0, 0.2, 0.4, 0.6, 0.8}});
}

Result<void> add_chance(const CostFlags& flags, Costing& costing) {
  report::CostReport& report = costing.report;
  const cost::NpvModel model(report.input, report.input.discount_rate);
  const cost::PlanFile* plan = costing.plan ? &*costing.plan : nullptr;
  Result<cost::Ranges> ranges =
      cost::make_ranges(model, plan, costing.habits, estimate_ranges(costing));
  if (!ranges) return tl::unexpected<Error>(ranges.error());
  report.ranges = std::move(*ranges);
  report.swings = cost::tornado(report.input, report.ranges.tornado);
  Result<cost::Sampler> sampler = cost::Sampler::make(report.ranges.chance, report.ranges.ties);
  if (!sampler) return tl::unexpected<Error>(sampler.error());
  if (sampler->size() > 0)
    report.chances = cost::simulate(model, std::move(*sampler), flags.seed, flags.draws);
  for (const Lever lever : {Lever::cloud_price, Lever::hours, Lever::resale, Lever::tariff,
                            Lever::purchase, Lever::later_purchase}) {
    if (model.base()[lever] > 0) report.switches.push_back(cost::switch_value(report.input, lever));
  }
  add_two_way(costing);
  return {};
}

double fullest(const cost::CostCase& input) {
  double most = 0;
  for (const cost::WorkMonth& month : input.work) most = std::max(most, month.hours);
  return most;
}

}  // namespace

Result<void> answer(const Arguments& arguments, const CostFlags& flags, Costing& costing) {
  report::CostReport& report = costing.report;
  report.rig = costing.machine->rig.rig.name;
  report.gpus = static_cast<int>(costing.machine->rig.rig.accelerators.size());
  report.terms = &costing.terms;
  report.bill = &costing.bill;
  report.work = &costing.work;
  const Result<const cost::Policy*> policy = policy_of(arguments, costing);
  if (!policy) return tl::unexpected<Error>(policy.error());
  if (*policy != nullptr) report.policy = (*policy)->name;
  if (costing.work.empty() && report.undone.empty())
    return fail(ErrorCode::unsupported, "no workload has hours: nothing says how much it works",
                arguments.text("work").value_or(std::string()),
                "add hours_per_month to a workload, or [[use]] hours = \"320 h\" to the plan");
  Result<void> compared = compare(flags, *policy, costing);
  if (!compared) return compared;
  Result<cost::CostCase> made = case_of(costing, *policy, report.against);
  if (!made) return tl::unexpected<Error>(made.error());
  report.input = std::move(*made);
  report.ledger = cost::make_ledger(report.input);
  report.results = cost::make_results(report.input);
  report.fullest_month = fullest(report.input);
  if (report.unrented.empty()) {
    const Result<void> drawn = add_chance(flags, costing);
    if (!drawn) return drawn;
  }
  add_book(costing);
  const Result<void> used = add_used(costing);
  return used ? add_paths(costing) : used;
}

}  // namespace rigor::apps
