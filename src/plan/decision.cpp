#include "plan/decision.hpp"

namespace rigor::plan {

namespace {

constexpr Cents kDearest = 10;  // times today's price

/// An instance in which an option has another price in month 0; only the start's arcs are left
/// then, so no other move needs to change.
Instance with_price(const Model& model, const Instance& instance, std::size_t option, Cents price) {
  Instance varied = instance;
  const auto& all = model.configurations();
  const Counts& today = all[static_cast<std::size_t>(instance.start)].counts;
  for (const Arc& arc : instance.arcs_from(instance.start)) {
    const int bought = all[arc.to].counts[option] - today[option];
    Cents& cost = varied.move_cost[arc.move];
    if (bought > 0 && cost != kNever) cost += bought * (price - model.options()[option].buy[0]);
  }
  return varied;
}

/// Whether the optimum of an instance buys an option in the first month; not where none exists.
bool buys_now(const Model& model, const Instance& instance, std::size_t option) {
  const Answer answer = solve(instance, {.every_plan_up_to = 0});
  if (!answer.solution) return false;
  const auto& all = model.configurations();
  const int first = answer.solution->books.configuration.front();
  return all[static_cast<std::size_t>(first)].counts[option] >
         all[static_cast<std::size_t>(instance.start)].counts[option];
}

}  // namespace

std::vector<SwitchPrice> switch_prices(const Model& model, const Instance& instance,
                                       const Solution& optimum) {
  std::vector<SwitchPrice> prices;
  const auto& all = model.configurations();
  const Counts& next = all[static_cast<std::size_t>(optimum.books.configuration.front())].counts;
  for (std::size_t o = 0; o < model.options().size(); ++o) {
    const Cents today = model.options()[o].buy.front();
    if (today == kNever) continue;
    SwitchPrice result{.option = o, .price = today};
    result.is_bought_now = next[o] > all.front().counts[o];
    // Plans that buy it now only get dearer with it and the others do not, so there is one flip.
    const auto buys_at = [&](Cents price) {
      return buys_now(model, with_price(model, instance, o, price), o);
    };
    Cents buys = result.is_bought_now ? today : 0;
    Cents leaves = result.is_bought_now ? kDearest * today : today;
    const bool flips = result.is_bought_now ? !buys_at(leaves) : buys_at(buys);
    while (flips && leaves - buys > 1) {
      const Cents middle = buys + (leaves - buys) / 2;
      (buys_at(middle) ? buys : leaves) = middle;
    }
    if (flips) result.flips_at = result.is_bought_now ? leaves : buys;
    prices.push_back(result);
  }
  return prices;
}

}  // namespace rigor::plan
