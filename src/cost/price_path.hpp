// What a part is worth by calendar month: prices somebody stated, and curves for what nobody
// stated. Amounts are integer minor units of one currency. Layer 6.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cost/month.hpp"
#include "units/money.hpp"

namespace rigor::cost {

struct PricePoint {
  Month month = {};
  std::int64_t minor = 0;
};

/// Prices by calendar month, linear between stated months; the last one holds after it.
struct PricePath {
  Currency currency = {};
  std::vector<PricePoint> points = {};  ///< months rise
  bool operator==(const PricePath&) const = default;
  [[nodiscard]] bool empty() const { return points.empty(); }
  /// To the nearest minor unit, halves away from zero; empty before the first stated month.
  [[nodiscard]] std::optional<std::int64_t> at(Month month) const;
};
inline bool operator==(const PricePoint& a, const PricePoint& b) {
  return a.month == b.month && a.minor == b.minor;
}

/// Share of a price that is left so many months after it was the price; may exceed 1.
struct ValueCurve {
  struct Point {
    int months = 0;
    double share = 1;
  };
  std::string name = {}, source = {};
  std::vector<Point> points = {};  ///< months rise
  /// Geometric between points (a steady rate a month); beyond the last the rate of the last two
  /// goes on. Requires: points is not empty, shares > 0. Before the first point: its share.
  [[nodiscard]] double at(int months) const;
};

/// A part on the market. Selling earns what a used one costs in that calendar month, whenever it
/// was bought: that is what makes plans over purchases and sales exact.
struct Market {
  PricePath fresh = {}, used = {};
  ValueCurve curve = {};  ///< where `used` is empty: of the first price of `fresh`
};
/// Before fees; empty when nothing says.
std::optional<std::int64_t> market_value(const Market& market, Month month);

}  // namespace rigor::cost
