#include "cost/break_even.hpp"

#include <algorithm>

#include "base/result.hpp"
#include "cost/returns.hpp"

namespace rigor::cost {
namespace {

constexpr double kHoursPerYear = 8760;

}  // namespace

std::optional<double> break_even_hours(const BreakEvenCase& input) {
  RIGOR_ASSERT(input.months > 0);
  const double gain = input.rented_per_hour * input.speed - input.busy_per_hour;
  if (gain <= 0) return std::nullopt;
  const double fixed = input.capital * (1 - input.resale) / input.months + input.fixed_per_month;
  return std::max(0.0, fixed / gain);
}

double break_even_utilisation(double yearly_cost, int cards, double rate) {
  RIGOR_ASSERT(cards > 0 && rate > 0);
  return yearly_cost / (kHoursPerYear * cards * rate);
}

double price_of_working(const UsedOffer& offer) {
  RIGOR_ASSERT(offer.failure >= 0 && offer.failure < 1);
  return (offer.price + offer.test_hours * offer.hour) / (1 - offer.failure);
}

double fair_used_price(double fresh, const UsedOffer& offer) {
  RIGOR_ASSERT(offer.failure >= 0 && offer.failure < 1);
  return fresh * (1 - offer.failure) - offer.test_hours * offer.hour;
}

double break_even_failure(double fresh, const UsedOffer& offer) {
  RIGOR_ASSERT(fresh > 0);
  return std::max(0.0, 1 - (offer.price + offer.test_hours * offer.hour) / fresh);
}

std::optional<double> staged_probability(const StagedCase& input) {
  const double later = (input.swap - input.salvage) * discount_factor(input.annual, input.months);
  if (later <= 0) return std::nullopt;
  return input.premium / later;
}

}  // namespace rigor::cost
