#include "cost/price_path.hpp"

#include <algorithm>
#include <cmath>

#include "base/result.hpp"

namespace rigor::cost {

std::optional<std::int64_t> PricePath::at(Month month) const {
  if (points.empty() || month < points.front().month) return std::nullopt;
  const auto after = std::upper_bound(points.begin(), points.end(), month,
                                      [](Month m, const PricePoint& p) { return m < p.month; });
  if (after == points.end()) return points.back().minor;
  const PricePoint& from = *(after - 1);
  const double part =
      static_cast<double>(month - from.month) / static_cast<double>(after->month - from.month);
  const double rise = static_cast<double>(after->minor - from.minor);
  return from.minor + std::llround(rise * part);
}

double ValueCurve::at(int months) const {
  RIGOR_ASSERT(!points.empty());
  if (points.size() == 1 || months <= points.front().months) return points.front().share;
  const auto after = std::upper_bound(points.begin(), points.end(), months,
                                      [](int m, const Point& p) { return m < p.months; });
  const auto to = after == points.end() ? after - 1 : after;
  const auto from = to - 1;
  const double part =
      static_cast<double>(months - from->months) / static_cast<double>(to->months - from->months);
  return from->share * std::pow(to->share / from->share, part);
}

std::optional<std::int64_t> market_value(const Market& market, Month month) {
  if (!market.used.empty()) return market.used.at(month);
  if (market.fresh.empty() || market.curve.points.empty()) return std::nullopt;
  const PricePoint& first = market.fresh.points.front();
  if (month < first.month) return std::nullopt;
  const double share = market.curve.at(month - first.month);
  return std::llround(share * static_cast<double>(first.minor));
}

}  // namespace rigor::cost
