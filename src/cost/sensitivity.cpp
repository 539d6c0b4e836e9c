#include "cost/sensitivity.hpp"

#include <algorithm>

namespace rigor::cost {
namespace {

double with(const CostCase& input, LeverValues levers, Lever lever, double value) {
  levers[lever] = value;
  return npv_at(input, levers);
}

/// What a lever can be at most.
double bound(Lever lever, double base, double hours_of_month) {
  switch (lever) {
    case Lever::hours: return hours_of_month;
    case Lever::resale: return 2;
    case Lever::selling_fee:
    case Lever::discount_rate: return 1;
    default: return 20 * base;
  }
}

}  // namespace

std::vector<Swing> tornado(const CostCase& input, std::span<const Margin> ranges) {
  const LeverValues base = NpvModel(input, input.discount_rate).base();
  std::vector<Swing> swings;
  for (const Margin& range : ranges) {
    const Pert& pert = range.pert;
    swings.push_back({range.lever, pert.low, base[range.lever], pert.high,
                      with(input, base, range.lever, pert.low),
                      with(input, base, range.lever, pert.high)});
  }
  std::stable_sort(swings.begin(), swings.end(),
                   [](const Swing& a, const Swing& b) { return a.size() > b.size(); });
  return swings;
}

TwoWay two_way(const CostCase& input, const Axis& across, const Axis& down) {
  const LeverValues base = NpvModel(input, input.discount_rate).base();
  TwoWay table{across.lever, down.lever, across.values, down.values, {}};
  for (const double row : down.values) {
    LeverValues levers = base;
    levers[down.lever] = row;
    std::vector<double> line;
    line.reserve(across.values.size());
    for (const double column : across.values)
      line.push_back(with(input, levers, across.lever, column));
    table.value.push_back(std::move(line));
  }
  return table;
}

Switch switch_value(const CostCase& input, Lever lever) {
  constexpr double kHoursOfMonth = 730;
  constexpr int kBisections = 100;
  const LeverValues base = NpvModel(input, input.discount_rate).base();
  Switch result{lever, base[lever], {}, true};
  double low = 0, high = bound(lever, base[lever], kHoursOfMonth);
  const double at_low = with(input, base, lever, low), at_high = with(input, base, lever, high);
  result.pays_above = at_high > at_low;
  if ((at_low > 0) == (at_high > 0)) return result;
  for (int i = 0; i < kBisections; ++i) {
    const double middle = (low + high) / 2;
    const bool is_like_low = (with(input, base, lever, middle) > 0) == (at_low > 0);
    (is_like_low ? low : high) = middle;
  }
  result.at = (low + high) / 2;
  return result;
}

}  // namespace rigor::cost
