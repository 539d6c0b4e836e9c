// Owning a machine against renting the same work: everything that is paid, month by month, and
// from it the exact ledger in minor units and the present value as a function of its levers.
// Layer 6.
//
// Formulas and worked figures: docs/models/70-money.md.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "cost/lever.hpp"
#include "cost/plan_file.hpp"

namespace rigor::cost {

/// One purchase, tax included. `value_at_end` is what the market pays for it then, before fees.
struct Bought {
  std::string what = {};
  int month = 0;  ///< after the start, at its beginning
  std::int64_t minor = 0;
  std::int64_t value_at_end = 0;
  bool is_owned = false;  ///< bought before: what selling it now would bring, and no payment
};

/// A month of work. Amounts in major units of the currency, at prices of that month.
struct WorkMonth {
  double hours = 0;         ///< that the own machine works
  double busy_kwh = 0;      ///< over what it draws waiting
  double idle_kwh = 0;      ///< of the machine waiting whenever it is on
  double cooling = 0;       ///< energy of removing the heat, over the machine's
  double tariff = 0;        ///< per kWh
  double rented_hours = 0;  ///< of machines that do the same work
  double rented = 0;        ///< what they cost, waste included
  double rented_fixed = 0;  ///< storage and egress
};

/// Paid each month whatever the work, in minor units.
struct FixedMonth {
  std::int64_t space = 0, staff = 0, insurance = 0, failures = 0;
};

struct CostCase {
  Currency currency = {};
  double minor_per_major = 100;
  std::vector<Bought> bought = {};
  std::vector<WorkMonth> work = {};    ///< one per month of the horizon
  std::vector<FixedMonth> fixed = {};  ///< likewise
  std::int64_t shipping = 0, disposal = 0;
  std::optional<Financing> financing = {};  ///< of the purchases of month 0
  double selling_fee = 0;
  double discount_rate = 0;
  [[nodiscard]] int months() const { return static_cast<int>(work.size()); }
};

enum class Item : std::uint8_t {
  purchase,
  shipping,
  loan,
  busy_energy,
  idle_energy,
  cooling,
  space,
  staff,
  insurance,
  failures,
  resale,
  selling_fee,
  disposal,
};
inline constexpr std::size_t kItems = 13;
std::string_view to_text(Item item);

/// Costs are positive, what comes in is negative; exact minor units. Column t is the end of month t
/// (0: at once). Purchases of a month fall at its beginning, running costs at its end.
struct Ledger {
  std::array<std::vector<std::int64_t>, kItems> items = {};
  std::vector<std::int64_t> rented = {};
  [[nodiscard]] std::int64_t at(Item item, int column) const {
    return items[static_cast<std::size_t>(item)][static_cast<std::size_t>(column)];
  }
  /// Of all items in one column.
  [[nodiscard]] std::int64_t owned(int column) const;
  /// Of one item from column `first` to before `last`.
  [[nodiscard]] std::int64_t sum(Item item, int first, int last) const;
  [[nodiscard]] int columns() const { return static_cast<int>(rented.size()); }
};
Ledger make_ledger(const CostCase& input);

/// Cash flows of owning instead of renting, in major units: rented less owned.
std::vector<double> advantage_flows(const CostCase& input, const Ledger& ledger);
/// Cash flows of owning alone; costs are negative.
std::vector<double> owned_flows(const CostCase& input, const Ledger& ledger);

/// The present value of owning instead of renting as a function of the levers; for one discount
/// rate, linear in products, so a million draws are cheap.
class NpvModel {
 public:
  NpvModel(const CostCase& input, double discount_rate);
  /// The levers as the case has them.
  [[nodiscard]] const LeverValues& base() const { return base_; }
  /// Requires: levers[discount_rate] is the model's own; `npv_at` changes it.
  [[nodiscard]] double npv(const LeverValues& levers) const {
    const auto ratio = [&](Lever lever) {
      const double base = base_[lever];
      return base == 0 ? 1.0 : levers[lever] / base;
    };
    const double hours = ratio(Lever::hours);
    const double rented = rented_ * hours * ratio(Lever::cloud_price) * levers[Lever::cloud_speed];
    const double energy = ratio(Lever::tariff) * levers[Lever::power] * (busy_ * hours + idle_);
    const double first = ratio(Lever::purchase), later = ratio(Lever::later_purchase);
    const double sold = levers[Lever::resale] * (1 - levers[Lever::selling_fee]) *
                        (sold_first_ * first + sold_later_ * later);
    return rented + rented_fixed_ - energy - first_ * first - later_ * later - fixed_ + sold;
  }

 private:
  LeverValues base_;
  double rented_ = 0, rented_fixed_ = 0, busy_ = 0, idle_ = 0;
  double first_ = 0, later_ = 0, fixed_ = 0;
  double sold_first_ = 0, sold_later_ = 0;
};

/// With any levers, the discount rate among them.
double npv_at(const CostCase& input, const LeverValues& levers);

}  // namespace rigor::cost
