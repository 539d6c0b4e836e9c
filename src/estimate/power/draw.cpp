#include "estimate/power/draw.hpp"

#include <algorithm>
#include <string>

#include "base/result.hpp"
#include "estimate/speed/speed_case.hpp"

namespace rigor::estimate {
namespace {

using hardware::Activity;
using hardware::Component;
using hardware::Consumer;

/// Cards whose lowest limit is not known are taken to refuse less than this share.
constexpr double kLowestShare = 0.4;

Phase phase_of(Activity activity) {
  switch (activity) {
    case Activity::prefill: return Phase::prefill;
    case Activity::training: return Phase::training;
    default: return Phase::decode;
  }
}

const hardware::Accelerator& card_of(const PoweredRig& rig, const Consumer& consumer) {
  return rig.accelerators[static_cast<std::size_t>(consumer.accelerator)];
}

int cards_of(const PoweredRig& rig) {
  int cards = 0;
  for (const Consumer& one : rig.electrical->consumers)
    cards += one.component == Component::card ? one.count : 0;
  return cards;
}

/// One busy card, by the curves of its family.
Range<Watts> busy_card(const PoweredRig& rig, const Consumer& consumer, Activity activity) {
  const std::string family = family_of(card_of(rig, consumer));
  const double limit = consumer.at(Activity::limit).expected / consumer.board_power;
  const PowerFactor share = rig.power->draw(phase_of(activity), family, limit, cards_of(rig) > 1);
  return {share.low * consumer.board_power, share.expected * consumer.board_power,
          share.high * consumer.board_power};
}

Range<Watts> one_card(const PoweredRig& rig, const Consumer& consumer, Activity activity) {
  if (activity == Activity::limit) return consumer.at(activity);
  RIGOR_ASSERT(rig.power != nullptr);
  if (activity != Activity::idle) return busy_card(rig, consumer, activity);
  if (consumer.idle_is_known) return consumer.at(activity);
  // Cards that wait draw from half to twice the fitted share (four cards).
  const double idle = rig.power->resolve(family_of(card_of(rig, consumer))).idle;
  return {0.5 * idle * consumer.board_power, idle * consumer.board_power,
          2 * idle * consumer.board_power};
}

}  // namespace

Range<Watts> consumer_draw(const PoweredRig& rig, const Consumer& consumer, Activity activity) {
  const Range<Watts> one = consumer.component == Component::card ? one_card(rig, consumer, activity)
                                                                 : consumer.at(activity);
  return consumer.count * one;
}

Draw rig_draw(const PoweredRig& rig, Activity activity, std::optional<Range<Watts>> cards) {
  Draw draw;
  for (const Consumer& consumer : rig.electrical->consumers) {
    if (cards && consumer.component == Component::card) continue;
    draw.of[static_cast<std::size_t>(consumer.component)] += consumer_draw(rig, consumer, activity);
  }
  if (cards) draw.of[static_cast<std::size_t>(Component::card)] = *cards;
  for (const Range<Watts>& part : draw.of) draw.total += part;
  return draw;
}

hardware::Electrical with_card_limit(hardware::Electrical electrical, Watts limit) {
  for (Consumer& consumer : electrical.consumers) {
    if (consumer.component != Component::card) continue;
    consumer.draw[index(Activity::limit)] = exactly(std::min(limit, consumer.board_power));
  }
  return electrical;
}

CardLimits card_limits(const PoweredRig& rig) {
  CardLimits limits;
  for (const Consumer& consumer : rig.electrical->consumers) {
    if (consumer.component != Component::card) continue;
    const Watts stated = card_of(rig, consumer).lowest_power_limit;
    const Watts lowest = stated > Watts{} ? stated : kLowestShare * consumer.board_power;
    limits.cards += consumer.count;
    limits.lowest = std::max(limits.lowest, lowest);
    limits.highest = std::max(limits.highest, consumer.at(Activity::limit).expected);
  }
  limits.lowest = std::min(limits.lowest, limits.highest);
  return limits;
}

Range<double> rate_at_limit(const PoweredRig& rig, Watts limit, Phase phase) {
  RIGOR_ASSERT(rig.power != nullptr && limit > Watts{});
  Range<double> worst = exactly(1.0);
  for (const Consumer& consumer : rig.electrical->consumers) {
    if (consumer.component != Component::card || consumer.board_power <= limit) continue;
    const PowerFactor rate =
        rig.power->rate(phase, family_of(card_of(rig, consumer)), limit / consumer.board_power);
    if (rate.expected < worst.expected) worst = {rate.low, rate.expected, rate.high};
  }
  return worst;
}

}  // namespace rigor::estimate
