// A value with what it may plausibly be: low, expected, high. Sums and multiples act on all three,
// so a sum of ranges is the range in which every part leans the same way. Layer 1.
#pragma once

namespace rigor {

/// Requires: low <= expected <= high wherever the three have an order.
template <class T>
struct Range {
  T low = {}, expected = {}, high = {};

  constexpr Range& operator+=(const Range& more) {
    low += more.low;
    expected += more.expected;
    high += more.high;
    return *this;
  }
  friend constexpr Range operator+(Range a, const Range& b) { return a += b; }
  /// Requires: factor >= 0; a negative one would swap the ends.
  friend constexpr Range operator*(double factor, const Range& a) {
    return {factor * a.low, factor * a.expected, factor * a.high};
  }
  constexpr bool operator==(const Range&) const = default;
};

/// A value that is known.
template <class T>
constexpr Range<T> exactly(T value) {
  return {value, value, value};
}

/// Every value of `range` by a function that never falls.
template <class T, class Function>
constexpr auto rising(const Range<T>& range, const Function& function)
    -> Range<decltype(function(range.low))> {
  return {function(range.low), function(range.expected), function(range.high)};
}

/// Every value of `range` by a function that never rises: the ends change places.
template <class T, class Function>
constexpr auto falling(const Range<T>& range, const Function& function)
    -> Range<decltype(function(range.low))> {
  return {function(range.high), function(range.expected), function(range.low)};
}

}  // namespace rigor
