#include "cost/terms.hpp"

#include <fmt/format.h>

#include <cmath>

#include "cost/returns.hpp"
#include "units/unit_text.hpp"

namespace rigor::cost {
namespace {

const char* const kPlan = "the plan";

/// Fills terms one by one and notes each.
class TermsMaker {
 public:
  explicit TermsMaker(const TermsInput& input)
      : input_(input), plan_(input.plan != nullptr ? *input.plan : PlanFile{}) {}

  Result<Terms> make() {
    frame();
    if (const Result<void> known = check_currency(); !known)
      return tl::unexpected<Error>(known.error());
    energy();
    running();
    selling();
    renting();
    if (problem_) return tl::unexpected<Error>(*problem_);
    return std::move(terms_);
  }

 private:
  Result<void> check_currency() {
    const Result<Dollars> one = terms_.rates.dollars({1, terms_.currency, {}});
    if (!one) return tl::unexpected<Error>(one.error());
    return {};
  }
  void note(std::string what, std::string value, std::string source) {
    terms_.assumptions.push_back({std::move(what), std::move(value), std::move(source)});
  }
  double share(const char* what, std::optional<double> stated, double usual, const char* key) {
    const double value = stated.value_or(usual);
    note(what, percent_text(value), stated ? kPlan : input_.habits->source(key));
    return value;
  }
  double money(const std::optional<MoneyRate>& rate) {
    if (!rate) return 0;
    const Result<double> worth = terms_.worth(*rate);
    if (!worth) problem_ = worth.error();
    return worth.value_or(0.0);
  }
  std::int64_t price(const std::optional<Price>& price) {
    if (!price) return 0;
    const Result<std::int64_t> worth = terms_.worth(*price);
    if (!worth) problem_ = worth.error();
    return worth.value_or(std::int64_t{0});
  }
  std::string per(double amount, const char* unit) const {
    return fmt::format("{:g} {}/{}", amount, terms_.currency.text(), unit);
  }

  void frame() {
    const bool has_plan = input_.plan != nullptr;
    terms_.currency = has_plan ? plan_.currency : input_.currency;
    terms_.minor_per_major = std::pow(10, minor_digits(terms_.currency));
    terms_.rates = has_plan ? plan_.rates : input_.rates;
    terms_.start = has_plan ? plan_.start : input_.start;
    terms_.months = has_plan ? plan_.horizon : input_.habits->horizon;
    terms_.basis = plan_.basis;
    terms_.inflation = plan_.inflation.value_or(0);
    note("horizon", fmt::format("{} months from {}", terms_.months, to_text(terms_.start)),
         has_plan ? kPlan : input_.habits->source("term.horizon"));
    const double rate = plan_.discount_rate.value_or(input_.habits->discount_rate.expected);
    const bool is_real = terms_.basis == Basis::real;
    terms_.discount_rate = is_real ? nominal_rate(rate, terms_.inflation) : rate;
    note(is_real ? "discount rate, real" : "discount rate, nominal", percent_text(rate) + " a year",
         plan_.discount_rate ? kPlan : input_.habits->source("money.discount_rate"));
    if (plan_.inflation) note("inflation", percent_text(terms_.inflation) + " a year", kPlan);
  }

  /// Growth that was stated in real terms grows with inflation on top.
  double growth(const std::optional<double>& stated) const {
    const double own = stated.value_or(0);
    return terms_.basis == Basis::real ? nominal_rate(own, terms_.inflation) : own;
  }

  void energy() {
    if (plan_.ownership.tariff) {
      terms_.tariff = money(plan_.ownership.tariff);
      note("electricity", per(terms_.tariff, "kWh"), kPlan);
    } else if (input_.site.tariff) {
      terms_.tariff = terms_.from_dollars(input_.site.tariff->in(USD / kWh));
      note("electricity", per(terms_.tariff, "kWh"), "the rig's site");
    } else {
      terms_.tariff = terms_.from_dollars(input_.habits->tariff);
      note("electricity", per(terms_.tariff, "kWh"), input_.habits->source("term.tariff"));
    }
    terms_.tariff_growth = growth(plan_.ownership.tariff_growth);
    if (plan_.ownership.tariff_growth)
      note("electricity grows", percent_text(*plan_.ownership.tariff_growth) + " a year", kPlan);
  }

