#include "estimate/power/feed.hpp"

#include <algorithm>

namespace rigor::estimate {
namespace {

using hardware::Activity;
using hardware::Component;
using hardware::Consumer;

/// A card by itself.
struct Card {
  const Consumer* consumer;
  Watts limit;
};

std::vector<Card> cards_of(const PoweredRig& rig) {
  std::vector<Card> cards;
  for (const Consumer& consumer : rig.electrical->consumers) {
    if (consumer.component != Component::card) continue;
    const Card card{&consumer, consumer.at(Activity::limit).expected};
    cards.insert(cards.end(), static_cast<std::size_t>(consumer.count), card);
  }
  return cards;
}

Watts cards_limit(const std::vector<Card>& cards) {
  Watts sum;
  for (const Card& card : cards) sum += card.limit;
  return sum;
}

/// The strongest supply that is made for a board.
std::size_t place_of_rest(const std::vector<FedPart>& plan) {
  std::size_t best = 0;
  for (std::size_t i = 1; i < plan.size(); ++i) {
    const bool board = !plan[i].supply->is_server, best_board = !plan[best].supply->is_server;
    if (board != best_board ? board : plan[i].rated > plan[best].rated) best = i;
  }
  return best;
}

}  // namespace

std::vector<FedPart> feed_plan(const PoweredRig& rig, Volts mains) {
  std::vector<FedPart> plan;
  if (rig.electrical->has_built_in_supply) return plan;
  std::vector<Watts> ratings;
  for (const hardware::Supply& supply : rig.electrical->supplies) {
    for (int i = 0; i < supply.count; ++i) {
      plan.push_back({&supply, rated_power(supply, mains), 0, false, {}});
      ratings.push_back(plan.back().rated);
    }
  }
  if (plan.empty()) return plan;
  const std::vector<Card> cards = cards_of(rig);
  const Watts all = cards_limit(cards);
  const Draw limits = rig_draw(rig, Activity::limit);
  const std::size_t rest = place_of_rest(plan);
  plan[rest].has_rest = true;
  std::vector<Watts> carried(plan.size()), loads;
  carried[rest] = limits.total.expected - limits.at(Component::card).expected;
  for (const Card& card : cards) loads.push_back(card.limit);
  const std::vector<int> places = share_loads(loads, ratings, carried);
  for (std::size_t i = 0; i < cards.size(); ++i) {
    FedPart& part = plan[static_cast<std::size_t>(places[i])];
    part.cards += cards[i].limit / all;
    part.peaks.push_back({1, cards[i].limit, cards[i].consumer->excursion});
  }
  return plan;
}

Feed feed(const std::vector<FedPart>& plan, const Draw& draw, Volts mains, bool built_in) {
  Feed result;
  if (built_in) {
    result.wall = draw.total;
    return result;
  }
  const Range<Watts>& cards = draw.at(Component::card);
  Range<Watts> wall;
  bool known = !plan.empty();
  for (const FedPart& part : plan) {
    Range<Watts> dc = part.cards * cards;
    for (int i = 0; i < kComponents && part.has_rest; ++i) {
      if (static_cast<Component>(i) != Component::card) dc += draw.of[static_cast<std::size_t>(i)];
    }
    const SupplyState state = supply_state(*part.supply, dc, mains);
    if (result.parts.empty() || state.load.expected > result.load.expected)
      result.load = state.load;
    result.parts.push_back(state);
    // A supply that carries nothing draws next to nothing; its standby is not counted.
    if (state.wall) wall += *state.wall;
    known = known && (state.wall || dc.high <= Watts{});
  }
  if (known) result.wall = wall;
  return result;
}

Peaks peaks(const FedPart& part, const Draw& limits) {
  Watts others;
  if (part.has_rest) others = limits.total.expected - limits.at(Component::card).expected;
  Peaks result;
  for (int bucket = 0; bucket < hardware::kBuckets; ++bucket) {
    result[static_cast<std::size_t>(bucket)] =
        excursion_state(*part.supply, part.rated, others, part.peaks, bucket);
  }
  return result;
}

LoadFit peaks_fit(const Peaks& peaks) {
  LoadFit worst = LoadFit::fits;
  for (const ExcursionState& state : peaks) worst = std::max(worst, excursion_fit(state));
  return worst;
}

}  // namespace rigor::estimate
