// The terms of a comparison in one currency: what the plan states, what the rig's site states, and
// what is taken for the rest, each with where it comes from. Layer 6.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cost/habits.hpp"
#include "cost/plan_file.hpp"
#include "hardware/rig.hpp"

namespace rigor::cost {

/// A value that the answer rests on.
struct Assumption {
  std::string what, value, source;
};

/// Amounts in major units of the currency unless an integer; rates nominal, growth of a year.
struct Terms {
  Currency currency = {};
  double minor_per_major = 100;
  ExchangeRates rates = {};
  Month start = {};
  int months = 36;
  Basis basis = Basis::nominal;  ///< as stated; the values here are nominal
  double discount_rate = 0, inflation = 0;
  double tariff = 0, tariff_growth = 0;        ///< per kWh
  double space = 0, staff = 0, insurance = 0;  ///< a month
  double failures = 0;                         ///< of the price a year
  int warranty = 0;                            ///< months
  std::int64_t shipping = 0, disposal = 0;     ///< minor units
  double sales_tax = 0;
  double selling_fee = 0;
  std::optional<double> resale_share = {};
  double renting_idle = 0, interruption = 0;
  double storage = 0, egress = 0;  ///< a month
  double price_growth = 0;
  std::optional<Financing> financing = {};
  std::vector<Assumption> assumptions = {};

  /// Another currency's amount in this one. Error: it has no rate.
  [[nodiscard]] Result<double> worth(const MoneyRate& rate) const;
  /// To the nearest minor unit; exact within the currency.
  [[nodiscard]] Result<std::int64_t> worth(const Price& price) const;
  /// Dollars in this currency.
  [[nodiscard]] double from_dollars(double dollars) const;
};

/// `plan` may be null. `currency` and `start` are used when there is none. The rates of the plan go
/// before those of the rig. Errors: a currency without a rate.
struct TermsInput {
  const PlanFile* plan = nullptr;
  const MoneyHabits* habits = nullptr;
  hardware::Site site = {};
  ExchangeRates rates = {};
  Currency currency = {};
  Month start = {};
};
Result<Terms> make_terms(const TermsInput& input);

/// "8 %", "12.5 %".
std::string percent_text(double share);
/// "1,234.50 USD", rounded to the minor unit. `minor` is in minor units.
std::string money_text(double minor, Currency currency);

}  // namespace rigor::cost
