// Values of plan files: shares, months, durations, money. Used by plan_reader*.cpp only. Layer 10.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "adapters/toml/table_reader.hpp"
#include "cost/plan_file.hpp"

namespace rigor::adapters {

/// Bounds of a share, as shares: 0.08 is 8 %.
struct ShareRange {
  double low = 0, high = 1;
};

/// What all tables of a plan file need.
struct PlanContext {
  Diagnostics& diagnostics;
  const ExchangeRates& rates;
  Currency currency = {};
  cost::Month start = {};  ///< 0: the file does not say it right
};

/// One table of a plan file.
class PlanTable {
 public:
  PlanTable(const TomlNode& node, std::string what, const PlanContext& context)
      : table_(node, std::move(what), context.diagnostics), node_(node), context_(context) {}

  TableReader& plain() { return table_; }
  [[nodiscard]] const Location& where() const { return node_.where; }
  std::string text(std::string_view key) { return table_.text(key); }
  /// "8 %" as 0.08. A negative one where none may be is said to be that.
  std::optional<double> share(std::string_view key, std::string_view example, ShareRange range);
  std::optional<cost::Month> month(std::string_view key);
  /// "36 months", at least `low`.
  std::optional<int> duration(std::string_view key, int low, int high);
  /// A price whose currency has a rate.
  std::optional<Price> price(std::string_view key);
  /// "1.57 USD/h"; `unit` is "h", "month", "kWh" or "Mtok".
  std::optional<cost::MoneyRate> rate(std::string_view key, std::string_view unit);
  /// "320 h" a month.
  std::optional<double> hours(std::string_view key, double high);
  /// A table of prices by month: { "2025-10" = "8250 USD" }.
  cost::PricePath path(std::string_view key);
  /// The tables of a list; complains when it is something else.
  std::vector<const TomlNode*> tables(std::string_view key);
  void error(std::string_view key, std::string message, std::string hint = {});
  void finish() { table_.finish(); }

 private:
  /// The text under `key`; complains when it is something else.
  const TomlNode* text_at(std::string_view key, std::string_view example);
  bool check_currency(const TomlNode& node, std::string_view key, Currency currency);
  std::optional<cost::PricePoint> point(std::string_view key, const TomlMember& member,
                                        std::optional<Currency>& currency);

  TableReader table_;
  const TomlNode& node_;
  const PlanContext& context_;
};

}  // namespace rigor::adapters
