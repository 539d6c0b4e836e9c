#include "units/money.hpp"

#include <fmt/format.h>

#include <cmath>

#include "base/text.hpp"
#include "units/unit_text.hpp"

namespace rigor {
namespace {

constexpr std::array<std::string_view, 24> kCodes = {
    "USD", "EUR", "GBP", "ILS", "JPY", "CNY", "CHF", "CAD", "AUD", "INR", "SEK", "NOK",
    "DKK", "PLN", "CZK", "BRL", "KRW", "TWD", "SGD", "HKD", "MXN", "ZAR", "TRY", "NZD"};

std::int64_t power_of_ten(int digits) {
  std::int64_t result = 1;
  while (digits-- > 0) result *= 10;
  return result;
}

}  // namespace

int minor_digits(Currency currency) {
  const std::string code = currency.text();
  return code == "JPY" || code == "KRW" ? 0 : 2;
}

Result<Currency> parse_currency(std::string_view code) {
  for (const std::string_view known : kCodes) {
    if (known == code) return Currency{{known[0], known[1], known[2]}};
  }
  const std::vector<std::string> codes(kCodes.begin(), kCodes.end());
  std::string hint = did_you_mean(code, codes);
  if (hint.empty()) hint = "write its code, one of: " + join(codes, ", ");
  return fail(ErrorCode::malformed, fmt::format("unknown currency \"{}\"", code), {},
              std::move(hint));
}

Result<Price> parse_price(std::string_view text) {
  const std::string_view whole = trim(text);
  const std::size_t space = whole.rfind(' ');
  if (space == std::string_view::npos) {
    return fail(ErrorCode::malformed, fmt::format("\"{}\" is not a price", whole), {},
                "write the amount and its currency, such as \"2225 ILS\"");
  }
  const Result<Currency> currency = parse_currency(trim(whole.substr(space)));
  if (!currency) return tl::unexpected<Error>(currency.error());
  const std::string_view number = trim(whole.substr(0, space));
  const Result<double> amount = parse_number(number);
  const bool exponent = number.find_first_of("eE") != std::string_view::npos;  // would hide digits
  if (!amount || exponent || std::fabs(*amount) > 1e12) {
    return fail(ErrorCode::malformed, fmt::format("\"{}\" is not an amount of money", number), {},
                "write the amount without commas or signs, such as \"2225 ILS\"");
  }
  const std::size_t point = number.find('.');
  const int digits = minor_digits(*currency);
  const std::size_t written = point == std::string_view::npos ? 0 : number.size() - point - 1;
  if (written > static_cast<std::size_t>(digits)) {
    return fail(ErrorCode::malformed,
                fmt::format("\"{}\" has more than {} digits after the point", whole, digits));
  }
  const double minor = std::round(*amount * static_cast<double>(power_of_ten(digits)));
  return Price{static_cast<std::int64_t>(minor), *currency, {}};
}

std::string to_text(const Price& price) {
  const std::int64_t unit = power_of_ten(minor_digits(price.currency));
  const std::int64_t size = std::abs(price.minor);
  const char* sign = price.minor < 0 ? "-" : "";
  if (size % unit == 0) return fmt::format("{}{} {}", sign, size / unit, price.currency.text());
  return fmt::format("{}{}.{:02} {}", sign, size / unit, size % unit, price.currency.text());
}

std::string to_grouped_text(const Price& price) {
  std::string text = to_text(price);
  std::size_t end = text.find_first_of(". ");
  const std::size_t start = text.front() == '-' ? 1 : 0;
  while (end > start + 3) text.insert(end -= 3, ",");
  return text;
}

Price operator+(const Price& a, const Price& b) {
  RIGOR_ASSERT(a.currency == b.currency);
  return {a.minor + b.minor, a.currency, {}};
}
Price operator-(const Price& a, const Price& b) {
  RIGOR_ASSERT(a.currency == b.currency);
  return {a.minor - b.minor, a.currency, {}};
}
Price operator*(const Price& a, int count) {
  return {a.minor * count, a.currency, a.as_of};
}

void ExchangeRates::set(Currency currency, double dollars) {
  RIGOR_ASSERT(dollars > 0);
  for (Rate& rate : rates_) {
    if (rate.currency == currency) {
      rate.dollars = dollars;
      return;
    }
  }
  rates_.push_back({currency, dollars});
}

Result<Dollars> ExchangeRates::dollars(const Price& price) const {
  const double major = static_cast<double>(price.minor) /
                       static_cast<double>(power_of_ten(minor_digits(price.currency)));
  if (price.currency == Currency{}) return major * USD;
  for (const Rate& rate : rates_) {
    if (rate.currency == price.currency) return major * rate.dollars * USD;
  }
  return fail(ErrorCode::not_found, fmt::format("no exchange rate for {}", price.currency.text()),
              {},
              fmt::format("give one, such as --rate \"1 {} = 0.27 USD\"", price.currency.text()));
}

}  // namespace rigor
