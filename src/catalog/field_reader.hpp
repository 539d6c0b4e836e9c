// Typed access to an entry's values. A reader collects every problem instead of stopping at the
// first, so that all of a file is reported in one go. Layer 4.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/diagnostic.hpp"
#include "catalog/entry.hpp"
#include "units/money.hpp"
#include "units/quantity.hpp"
#include "units/range.hpp"
#include "units/unit_text.hpp"

namespace rigor::catalog {

/// A value of one text or three in order, in base units. Without dimension the texts are numbers
/// ("1.5") or percentages ("25 %"). The error says what is wrong, not where.
Result<Range<double>> parse_range(const Value& value, Dimension dimension,
                                  std::string_view example);

/// Reads one entry. Absent optional keys give the fallback; wrong types and units become
/// diagnostics.
class FieldReader {
 public:
  FieldReader(const Entry& entry, Diagnostics& diagnostics)
      : entry_(entry), diagnostics_(diagnostics) {}

  [[nodiscard]] bool has(std::string_view key) const { return entry_.find(key) != nullptr; }
  std::string text(std::string_view key, const std::string& fallback = {});
  std::vector<std::string> texts(std::string_view key);
  std::int64_t count(std::string_view key, std::int64_t fallback = 0);
  std::vector<std::int64_t> counts(std::string_view key);
  double real(std::string_view key, double fallback = 0.0);
  bool flag(std::string_view key, bool fallback = false);
  double fraction(std::string_view key, double fallback = 0.0);
  /// A count written as text ("35 dBA") is not a count.
  template <class Q>
  Q quantity(std::string_view key, Q fallback = {}) {
    return Q::from_base(quantity_as(key, Q::dimension, fallback.in(Q::from_base(1))));
  }
  Price price(std::string_view key);
  /// Three texts, low, expected and high, or one that is all of them. Q is a quantity or double.
  template <class Q>
  Range<Q> range(std::string_view key, Range<Q> fallback = {}) {
    const auto from = [](double base) {
      if constexpr (std::is_same_v<Q, double>)
        return base;
      else
        return Q::from_base(base);
    };
    if (!has(key)) return fallback;
    const Range<double> base = range_as(key, dimension_of<Q>());
    return {from(base.low), from(base.expected), from(base.high)};
  }

  /// Complains when the key is absent; the readers above do not.
  void require(std::string_view key);
  void error(std::string_view key, std::string message, std::string hint = {});

 private:
  template <class Q>
  static constexpr Dimension dimension_of() {
    if constexpr (std::is_same_v<Q, double>)
      return {};
    else
      return Q::dimension;
  }
  Range<double> range_as(std::string_view key, Dimension dimension);
  double quantity_as(std::string_view key, Dimension dimension, double fallback);
  template <class T>
  const T* get(std::string_view key, std::string_view wanted);

  const Entry& entry_;
  Diagnostics& diagnostics_;
};

}  // namespace rigor::catalog
