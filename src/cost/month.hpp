// Calendar months: the clock of everything that is paid. Layer 6.
#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace rigor::cost {

inline constexpr int kMonthsPerYear = 12;

/// Months since January of the year 0, so that differences are months.
struct Month {
  int number = 0;
  auto operator<=>(const Month&) const = default;
  [[nodiscard]] constexpr Month plus(int months) const { return {number + months}; }
};
constexpr int operator-(Month a, Month b) {
  return a.number - b.number;
}
/// `of_year` counts from 1.
constexpr Month month_of(int year, int of_year) {
  return {year * kMonthsPerYear + of_year - 1};
}

/// "2025-10" or "2025-10-06"; years 1990 to 2100.
Result<Month> parse_month(std::string_view text);
/// "2025-10".
std::string to_text(Month month);
/// "36 months", "3 years", "1 month", as months. Error when it is not a whole number of months.
Result<int> parse_duration(std::string_view text);

}  // namespace rigor::cost
