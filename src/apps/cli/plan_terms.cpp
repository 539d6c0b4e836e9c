#include "apps/cli/plan_terms.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.hpp"

namespace rigor::apps {
namespace {

using plan::Cents;

constexpr double kSecondsPerHour = 3600;
/// Where no budget is stated, in major units: more than any plan spends.
constexpr double kNoBudget = 1e7;

std::size_t index(int value) {
  return static_cast<std::size_t>(value);
}

class Reader {
 public:
  Reader(const PlanInputs& inputs, Workshop& shop)
      : plan_(*inputs.plan),
        rig_(*inputs.rig),
        work_(*inputs.work),
        money_(*inputs.terms),
        curves_(*inputs.curves),
        offers_(*inputs.offers),
        shop_(shop) {}

  Result<Terms> read() {
    for (auto step : {&Reader::read_money, &Reader::read_prices, &Reader::read_tasks})
      if (const Result<void> done = (this->*step)(); !done)
        return tl::unexpected<Error>(done.error());
    return std::move(terms_);
  }

 private:
  /// What a part is worth on the market: its prices, and a curve for what they do not say.
  struct Worth {
    cost::Market market = {};
    Currency currency = {};
  };

  Result<void> read_money();
  Result<void> pay_for_rig();
  void read_running();
  Result<void> read_prices();
  Result<void> price_candidate(plan::PartOption& option, const cost::Candidate& candidate);
  Result<void> value_of(plan::PartOption& option, const Worth& worth);
  [[nodiscard]] Worth worth_of_own(const plan::PartOption& option) const;
  [[nodiscard]] Result<const cost::ValueCurve*> curve_of(const plan::PartOption& option,
                                                         const cost::Candidate* candidate) const;
  Result<void> read_tasks();
  Result<void> find_offer(std::size_t task, double& fastest);
  Result<void> add_use(std::size_t task, const cost::Use& use, double here, double rented);
  [[nodiscard]] double hourly(const cost::RentOffer& offer) const;
  [[nodiscard]] static double growth(double rate, int month) {
    return std::pow(1 + rate, month / 12.0);
  }

