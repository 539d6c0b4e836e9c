#include "cost/month.hpp"

#include <fmt/format.h>

#include <cmath>
#include <optional>

#include "base/text.hpp"
#include "units/unit_text.hpp"

namespace rigor::cost {
namespace {

constexpr int kFirstYear = 1990, kLastYear = 2100;

/// Digits only, so many of them.
std::optional<int> digits(std::string_view text, std::size_t count) {
  if (text.size() != count) return std::nullopt;
  int value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = 10 * value + (c - '0');
  }
  return value;
}

}  // namespace

Result<Month> parse_month(std::string_view text) {
  const std::string_view whole = trim(text);
  const std::vector<std::string_view> pieces = split(whole, '-');
  const bool with_day = pieces.size() == 3;
  if (pieces.size() == 2 || with_day) {
    const auto year = digits(pieces[0], 4);
    const auto month = digits(pieces[1], 2);
    const auto day = with_day ? digits(pieces[2], 2) : std::optional<int>(1);
    const bool is_one = year && month && day && *month >= 1 && *month <= kMonthsPerYear &&
                        *day >= 1 && *day <= 31 && *year >= kFirstYear && *year <= kLastYear;
    if (is_one) return month_of(*year, *month);
  }
  return fail(ErrorCode::malformed, fmt::format("\"{}\" is not a month", whole), {},
              "write it like \"2025-10\"");
}

std::string to_text(Month month) {
  return fmt::format("{:04}-{:02}", month.number / kMonthsPerYear,
                     month.number % kMonthsPerYear + 1);
}

Result<int> parse_duration(std::string_view text) {
  const std::string_view whole = trim(text);
  const std::size_t space = whole.rfind(' ');
  if (space != std::string_view::npos) {
    const std::string_view unit = whole.substr(space + 1);
    const bool years = unit == "years" || unit == "year";
    const Result<double> number = parse_number(trim(whole.substr(0, space)));
    if (number && (years || unit == "months" || unit == "month")) {
      const double months = *number * (years ? kMonthsPerYear : 1);
      if (std::fabs(months) <= 1e4 && months == std::floor(months)) return static_cast<int>(months);
    }
  }
  return fail(ErrorCode::malformed, fmt::format("\"{}\" is not a number of months", whole), {},
              "write it like \"36 months\" or \"3 years\"");
}

}  // namespace rigor::cost
