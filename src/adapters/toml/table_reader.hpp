// Reads one table of a file a person wrote: every key that is asked for is known, every other key
// is an error with a suggestion; all problems are collected. Layer 10.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/toml/document.hpp"
#include "base/diagnostic.hpp"
#include "units/money.hpp"
#include "units/quantity.hpp"
#include "units/unit_text.hpp"

namespace rigor::adapters {

class TableReader {
 public:
  /// `what` names the table in messages: "[[part]]".
  TableReader(const TomlNode& table, std::string what, Diagnostics& diagnostics);

  [[nodiscard]] const Location& where() const { return table_.where; }
  /// The node, marked as known; null when absent.
  const TomlNode* take(std::string_view key);
  std::string text(std::string_view key, std::string fallback = {});
  /// A text that must be there and not be empty.
  std::string required_text(std::string_view key);
  /// One text or a list of texts.
  std::vector<std::string> texts(std::string_view key);
  /// A whole number within [low, high]; "32k" style texts are not accepted in files.
  long long count(std::string_view key, long long fallback, long long low, long long high);
  std::optional<double> real(std::string_view key, double low, double high);
  bool flag(std::string_view key, bool fallback = false);
  std::optional<Price> price(std::string_view key);
  /// A quantity within [low, high].
  template <class Q>
  std::optional<Q> quantity(std::string_view key, std::string_view example, Q low, Q high) {
    const std::optional<double> base = quantity_as(key, Q::dimension, example);
    if (!base) return std::nullopt;
    const Q value = Q::from_base(*base);
    if (value >= low && value <= high) return value;
    out_of_range(key, like(low, example), like(high, example));
    return std::nullopt;
  }
  /// One of the names; the error lists them.
  std::string choice(std::string_view key, const std::vector<std::string>& names,
                     std::string fallback);

  /// The members nobody asked for, and marks them known.
  std::vector<std::pair<std::string, const TomlNode*>> rest();
  /// Complains about every member nobody asked for. `also` are further legal keys for the
  /// suggestion.
  void finish(const std::vector<std::string>& also = {});

  void error(const TomlNode& node, std::string message, std::string hint = {});

 private:
  template <class Q>
  static std::string like(Q bound, std::string_view example) {
    return to_text_like({bound.in(Q::from_base(1)), Q::dimension}, example);
  }
  std::optional<double> quantity_as(std::string_view key, Dimension dimension,
                                    std::string_view example);
  void out_of_range(std::string_view key, const std::string& low, const std::string& high);
  const TomlNode* take_as(std::string_view key, TomlNode::Type type, std::string_view wanted);

  const TomlNode& table_;
  std::string what_;
  Diagnostics& diagnostics_;
  std::vector<std::string> known_;
};

}  // namespace rigor::adapters
