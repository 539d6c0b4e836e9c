// At which use owning and renting cost the same, and what risk does to a used price. Layer 6.
//
// Formulas: docs/models/70-money.md.
#pragma once

#include <optional>

namespace rigor::cost {

/// One currency throughout.
struct BreakEvenCase {
  double capital = 0;          ///< paid at the start
  double resale = 0;           ///< share of it that comes back, after fees
  double fixed_per_month = 0;  ///< whatever the use: waiting, space, staff
  double busy_per_hour = 0;    ///< more than waiting, per hour of work
  double rented_per_hour = 0;  ///< of the machine that does the same work
  double speed = 1;            ///< hours of the rented machine per hour of the own one
  int months = 36;
};
/// Hours a month from which owning is cheaper, money not discounted:
/// (capital (1 - resale) / n + fixed) / (rate speed - marginal). Empty: owning never is.
std::optional<double> break_even_hours(const BreakEvenCase& input);

/// Share of the year's hours on all cards from which owning is cheaper:
/// yearly cost / (8760 cards rate). `rate` is of one card. Requires: cards > 0, rate > 0.
double break_even_utilisation(double yearly_cost, int cards, double rate);

/// A used part that may fail.
struct UsedOffer {
  double price = 0;
  double test_hours = 0, hour = 0;  ///< own time to test it, and what an hour is worth
  double failure = 0;               ///< unrecovered failures within the horizon; 0 to 1
};
/// What a working one costs: (price + test hours x rate) / (1 - q): failed ones are bought again.
/// Requires: failure < 1.
double price_of_working(const UsedOffer& offer);
/// The price at which the used one is worth as much as a new one with warranty; may be negative.
double fair_used_price(double fresh, const UsedOffer& offer);
/// The failure probability at which the two are worth the same; 0 when the used one is dearer.
double break_even_failure(double fresh, const UsedOffer& offer);

/// A cheap base that may have to be replaced, against the right one at once.
struct StagedCase {
  double premium = 0;  ///< of the right one, now
  double swap = 0;     ///< of replacing the base later
  double salvage = 0;  ///< what the replaced base brings then
  double annual = 0;   ///< discount rate
  double months = 0;   ///< until then
};
/// The probability of the replacement above which the right one pays: premium / ((swap - salvage)
/// DF). Above 1: it never does. Empty when the swap costs nothing.
std::optional<double> staged_probability(const StagedCase& input);

}  // namespace rigor::cost
