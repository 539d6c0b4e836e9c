#include "apps/cli/plan_terms.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.hpp"

namespace rigor::apps {
namespace {

using plan::Cents;

constexpr double kSecondsPerHour = 3600;
constexpr double kUsualTariff = 0.15;        // USD per kWh
constexpr double kUsualFee = 0.10;           // of a sale
constexpr double kUsualIdle = 0.15;          // hours paid and not worked, of those worked
constexpr double kUsualInterruption = 0.10;  // of work on machines that may be taken away
constexpr double kUsualDiscount = 0.08;      // a year
/// Where no budget is stated, in major units: more than any plan spends.
constexpr double kNoBudget = 1e7;

std::size_t index(int value) {
  return static_cast<std::size_t>(value);
}

Price unit(Currency currency) {
  Price one{1, currency};
  for (int d = minor_digits(currency); d > 0; --d) one.minor *= 10;
  return one;
}

/// Major units of the plan's currency.
Result<double> major_of(const cost::PlanFile& plan, const cost::MoneyRate& rate) {
  if (rate.currency == plan.currency) return rate.amount;
  const Result<Dollars> from = plan.rates.dollars(unit(rate.currency));
  if (!from) return tl::unexpected<Error>(from.error());
  const Result<Dollars> to = plan.rates.dollars(unit(plan.currency));
  if (!to) return tl::unexpected<Error>(to.error());
  return rate.amount * (*from / *to);
}

class Reader {
 public:
  Reader(const cost::PlanFile& plan, const adapters::RigFile& rig,
         const std::vector<workload::Workload>& work, Workshop& shop)
      : plan_(plan), rig_(rig), work_(work), shop_(shop) {}

  Result<Terms> read() {
    for (auto step :
         {&Reader::read_money, &Reader::read_prices, &Reader::read_tasks, &Reader::read_offers})
      if (const Result<void> done = (this->*step)(); !done)
        return tl::unexpected<Error>(done.error());
    return std::move(terms_);
  }

 private:
  /// Cents of the plan's currency. Exact within one currency.
  [[nodiscard]] Result<Cents> cents(const Price& price) const { return cents_of(plan_)(price); }
  [[nodiscard]] Result<double> major(const cost::MoneyRate& rate) const {
    return major_of(plan_, rate);
  }

  Result<void> read_money();
  Result<void> read_fixed();
  Result<void> read_prices();
  Result<void> price_option(plan::PartOption& option, const cost::Candidate& candidate);
  Result<void> read_tasks();
  Result<void> add_use(std::size_t task, const cost::Use& use, double here, double rented);
  Result<void> read_offers();
  [[nodiscard]] Result<double> hourly(const cost::CloudOffer& offer) const;
  [[nodiscard]] double growth(std::optional<double> rate, int month) const {
    return std::pow(1 + rate.value_or(0), month / 12.0);
  }

