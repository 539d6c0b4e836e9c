// A figure with its interval. Layer 6.
#pragma once

#include <cmath>

namespace rigor::place {

/// A figure with its 90 % interval.
struct Ranged {
  double low = 0, expected = 0, high = 0;
};

/// The product of two figures whose errors have nothing to do with each other: relative errors add
/// as squares. Requires: all values above 0.
inline Ranged product(const Ranged& a, const Ranged& b) {
  const auto apart = [](double x, double y) { return std::hypot(std::log(x), std::log(y)); };
  const double expected = a.expected * b.expected;
  return {expected * std::exp(-apart(a.low / a.expected, b.low / b.expected)), expected,
          expected * std::exp(apart(a.high / a.expected, b.high / b.expected))};
}

}  // namespace rigor::place
