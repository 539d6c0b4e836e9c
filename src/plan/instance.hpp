// The upgrade plan as numbers: months, configurations, moves between them, and the purse. What a
// configuration is made of is not known here; candidates.hpp makes instances of rigs. Layer 7.
//
// Month t: income arrives, a move is made and paid, the configuration reached runs and is paid for.
// Cash never falls below the reserve. Amounts are whole cents of one currency and discount weights
// are integers, so that no comparison ever hangs on rounding. Formulation and proofs:
// docs/models/80-plan.md
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace rigor::plan {

using Cents = std::int64_t;
/// Cents times a discount weight.
using Score = std::int64_t;

/// As a cost: this cannot be done in that month.
inline constexpr Cents kNever = std::numeric_limits<Cents>::max();
/// Discount weight of money that is paid today.
inline constexpr std::int64_t kParWeight = 1'000'000;

/// From one configuration to another by a move. Staying is an arc like any other.
struct Arc {
  std::uint32_t to = 0;
  std::uint32_t move = 0;
};

struct Instance {
  int months = 0;
  int configurations = 0;
  int moves = 0;
  int start = 0;                              ///< the configuration before month 0
  std::vector<std::uint32_t> first_arc = {};  ///< per configuration, and the end
  std::vector<Arc> arcs = {};
  std::vector<Cents> move_cost = {};  ///< months × moves; negative where a sale brings more
  std::vector<int> purchases = {};    ///< per move
  int most_purchases = std::numeric_limits<int>::max();  ///< in one month
  std::vector<Cents> running = {};          ///< months × configurations, cloud included
  std::vector<std::int32_t> unserved = {};  ///< months × configurations, units of work
  std::vector<Cents> income = {};           ///< per month
  Cents opening = 0;                        ///< cash before month 0
  Cents reserve = 0;
  std::vector<Cents> salvage = {};        ///< per configuration, after the last month
  std::vector<std::int64_t> weight = {};  ///< per month, and that of the salvage; not rising
  /// Score of one unit of work unserved: 0 minimises cost alone, `lexicographic_weight` puts
  /// work before cost.
  Score unserved_weight = 0;

  [[nodiscard]] std::span<const Arc> arcs_from(int configuration) const;
  [[nodiscard]] Cents cost_of(int month, std::uint32_t move) const;
  [[nodiscard]] Cents running_of(int month, int configuration) const;
  [[nodiscard]] std::int32_t unserved_of(int month, int configuration) const;
  /// What a month in a configuration adds to the score, its move aside.
  /// Requires: it can run then.
  [[nodiscard]] Score standing_score(int month, int configuration) const;
};

/// What a person would have to mend: sizes that do not agree, arcs into nowhere, a horizon of 0,
/// rising weights, sums that an integer of 64 bits does not hold.
Result<void> validate(const Instance& instance);

/// More than any difference of cost between two plans.
Score lexicographic_weight(const Instance& instance);

/// A plan: for each month the arc taken, by its index in `arcs`.
struct Path {
  std::vector<std::uint32_t> arcs = {};
  bool operator==(const Path&) const = default;
};

/// Discount weights of an annual rate: round(10⁶ (1 + rate)^(-t/12)), one per month and one for
/// the end. Requires: rate > -1.
std::vector<std::int64_t> discount_weights(int months, double annual_rate);

}  // namespace rigor::plan