  const cost::PlanFile& plan_;
  const adapters::RigFile& rig_;
  const std::vector<workload::Workload>& work_;
  Workshop& shop_;
  Terms terms_ = {};
};

Result<void> Reader::read_money() {
  plan::Purse& purse = terms_.purse;
  purse.months = plan_.horizon;
  purse.minor_per_major = std::pow(10, minor_digits(plan_.currency));
  purse.income.assign(index(purse.months), 0);
  purse.discount_rate = plan_.discount_rate.value_or(kUsualDiscount);
  const cost::Budget& budget = plan_.budget;
  const auto amount = [&](const std::optional<Price>& price, Cents& into) -> Result<void> {
    if (!price) return {};
    const Result<Cents> read = cents(*price);
    if (!read) return tl::unexpected<Error>(read.error());
    into = *read;
    return {};
  };
  if (!budget.at_start && !budget.per_month) {
    purse.opening = std::llround(kNoBudget * purse.minor_per_major);
    terms_.notes.emplace_back("no [budget] is stated: money is not short");
  }
  Cents monthly = 0;
  for (const auto& [price, into] :
       {std::pair{&budget.at_start, &purse.opening}, std::pair{&budget.per_month, &monthly},
        std::pair{&budget.reserve, &purse.reserve}})
    if (const Result<void> done = amount(*price, *into); !done) return done;
  for (Cents& income : purse.income) income = monthly;
  for (const cost::Budget::Extra& extra : budget.extra) {
    const int month = extra.month - plan_.start;
    if (month < 0 || month >= purse.months) continue;
    Cents once = 0;
    if (const Result<void> done = amount(extra.amount, once); !done) return done;
    purse.income[index(month)] += once;
  }
  const hardware::Site& site = rig_.rig.site;
  if (site.hours_on) purse.hours_on = site.hours_on->in(second) / kSecondsPerHour;
  if (site.cooling_cop && site.cooling_season)
    purse.cooling = *site.cooling_season / *site.cooling_cop;
  purse.purchases_per_month = plan_.limits.purchases_per_month.value_or(3);
  purse.most_watts = plan_.limits.wall_watts.value_or(0);
  purse.most_noise = plan_.limits.noise.value_or(0);
  return read_fixed();
}

Result<void> Reader::read_fixed() {
  const cost::Ownership& own = plan_.ownership;
  plan::Purse& purse = terms_.purse;
  cost::MoneyRate tariff{kUsualTariff, {}};
  if (own.tariff) {
    tariff = *own.tariff;
  } else if (rig_.rig.site.tariff) {
    tariff.amount = rig_.rig.site.tariff->in(USD / kWh);
  } else {
    terms_.notes.push_back(fmt::format("no tariff is stated: {} USD/kWh is taken", kUsualTariff));
  }
  const Result<double> per_kwh = major(tariff);
  if (!per_kwh) return tl::unexpected<Error>(per_kwh.error());
  double fixed = 0;
  for (const auto* rate : {&own.space, &own.insurance}) {
    if (!*rate) continue;
    const Result<double> each = major(**rate);
    if (!each) return tl::unexpected<Error>(each.error());
    fixed += *each;
  }
  if (own.staff_hours && own.staff_rate) {
    const Result<double> hour = major(*own.staff_rate);
    if (!hour) return tl::unexpected<Error>(hour.error());
    fixed += *own.staff_hours * *hour;
  }
  for (const auto* rate : {&plan_.renting.storage, &plan_.renting.egress}) {
    if (!*rate) continue;
    const Result<double> each = major(**rate);
    if (!each) return tl::unexpected<Error>(each.error());
    purse.rented_fixed += *each;
  }
  for (int t = 0; t < purse.months; ++t) {
    purse.tariff.push_back(*per_kwh * growth(own.tariff_growth, t));
    purse.fixed.push_back(fixed);
  }
  return {};
}

Result<void> Reader::read_prices() {
  terms_.options = shop_.options();
  for (std::size_t o = 0; o < terms_.options.size(); ++o) {
    plan::PartOption& option = terms_.options[o];
    option.buy.assign(index(plan_.horizon), plan::kNever);
    option.sale.assign(index(plan_.horizon + 1), 0);
    const int which = shop_.candidate(o);
    if (which < 0) continue;  // of the rig; nobody says what it would bring
    if (const Result<void> done = price_option(option, plan_.parts[index(which)]); !done)
      return done;
  }
  return {};
}

Result<void> Reader::price_option(plan::PartOption& option, const cost::Candidate& candidate) {
  const double tax = 1 + plan_.tax.sales.value_or(0);
  const double kept = 1 - plan_.resale.fee.value_or(kUsualFee);
  const cost::Market market{candidate.fresh, candidate.used, {}};
  std::optional<Cents> first;
  for (int t = 0; t <= plan_.horizon; ++t) {
    const cost::Month month = plan_.start.plus(t);
    std::optional<Cents> least;
    for (const cost::PricePath* path : {&candidate.fresh, &candidate.used}) {
      const auto minor = path->at(month);
      if (!minor) continue;
      const Result<Cents> price = cents({*minor, path->currency});
      if (!price) return tl::unexpected<Error>(price.error());
      least = std::min(least.value_or(*price), *price);
    }
    if (!first) first = least;
    const bool on_sale = t < plan_.horizon && t >= candidate.lead_time && least &&
                         month >= candidate.available.value_or(month) &&
                         month <= candidate.until.value_or(month);
    if (on_sale) option.buy[index(t)] = std::llround(static_cast<double>(*least) * tax);
    double worth = 0;
    if (plan_.resale.share) {
      worth = *plan_.resale.share * static_cast<double>(first.value_or(0));
    } else if (const auto value = cost::market_value(market, month)) {
      const Result<Cents> price = cents({*value, candidate.used.currency});
      if (!price) return tl::unexpected<Error>(price.error());
      worth = static_cast<double>(*price);
    }
    option.sale[index(t)] = std::llround(kept * worth);
  }
  for (int t = 0; t < plan_.horizon; ++t)
    if (option.sale[index(t)] > option.buy[index(t)])
      return fail(ErrorCode::malformed,
                  fmt::format("{} sells for more than it costs in {}: buying and selling it in "
                              "turn would earn money without end",
                              option.name, to_text(plan_.start.plus(t))),
                  to_text(candidate.where), "mend its prices, or the fee of [resale]");
  if (!plan_.resale.share && candidate.used.empty())
    terms_.notes.push_back(option.name +
                           ": no price of a used one is stated, a sale brings nothing");
  return {};
}

Result<void> Reader::read_tasks() {
  const plan::Counts today = [&] {
    plan::Counts counts;
    for (const plan::PartOption& option : terms_.options) counts.push_back(option.owned);
    return counts;
  }();
  const plan::Judgement here = shop_.judge(today, Workshop::Rate::all);
  for (std::size_t k = 0; k < work_.size(); ++k) {
    const workload::Workload& work = work_[k];
    plan::Task task{.name = work.name, .tokens = std::vector<double>(index(plan_.horizon), 0.0)};
    task.target = work.target_tokens_per_s.value_or(0);
    task.keep_private = work.keep_private;
    terms_.tasks.push_back(std::move(task));
    double rented = 0;
    for (const cost::CloudOffer& offer : plan_.cloud) {
      if (offer.gpu.empty()) continue;
      const Result<double> rate = shop_.rented_rate(k, offer);
      if (!rate) return tl::unexpected<Error>(rate.error());
      rented = std::max(rented, *rate);
    }
    std::vector<cost::Use> uses;
    for (const cost::Use& use : plan_.uses)
      if (use.workload == work.name) uses.push_back(use);
    if (uses.empty() && (work.hours_per_month || work.tokens_per_month))
      uses.push_back(
          {.workload = work.name, .hours = work.hours_per_month, .tokens = work.tokens_per_month});
    for (const cost::Use& use : uses)
      if (const Result<void> done = add_use(k, use, here.abilities[k].tokens_per_s, rented); !done)
        return done;
  }
  for (const cost::Use& use : plan_.uses) {
    if (std::ranges::any_of(work_, [&](const auto& w) { return w.name == use.workload; })) continue;
    std::vector<std::string> names;
    for (const workload::Workload& work : work_) names.push_back(work.name);
    return fail(ErrorCode::not_found,
                fmt::format("the work file has no workload \"{}\"", use.workload),
                to_text(use.where), did_you_mean(use.workload, names));
  }
  return {};
}

Result<void> Reader::add_use(std::size_t k, const cost::Use& use, double here, double rented) {
  plan::Task& task = terms_.tasks[k];
  const double rate = here > 0 ? here : rented;
  if (!use.tokens && use.hours && rate <= 0)
    return fail(ErrorCode::unsupported,
                fmt::format("{} h of \"{}\": neither the rig nor an offer does it, so its amount "
                            "cannot be told",
                            *use.hours, task.name),
                to_text(use.where), "state tokens instead of hours");
  const double tokens = use.tokens ? *use.tokens : use.hours.value_or(0) * kSecondsPerHour * rate;
  if (!use.tokens && here <= 0)
    terms_.notes.push_back(fmt::format("{}: its hours are those of the fastest offer", task.name));
  for (int t = 0; t < plan_.horizon; ++t) {
    const cost::Month month = plan_.start.plus(t);
    if (month >= use.from.value_or(month) && month <= use.until.value_or(month))
      task.tokens[index(t)] += tokens * growth(work_[k].growth_per_year, t);
  }
  return {};
}

/// Major units per hour that works: waste and interruptions are in it.
Result<double> Reader::hourly(const cost::CloudOffer& offer) const {
  double best = 0;
  const double again = 1 - plan_.renting.interruption.value_or(kUsualInterruption);
  for (const auto& [rate, useful] : {std::pair{&offer.price, 1.0}, std::pair{&offer.spot, again}}) {
    if (!*rate) continue;
    const Result<double> price = major(**rate);
    if (!price) return tl::unexpected<Error>(price.error());
    const double effective = *price / useful;
    best = best == 0 ? effective : std::min(best, effective);
  }
  return best * (1 + plan_.renting.idle.value_or(kUsualIdle));
}

Result<void> Reader::read_offers() {
  for (std::size_t k = 0; k < terms_.tasks.size(); ++k) {
    plan::Task& task = terms_.tasks[k];
    double least = 0, price = 0;
    for (const cost::CloudOffer& offer : plan_.cloud) {
      if (offer.gpu.empty()) continue;
      const Result<double> hour = hourly(offer);
      if (!hour) return tl::unexpected<Error>(hour.error());
      const Result<double> rate = shop_.rented_rate(k, offer);
      if (!rate) return tl::unexpected<Error>(rate.error());
      if (*rate <= 0 || *rate < task.target || *hour <= 0) continue;
      if (least > 0 && *hour / *rate >= least) continue;
      least = *hour / *rate;
      price = *hour;
      task.rented_rate = *rate;
      task.offer = fmt::format("{}x {}{}{}", offer.count, offer.gpu,
                               offer.provider.empty() ? "" : ", ", offer.provider);
    }
    for (int t = 0; t < plan_.horizon; ++t)
      task.rented.push_back(price * growth(plan_.renting.price_growth, t));
  }
  return {};
}

}  // namespace

CentsOf cents_of(const cost::PlanFile& plan) {
  return [&plan](const Price& price) -> Result<Cents> {
    if (price.currency == plan.currency) return price.minor;
    const double amount =
        static_cast<double>(price.minor) / std::pow(10, minor_digits(price.currency));
    const Result<double> major = major_of(plan, {amount, price.currency});
    if (!major) return tl::unexpected<Error>(major.error());
    return std::llround(*major * std::pow(10, minor_digits(plan.currency)));
  };
}

Result<Terms> read_terms(const cost::PlanFile& plan, const adapters::RigFile& rig,
                         const std::vector<workload::Workload>& work, Workshop& shop) {
  return Reader(plan, rig, work, shop).read();
}

}  // namespace rigor::apps
