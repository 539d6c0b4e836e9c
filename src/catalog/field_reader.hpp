// Typed access to an entry's values. A reader collects every problem instead of stopping at the
// first, so that all of a file is reported in one go. Layer 4.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.hpp"
#include "catalog/entry.hpp"
#include "units/money.hpp"
#include "units/quantity.hpp"
#include "units/unit_text.hpp"

namespace rigor::catalog {

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

  /// Complains when the key is absent; the readers above do not.
  void require(std::string_view key);
  void error(std::string_view key, std::string message, std::string hint = {});

 private:
  double quantity_as(std::string_view key, Dimension dimension, double fallback);
  template <class T>
  const T* get(std::string_view key, std::string_view wanted);

  const Entry& entry_;
  Diagnostics& diagnostics_;
};

}  // namespace rigor::catalog
