#include "cost/results.hpp"

#include <cmath>

namespace rigor::cost {
namespace {

/// Running sums of what was paid; of owning, the resale at the end left out.
void add_sums(const CostCase& input, const Ledger& ledger, Results& results) {
  double owned = 0, rented = 0;
  for (int t = 0; t < ledger.columns(); ++t) {
    owned += static_cast<double>(ledger.owned(t)) / input.minor_per_major;
    rented +=
        static_cast<double>(ledger.rented[static_cast<std::size_t>(t)]) / input.minor_per_major;
    results.owned_sum.push_back(owned);
    results.rented_sum.push_back(rented);
  }
}

/// From what was paid to what is left at the end, a steady rate a month for each purchase.
double worth_at(const CostCase& input, int t) {
  double worth = 0;
  for (const Bought& one : input.bought) {
    if (one.month > t || one.minor <= 0) continue;
    const double paid = static_cast<double>(one.minor), end = static_cast<double>(one.value_at_end);
    const int life = input.months() - one.month;
    if (life <= 0 || end <= 0) continue;
    worth += paid * std::pow(end / paid, static_cast<double>(t - one.month) / life);
  }
  return worth * (1 - input.selling_fee) / input.minor_per_major;
}

void add_worth(const CostCase& input, const Ledger& ledger, Results& results) {
  const double sold = static_cast<double>(ledger.sum(Item::resale, 0, ledger.columns()) +
                                          ledger.sum(Item::selling_fee, 0, ledger.columns())) /
                      input.minor_per_major;
  for (int t = 0; t < ledger.columns(); ++t) {
    const bool is_end = t + 1 == ledger.columns();
    const double paid = results.owned_sum[static_cast<std::size_t>(t)] - (is_end ? sold : 0);
    results.owned_worth.push_back(paid - worth_at(input, t));
  }
}

void add_units(const CostCase& input, Results& results) {
  double hours = 0;
  for (int t = 0; t < input.months(); ++t) {
    const double worked = input.work[static_cast<std::size_t>(t)].hours;
    hours += discount_factor(input.discount_rate, t + 1) * worked;
    results.hours_total += worked;
  }
  if (hours <= 0) return;
  results.hour.owned = results.owned / hours;
  if (results.rented > 0) results.hour.rented = results.rented / hours;
}

}  // namespace

Results make_results(const CostCase& input) {
  Results results;
  const Ledger ledger = make_ledger(input);
  const std::vector<double> own = owned_flows(input, ledger);
  const std::vector<double> flows = advantage_flows(input, ledger);
  const double rate = input.discount_rate;
  results.owned = -npv(own, rate);
  results.npv = npv(flows, rate);
  results.rented = results.npv + results.owned;
  results.irr = irr(flows, kMonthsPerYear);
  results.mirr = mirr(flows, kMonthsPerYear, rate, rate);
  results.payback = payback(flows, 0);
  results.discounted_payback = payback(flows, rate);
  results.profitability = profitability_index(flows, rate);
  results.owned_a_year = equivalent_annual(results.owned, rate, input.months());
  results.rented_a_year = equivalent_annual(results.rented, rate, input.months());
  results.hours = switch_value(input, Lever::hours);
  if (results.hours.at && results.hours.pays_above)
    results.utilisation = *results.hours.at / kHoursPerMonth;
  add_sums(input, ledger, results);
  add_worth(input, ledger, results);
  add_units(input, results);
  return results;
}

}  // namespace rigor::cost
