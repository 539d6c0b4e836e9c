#include "estimate/power/excursion.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "base/result.hpp"

namespace rigor::estimate {
namespace {

using hardware::kBuckets;
using hardware::Supply;

constexpr std::array<double, kBuckets> kStrong = {2.0, 1.8, 1.6, 1.2};
constexpr std::array<double, kBuckets> kPlain = {1.5, 1.45, 1.35, 1.1};
/// Supplies above this need the strong allowance if they have a 16-pin socket.
constexpr Watts kStrongAbove = 450 * watt;
constexpr double kAtx3 = 3.0;

const std::array<double, kBuckets>& shares(const Supply& supply) {
  return supply.has_16pin && supply.power > kStrongAbove ? kStrong : kPlain;
}

/// The greatest excesses of `most` cards, or all: their sum and the root of their squares.
struct Excess {
  Watts sum = {}, root = {};
};

Excess excess(std::span<const PeakLoad> cards, std::size_t bucket, int most,
              double Range<double>::* end) {
  std::vector<Watts> each;
  for (const PeakLoad& card : cards) {
    const double factor = card.excursion.factor[bucket].*end;
    const Watts more = std::max(0.0, factor - 1) * card.limit;
    each.insert(each.end(), static_cast<std::size_t>(card.count), more);
  }
  std::sort(each.begin(), each.end(), std::greater<>());
  if (most >= 0 && static_cast<std::size_t>(most) < each.size())
    each.resize(static_cast<std::size_t>(most));
  Excess result;
  double squares = 0;
  for (const Watts more : each) {
    result.sum += more;
    squares += more.in(watt)*more.in(watt);
  }
  result.root = std::sqrt(squares) * watt;
  return result;
}

}  // namespace

ExcursionStandard excursion_standard(const Supply& supply) {
  if (supply.is_server) return ExcursionStandard::none;
  if (supply.atx_version >= kAtx3)
    return &shares(supply) == &kStrong ? ExcursionStandard::atx3_strong : ExcursionStandard::atx3;
  return supply.excursion_power > Watts{} ? ExcursionStandard::partly : ExcursionStandard::none;
}

Watts excursion_allowance(const Supply& supply, Watts rated, int bucket) {
  RIGOR_ASSERT(bucket >= 0 && bucket < kBuckets);
  const double share = shares(supply)[static_cast<std::size_t>(bucket)];
  switch (excursion_standard(supply)) {
    case ExcursionStandard::atx3_strong:
    case ExcursionStandard::atx3: return share * rated;
    case ExcursionStandard::partly: return std::max(rated, share * supply.excursion_power);
    case ExcursionStandard::none: break;
  }
  return rated;
}

ExcursionState excursion_state(const Supply& supply, Watts rated, Watts others,
                               std::span<const PeakLoad> cards, int bucket, int most) {
  ExcursionState state;
  state.allowance = excursion_allowance(supply, rated, bucket);
  Watts base = others;
  for (const PeakLoad& card : cards) base += card.count * card.limit;
  for (double Range<double>::* end :
       {&Range<double>::low, &Range<double>::expected, &Range<double>::high}) {
    const Excess more = excess(cards, static_cast<std::size_t>(bucket), most, end);
    const auto set = [&](Range<Watts>& range, Watts value) {
      if (end == &Range<double>::low) range.low = value;
      if (end == &Range<double>::expected) range.expected = value;
      if (end == &Range<double>::high) range.high = value;
    };
    set(state.together, base + more.sum);
    set(state.independent, base + more.root);
  }
  return state;
}

LoadFit excursion_fit(const ExcursionState& state) {
  if (state.independent.expected > state.allowance) return LoadFit::over;
  return state.together.high > state.allowance ? LoadFit::tight : LoadFit::fits;
}

}  // namespace rigor::estimate
