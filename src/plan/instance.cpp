#include "plan/instance.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace rigor::plan {

namespace {

/// Scores stay below this, so that sums of a few never overflow.
constexpr double kLargestScore = 1e18;

std::size_t at(int month, int width, std::size_t column) {
  return static_cast<std::size_t>(month) * static_cast<std::size_t>(width) + column;
}

/// Largest amount of a table, by its absolute value; `kNever` aside.
double largest(std::span<const Cents> amounts) {
  double most = 0;
  for (const Cents amount : amounts)
    if (amount != kNever) most = std::max(most, std::abs(static_cast<double>(amount)));
  return most;
}

/// No plan's cost, without unserved work, is farther from 0.
double largest_cost(const Instance& instance) {
  double sum = largest(instance.salvage) * static_cast<double>(instance.weight.back());
  for (int t = 0; t < instance.months; ++t) {
    const auto moves = static_cast<std::size_t>(instance.moves);
    const auto width = static_cast<std::size_t>(instance.configurations);
    const auto month = static_cast<std::size_t>(t);
    sum += static_cast<double>(instance.weight[month]) *
           (largest(std::span(instance.move_cost).subspan(month * moves, moves)) +
            largest(std::span(instance.running).subspan(month * width, width)));
  }
  return sum;
}

bool sizes_agree(const Instance& x) {
  const auto months = static_cast<std::size_t>(x.months);
  const auto width = static_cast<std::size_t>(x.configurations);
  const auto moves = static_cast<std::size_t>(x.moves);
  return x.first_arc.size() == width + 1 && x.first_arc.back() == x.arcs.size() &&
         x.move_cost.size() == months * moves && x.purchases.size() == moves &&
         x.running.size() == months * width && x.unserved.size() == months * width &&
         x.income.size() == months && x.salvage.size() == width && x.weight.size() == months + 1;
}

bool arcs_are_within(const Instance& x) {
  return std::is_sorted(x.first_arc.begin(), x.first_arc.end()) && x.first_arc.front() == 0 &&
         std::all_of(x.arcs.begin(), x.arcs.end(), [&](const Arc& arc) {
           return arc.to < static_cast<std::uint32_t>(x.configurations) &&
                  arc.move < static_cast<std::uint32_t>(x.moves);
         });
}

Result<void> overflow_check(const Instance& x) {
  double income =
      std::abs(static_cast<double>(x.opening)) + std::abs(static_cast<double>(x.reserve));
  for (const Cents amount : x.income) income += std::abs(static_cast<double>(amount));
  double units = 0;
  for (const std::int32_t each : x.unserved) units = std::max(units, static_cast<double>(each));
  const double score = largest_cost(x) + units * x.months * static_cast<double>(x.unserved_weight);
  if (score < kLargestScore && income * static_cast<double>(kParWeight) < kLargestScore) return {};
  return fail(ErrorCode::limit, "the amounts of this plan are too large to be added exactly", {},
              "state prices in a currency of larger units");
}

}  // namespace

std::span<const Arc> Instance::arcs_from(int configuration) const {
  const auto c = static_cast<std::size_t>(configuration);
  return std::span(arcs).subspan(first_arc[c], first_arc[c + 1] - first_arc[c]);
}

Cents Instance::cost_of(int month, std::uint32_t move) const {
  return purchases[move] > most_purchases ? kNever : move_cost[at(month, moves, move)];
}

Cents Instance::running_of(int month, int configuration) const {
  return running[at(month, configurations, static_cast<std::size_t>(configuration))];
}

std::int32_t Instance::unserved_of(int month, int configuration) const {
  return unserved[at(month, configurations, static_cast<std::size_t>(configuration))];
}

Score Instance::standing_score(int month, int configuration) const {
  return weight[static_cast<std::size_t>(month)] * running_of(month, configuration) +
         unserved_weight * unserved_of(month, configuration);
}

Result<void> validate(const Instance& x) {
  if (x.months < 1)
    return fail(ErrorCode::malformed, fmt::format("a plan of {} months plans nothing", x.months),
                {}, "a horizon of 1 month or more");
  if (x.configurations < 1)
    return fail(ErrorCode::malformed, "no configuration is left to plan with");
  if (!sizes_agree(x) || !arcs_are_within(x) || x.start < 0 || x.start >= x.configurations)
    return fail(ErrorCode::internal, "the tables of the plan do not agree in size");
  if (!std::is_sorted(x.weight.rbegin(), x.weight.rend()) || x.weight.back() < 0)
    return fail(ErrorCode::malformed, "money of later months weighs more than money of today", {},
                "a discount rate of 0 or more");
  if (std::any_of(x.unserved.begin(), x.unserved.end(), [](auto units) { return units < 0; }) ||
      x.unserved_weight < 0)
    return fail(ErrorCode::internal, "less than no work is unserved");
  return overflow_check(x);
}

Score lexicographic_weight(const Instance& instance) {
  return static_cast<Score>(std::ceil(2 * largest_cost(instance))) + 1;
}

std::vector<std::int64_t> discount_weights(int months, double annual_rate) {
  RIGOR_ASSERT(annual_rate > -1);
  std::vector<std::int64_t> weights;
  for (int t = 0; t <= months; ++t)
    weights.push_back(
        std::llround(static_cast<double>(kParWeight) * std::pow(1 + annual_rate, -t / 12.0)));
  return weights;
}

}  // namespace rigor::plan
