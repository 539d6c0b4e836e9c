#include "cost/depreciation.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/result.hpp"
#include "cost/returns.hpp"

namespace rigor::cost {
namespace {

constexpr std::array kMacrs5 = {0.20, 0.32, 0.192, 0.1152, 0.1152, 0.0576};

int years_of(int months) {
  return (months + kMonthsPerYear - 1) / kMonthsPerYear;
}

/// Share of the life's year `i` that lies within the life.
double part_of_year(int life, int i) {
  const int left = life - i * kMonthsPerYear;
  return static_cast<double>(std::clamp(left, 0, kMonthsPerYear)) / kMonthsPerYear;
}

/// Cumulative shares rounded once, so that the years sum exactly.
std::vector<std::int64_t> by_shares(std::int64_t base, std::span<const double> shares) {
  std::vector<std::int64_t> years;
  double sum = 0;
  std::int64_t written = 0;
  for (const double share : shares) {
    sum += share;
    const std::int64_t until = std::llround(static_cast<double>(base) * sum);
    years.push_back(until - written);
    written = until;
  }
  return years;
}

std::vector<double> straight(const BookTerms& terms) {
  std::vector<double> shares;
  shares.reserve(static_cast<std::size_t>(years_of(terms.life)));
  for (int i = 0; i < years_of(terms.life); ++i)
    shares.push_back(part_of_year(terms.life, i) * kMonthsPerYear / terms.life);
  return shares;
}

/// Of the price: a share of what is left each year, never below salvage.
std::vector<double> declining(const BookTerms& terms, double rate, bool switches) {
  std::vector<double> shares;
  double left = 1;
  for (int i = 0; i < years_of(terms.life); ++i) {
    const double part = part_of_year(terms.life, i);
    const double months_left = terms.life - i * kMonthsPerYear;
    const double line = (left - terms.salvage) * std::min(1.0, kMonthsPerYear / months_left);
    double written = left * rate * part;
    if (switches) written = std::max(written, line);
    written = std::clamp(written, 0.0, std::max(0.0, left - terms.salvage));
    shares.push_back(written);
    left -= written;
  }
  return shares;
}

}  // namespace

std::span<const double> macrs_5() {
  return kMacrs5;
}

std::vector<std::int64_t> book_schedule(std::int64_t price, const BookTerms& terms) {
  RIGOR_ASSERT(price >= 0 && terms.life > 0);
  const double base = static_cast<double>(price) * (1 - terms.salvage);
  const double years = static_cast<double>(terms.life) / kMonthsPerYear;
  switch (terms.method) {
    case Depreciation::none: return {};
    case Depreciation::at_once: return {price};
    case Depreciation::macrs_5: return by_shares(price, kMacrs5);
    case Depreciation::straight_line: return by_shares(std::llround(base), straight(terms));
    case Depreciation::declining:
      return by_shares(price, declining(terms, terms.declining_rate, false));
    case Depreciation::double_declining:
      return by_shares(price, declining(terms, std::min(1.0, 2 / years), true));
  }
  return {};
}

BookView book_view(const BookCase& input) {
  BookView view;
  const std::vector<std::int64_t> schedule = book_schedule(input.price, input.terms);
  std::int64_t left = input.price;
  for (int i = 0; i < years_of(input.horizon); ++i) {
    const bool has = static_cast<std::size_t>(i) < schedule.size();
    const std::int64_t written = has ? schedule[static_cast<std::size_t>(i)] : 0;
    left -= written;
    const double saved = input.income_tax * static_cast<double>(written);
    view.years.push_back({written, left, saved});
    const int due = std::min((i + 1) * kMonthsPerYear, input.horizon);
    view.present_value += saved * discount_factor(input.discount_rate, due);
  }
  view.tax_on_sale = input.income_tax * static_cast<double>(input.proceeds - left);
  view.present_value -= view.tax_on_sale * discount_factor(input.discount_rate, input.horizon);
  return view;
}

}  // namespace rigor::cost