  void running() {
    const Ownership& own = plan_.ownership;
    terms_.space = money(own.space);
    terms_.staff = own.staff_hours.value_or(0) * money(own.staff_rate);
    terms_.insurance = money(own.insurance);
    terms_.shipping = price(own.shipping);
    terms_.disposal = price(own.disposal);
    terms_.failures =
        share("failures, a year", own.failures, input_.habits->failures.expected, "money.failures");
    terms_.warranty = own.warranty.value_or(input_.habits->warranty);
    note("warranty", fmt::format("{} months", terms_.warranty),
         own.warranty ? kPlan : input_.habits->source("term.warranty"));
    terms_.sales_tax = plan_.tax.sales.value_or(0);
    note("sales tax", plan_.tax.sales ? percent_text(*plan_.tax.sales) : "in the prices",
         plan_.tax.sales ? kPlan : "nothing else is stated");
    if (terms_.staff == 0)
      note("staff, space, insurance", staffed(),
           own.space || own.insurance ? kPlan : "nothing is stated");
    if (terms_.staff != 0) note("staff", per(terms_.staff, "month"), kPlan);
    terms_.financing = plan_.financing;
    if (plan_.financing)
      note("financing",
           fmt::format("{} at {} a year over {} months", percent_text(plan_.financing->share),
                       percent_text(plan_.financing->rate), plan_.financing->term),
           kPlan);
  }
  std::string staffed() const {
    const double sum = terms_.space + terms_.insurance;
    return sum > 0 ? per(sum, "month") : "nothing";
  }

  void selling() {
    terms_.selling_fee = share("selling fee", plan_.resale.fee, input_.habits->selling_fee.expected,
                               "money.selling_fee");
    terms_.resale_share = plan_.resale.share;
    if (plan_.resale.share)
      note("resale", percent_text(*plan_.resale.share) + " of all prices at the end", kPlan);
  }

  void renting() {
    const CloudHabits& rent = plan_.renting;
    terms_.renting_idle = share("rented hours paid and not worked", rent.idle,
                                input_.habits->renting_idle.expected, "money.renting_idle");
    terms_.interruption = share("work lost on spot machines", rent.interruption,
                                input_.habits->interruption.expected, "money.interruption");
    terms_.storage = money(rent.storage);
    terms_.egress = money(rent.egress);
    if (terms_.storage + terms_.egress > 0)
      note("rented storage and egress", per(terms_.storage + terms_.egress, "month"), kPlan);
    terms_.price_growth = growth(rent.price_growth);
    if (rent.price_growth)
      note("rented prices grow", percent_text(*rent.price_growth) + " a year", kPlan);
  }

  const TermsInput& input_;
  PlanFile plan_;
  Terms terms_;
  std::optional<Error> problem_;
};

}  // namespace

Result<double> Terms::worth(const MoneyRate& rate) const {
  if (rate.currency == currency) return rate.amount;
  const auto unit = static_cast<std::int64_t>(std::pow(10, minor_digits(rate.currency)));
  const Result<Dollars> one = rates.dollars({unit, rate.currency, {}});
  if (!one) return tl::unexpected<Error>(one.error());
  return from_dollars(rate.amount * one->in(USD));
}

Result<std::int64_t> Terms::worth(const Price& price) const {
  if (price.currency == currency) return price.minor;
  const Result<Dollars> dollars = rates.dollars(price);
  if (!dollars) return tl::unexpected<Error>(dollars.error());
  return std::llround(from_dollars(dollars->in(USD)) * minor_per_major);
}

double Terms::from_dollars(double dollars) const {
  const Result<Dollars> one =
      rates.dollars({static_cast<std::int64_t>(minor_per_major), currency, {}});
  RIGOR_ASSERT(one.has_value());  // checked when the terms were made
  return dollars / one->in(USD);
}

Result<Terms> make_terms(const TermsInput& input) {
  return TermsMaker(input).make();
}

std::string percent_text(double share) {
  return fmt::format("{:.4g} %", 100 * share);
}

std::string money_text(double minor, Currency currency) {
  return to_grouped_text({std::llround(minor), currency, {}});
}

}  // namespace rigor::cost