  const cost::PlanFile& plan_;
  const adapters::RigFile& rig_;
  const std::vector<workload::Workload>& work_;
  const cost::Terms& money_;
  const cost::ValueCurves& curves_;
  const cost::Offers& offers_;
  Workshop& shop_;
  Terms terms_ = {};
};

Result<void> Reader::read_money() {
  plan::Purse& purse = terms_.purse;
  purse.months = plan_.horizon;
  purse.minor_per_major = money_.minor_per_major;
  purse.discount_rate = money_.discount_rate;
  const cost::Budget& budget = plan_.budget;
  if (!budget.at_start && !budget.per_month) {
    purse.opening = std::llround(kNoBudget * purse.minor_per_major);
    terms_.notes.emplace_back("no [budget] is stated: money is not short");
  }
  Cents monthly = 0;
  for (const auto& [price, into] :
       {std::pair{&budget.at_start, &purse.opening}, std::pair{&budget.per_month, &monthly},
        std::pair{&budget.reserve, &purse.reserve}}) {
    if (!*price) continue;
    const Result<Cents> amount = money_.worth(**price);
    if (!amount) return tl::unexpected<Error>(amount.error());
    *into = *amount;
  }
  if (const Result<void> done = pay_for_rig(); !done) return done;
  purse.income.assign(index(purse.months), monthly);
  for (const cost::Budget::Extra& extra : budget.extra) {
    const int month = extra.month - plan_.start;
    if (month < 0 || month >= purse.months) continue;
    const Result<Cents> amount = money_.worth(extra.amount);
    if (!amount) return tl::unexpected<Error>(amount.error());
    purse.income[index(month)] += *amount;
  }
  purse.purchases_per_month = plan_.limits.purchases_per_month.value_or(3);
  purse.most_watts = plan_.limits.wall_watts.value_or(0);
  purse.most_noise = plan_.limits.noise.value_or(0);
  read_running();
  return {};
}

/// Parts that were not bought before the start are bought then.
Result<void> Reader::pay_for_rig() {
  Cents bought = 0;
  for (const hardware::PlacedPart& part : rig_.rig.parts) {
    const Result<cost::Month> month = cost::parse_month(part.bought);
    if (!part.price || (month && *month < plan_.start)) continue;
    const Result<Cents> price = money_.worth(*part.price);
    if (!price) return tl::unexpected<Error>(price.error());
    bought += part.count * *price;
  }
  if (bought > 0 && plan_.budget.at_start) {
    terms_.purse.opening -= bought;
    terms_.notes.push_back("paid for the rig at the start: " +
                           to_grouped_text({bought, plan_.currency, {}}));
  }
  return {};
}

void Reader::read_running() {
  plan::Purse& purse = terms_.purse;
  const hardware::Site& site = rig_.rig.site;
  if (site.hours_on) purse.hours_on = site.hours_on->in(second) / kSecondsPerHour;
  if (site.cooling_cop && site.cooling_season)
    purse.cooling = *site.cooling_season / *site.cooling_cop;
  purse.rented_fixed = money_.storage + money_.egress;
  for (int t = 0; t < purse.months; ++t) {
    purse.tariff.push_back(money_.tariff * growth(money_.tariff_growth, t));
    purse.fixed.push_back(money_.space + money_.staff + money_.insurance);
  }
}

Result<const cost::ValueCurve*> Reader::curve_of(const plan::PartOption& option,
                                                 const cost::Candidate* candidate) const {
  const std::string& name =
      candidate != nullptr && !candidate->curve.empty() ? candidate->curve : plan_.resale.curve;
  if (name.empty()) return curves_.of_kind(option.kind);
  const cost::ValueCurve* curve = curves_.named(name);
  if (curve != nullptr) return curve;
  return fail(ErrorCode::not_found, fmt::format("there is no value curve \"{}\"", name),
              candidate != nullptr ? to_text(candidate->where) : std::string(),
              did_you_mean(name, curves_.names()));
}

Result<void> Reader::read_prices() {
  terms_.options = shop_.options();
  for (std::size_t o = 0; o < terms_.options.size(); ++o) {
    plan::PartOption& option = terms_.options[o];
    option.buy.assign(index(plan_.horizon), plan::kNever);
    option.sale.assign(index(plan_.horizon + 1), 0);
    const int which = shop_.candidate(o);
    const cost::Candidate* candidate = which < 0 ? nullptr : &plan_.parts[index(which)];
    const Result<const cost::ValueCurve*> curve = curve_of(option, candidate);
    if (!curve) return tl::unexpected<Error>(curve.error());
    Worth worth = worth_of_own(option);
    if (candidate != nullptr && !(candidate->fresh.empty() && candidate->used.empty())) {
      worth = {{candidate->fresh, candidate->used, {}},
               candidate->used.empty() ? candidate->fresh.currency : candidate->used.currency};
      if (const Result<void> done = price_candidate(option, *candidate); !done) return done;
    }
    if (*curve != nullptr) worth.market.curve = **curve;
    if (const Result<void> done = value_of(option, worth); !done) return done;
    for (int t = 0; t < plan_.horizon; ++t)
      if (option.sale[index(t)] > option.buy[index(t)])
        return fail(ErrorCode::malformed,
                    fmt::format("{} sells for more than it costs in {}: buying and selling it in "
                                "turn would earn money without end",
                                option.name, to_text(plan_.start.plus(t))),
                    candidate != nullptr ? to_text(candidate->where) : std::string(),
                    "mend its prices, or the fee of [resale]");
  }
  return {};
}

/// What the rig's own piece was bought for, and when.
Reader::Worth Reader::worth_of_own(const plan::PartOption& option) const {
  for (const hardware::PlacedPart& part : rig_.rig.parts) {
    if (part.id != option.ref || !part.price) continue;
    const Result<cost::Month> bought = cost::parse_month(part.bought);
    cost::PricePath path{part.price->currency, {{bought.value_or(plan_.start), part.price->minor}}};
    return {{std::move(path), {}, {}}, part.price->currency};
  }
  return {};
}

/// The lower of new and used, tax included, in the months in which it is on sale.
Result<void> Reader::price_candidate(plan::PartOption& option, const cost::Candidate& candidate) {
  for (int t = candidate.lead_time; t < plan_.horizon; ++t) {
    const cost::Month month = plan_.start.plus(t);
    if (month < candidate.available.value_or(month) || month > candidate.until.value_or(month))
      continue;
    for (const cost::PricePath* path : {&candidate.fresh, &candidate.used}) {
      const auto minor = path->at(month);
      if (!minor) continue;
      const Result<Cents> price = money_.worth(Price{*minor, path->currency, {}});
      if (!price) return tl::unexpected<Error>(price.error());
      const Cents taxed = std::llround(static_cast<double>(*price) * (1 + money_.sales_tax));
      option.buy[index(t)] = std::min(option.buy[index(t)], taxed);
    }
  }
  return {};
}

/// Of what the market pays, less fees. A share that the plan states is of the first price.
Result<void> Reader::value_of(plan::PartOption& option, const Worth& worth) {
  const cost::Market& market = worth.market;
  const cost::PricePath& first = market.fresh.empty() ? market.used : market.fresh;
  if (first.empty()) {
    if (option.owned > 0)
      terms_.notes.push_back(option.name +
                             ": nothing says what it is worth, a sale brings nothing");
    return {};
  }
  for (int t = 0; t <= plan_.horizon; ++t) {
    std::optional<std::int64_t> minor = cost::market_value(market, plan_.start.plus(t));
    if (money_.resale_share)
      minor = std::llround(*money_.resale_share * static_cast<double>(first.points.front().minor));
    if (!minor) continue;
    const Result<Cents> value = money_.worth(Price{*minor, worth.currency, {}});
    if (!value) return tl::unexpected<Error>(value.error());
    option.sale[index(t)] = std::llround(static_cast<double>(*value) * (1 - money_.selling_fee));
  }
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
    if (const Result<void> done = find_offer(k, rented); !done) return done;
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
      task.tokens[index(t)] += tokens * growth(work_[k].growth_per_year.value_or(0), t);
  }
  return {};
}

/// Major units per hour that works: waste and interruptions are in it.
double Reader::hourly(const cost::RentOffer& offer) const {
  double best = offer.price.value_or(0);
  if (offer.spot) {
    const double spot = *offer.spot / (1 - money_.interruption);
    best = best == 0 ? spot : std::min(best, spot);
  }
  return best * (1 + money_.renting_idle);
}

/// The offer that does a task for the least money, at the speed it must reach.
Result<void> Reader::find_offer(std::size_t k, double& fastest) {
  plan::Task& task = terms_.tasks[k];
  double least = 0, price = 0;
  for (const cost::RentOffer& offer : offers_.machines) {
    const Result<double> rate = shop_.rented_rate(k, offer.gpu, offer.count);
    if (!rate) return tl::unexpected<Error>(rate.error());
    fastest = std::max(fastest, *rate);
    const double hour = hourly(offer);
    if (*rate <= 0 || *rate < task.target || hour <= 0) continue;
    if (least > 0 && hour / *rate >= least) continue;
    least = hour / *rate;
    price = hour;
    task.rented_rate = *rate;
    task.offer = offer.name;
  }
  for (int t = 0; t < plan_.horizon; ++t)
    task.rented.push_back(price * growth(money_.price_growth, t));
  return {};
}

}  // namespace

Result<Terms> read_terms(const PlanInputs& inputs, Workshop& shop) {
  return Reader(inputs, shop).read();
}

}  // namespace rigor::apps
