// What is taken for money where neither plan nor rig says, with its sources: from choice/money and
// choice/depreciation of the catalogue. Layer 6.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catalog/catalog.hpp"
#include "cost/price_path.hpp"
#include "units/range.hpp"

namespace rigor::cost {

/// Shares as fractions, hours as hours; factors are of what is stated or estimated.
struct MoneyHabits {
  Range<double> discount_rate, selling_fee, failures, renting_idle, interruption;
  Range<double> test_hours, used_failure, prompt_share, supply_efficiency;
  double tie_resale_cloud = 0, tie_resale_later = 0, tie_cloud_later = 0;  ///< rank correlations
  Range<double> hours, cloud_price, tariff_factor, resale_factor, later_price;
  int horizon = 0, warranty = 0;                             ///< months
  double tariff = 0;                                         ///< USD per kWh
  double hour_of_work = 0;                                   ///< USD per hour
  std::string as_of;                                         ///< of the entry, a date
  std::vector<std::pair<std::string, std::string>> sources;  ///< by key: "money.failures"
  [[nodiscard]] std::string source(std::string_view key) const;
};
/// Errors: there is no such entry, a value is missing, or one is malformed.
Result<MoneyHabits> money_habits(const catalog::Catalog& catalog);

/// The curves of market value, and which kinds of part take which.
struct ValueCurves {
  struct Known {
    ValueCurve curve;
    std::vector<std::string> kinds;
  };
  std::vector<Known> all;
  /// Null when there is no curve of this name.
  [[nodiscard]] const ValueCurve* named(std::string_view name) const;
  /// That of the kind, or of "other".
  [[nodiscard]] const ValueCurve* of_kind(std::string_view kind) const;
  [[nodiscard]] std::vector<std::string> names() const;
};
/// Errors as above; shares must be positive and months rise.
Result<ValueCurves> value_curves(const catalog::Catalog& catalog);

}  // namespace rigor::cost
