// Money as people write it. A Price is exact: integer minor units of one currency, with the date it
// was seen. Prices of different currencies are never added; an exchange table given by the user
// turns each into Dollars once, at the door. Layer 1.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "units/quantity.hpp"

namespace rigor {

/// ISO 4217 code, upper case.
struct Currency {
  std::array<char, 3> code = {'U', 'S', 'D'};
  bool operator==(const Currency&) const = default;
  [[nodiscard]] std::string text() const { return {code.begin(), code.end()}; }
};

/// Digits after the decimal point: 0 for JPY and KRW, 2 for the others known.
int minor_digits(Currency currency);
/// "ILS"; unknown codes are an error that lists what is near.
Result<Currency> parse_currency(std::string_view code);

/// An exact amount, e.g. 2225.00 ILS. `as_of` is an ISO date or empty.
struct Price {
  std::int64_t minor = 0;
  Currency currency = {};
  std::string as_of = {};
  bool operator==(const Price&) const = default;
};

/// "2225 ILS", "1599.99 USD". More digits than the currency has are an error, never rounded.
Result<Price> parse_price(std::string_view text);
/// "2225 ILS" or "1599.99 USD": the form `parse_price` reads back.
std::string to_text(const Price& price);
/// "15,419 ILS": for people, with thousands separators.
std::string to_grouped_text(const Price& price);

/// Sum and difference exist within one currency only.
/// Requires: a.currency == b.currency.
Price operator+(const Price& a, const Price& b);
Price operator-(const Price& a, const Price& b);
Price operator*(const Price& a, int count);

/// What one unit of each currency is worth in US dollars, as the user states it.
class ExchangeRates {
 public:
  /// Requires: dollars > 0. A later rate for the same currency replaces the earlier.
  void set(Currency currency, double dollars);
  /// Error when the currency has no rate; the hint says how to give one. USD is always 1.
  [[nodiscard]] Result<Dollars> dollars(const Price& price) const;

 private:
  struct Rate {
    Currency currency;
    double dollars;
  };
  std::vector<Rate> rates_;
};

}  // namespace rigor
