// What of a plan must be decided now, and at which price that decision would be another. Layer 7.
#pragma once

#include <optional>

#include "plan/model.hpp"
#include "plan/solve.hpp"

namespace rigor::plan {

/// One part's price of today.
struct SwitchPrice {
  std::size_t option = 0;
  bool is_bought_now = false;  ///< by the optimum at today's price
  Cents price = 0;             ///< today
  /// From this price on (bought now: upwards; not: downwards) the optimum decides otherwise;
  /// empty: at no price up to ten times today's, or down to 0.
  std::optional<Cents> flips_at = {};
};

/// Of every part on sale today, all other prices as they are. Exact: the optimum is searched for at
/// every price tried, and the flip is found to the cent.
std::vector<SwitchPrice> switch_prices(const Model& model, const Instance& instance,
                                       const Solution& optimum);

}  // namespace rigor::plan
