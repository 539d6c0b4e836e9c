#include <fmt/format.h>

#include "check/connectors.hpp"
#include "check/rules/all.hpp"

namespace rigor::check {
namespace {

constexpr double kRail = 12;  ///< volts
constexpr int kPairs = 6;     ///< of contacts in a 12V-2x6 connector

/// Amperes through one of six contacts when all but nothing comes from the slot.
double pin_current(Watts power) {
  return power.in(watt) / kRail / kPairs;
}

Finding judge_card(const Assembly& rig, const Item* card) {
  Facts facts(rig);
  const auto list = facts.texts(card, "power_connectors");
  auto power = facts.quantity<Watts>(card, "board_power");
  if (!facts.complete())
    return facts.unknown(fmt::format("what the connectors of {} carry", card->name()));
  const auto& limit = rig.rig->settings.gpu_power_limit;
  if (limit && *limit < *power) power = limit;
  const PowerConnectors plugs = connectors_of(*list);
  if (!plugs.strange.empty()) {
    facts.miss_in_catalogue(card->name(), "the rating of its " + plugs.strange);
    return facts.unknown(fmt::format("what the connectors of {} carry", card->name()));
  }
  const double most = (plugs.carry(facts) + facts.limit<Watts>("connector.slot")).in(watt);
  const double now = power->in(watt);
  if (now > most) {
    return facts.measured(Severity::error, {now, "W"}, {most, "W"}, most - now,
                          fmt::format("{} draws {:.0f} W, its connectors and slot carry {:.0f}",
                                      card->name(), now, most),
                          fmt::format("a power limit of {:.0f} W", most));
  }
  const double pin = pin_current(*power);
  if (plugs.sixteen_pin == 1) {
    const double warn = facts.limit<Amperes>("connector.pin_warning").in(Amperes::from_base(1));
    const double rated = facts.limit<Amperes>("connector.pin").in(Amperes::from_base(1));
    const bool close = pin > warn;
    return facts.measured(
        close ? Severity::warning : Severity::ok, {pin, "A"}, {rated, "A"}, rated - pin,
        fmt::format("{} at {:.0f} W: {:.1f} A through each pin of its 16-pin plug, rated {:.1f}",
                    card->name(), now, pin, rated),
        close ? fmt::format("a power limit of {:.0f} W, or a cable that measures its pins",
                            warn * kRail * kPairs)
              : "");
  }
  const double cable = facts.limit<Watts>("connector.cable").in(watt);
  const bool several = plugs.eight_pin + plugs.six_pin > 1 && now > cable;
  return facts.measured(
      Severity::ok, {now, "W"}, {most, "W"}, most - now,
      fmt::format("{} draws {:.0f} W of the {:.0f} that its connectors and slot carry{}",
                  card->name(), now, most,
                  several ? fmt::format("; give each plug a cable of its own: one with two plugs "
                                        "is good for {:.0f} W",
                                        cable)
                          : ""));
}

}  // namespace

/// Watts of a card against its connectors, amperes against the contacts of a 16-pin plug.
Findings connector_load(const Assembly& rig) {
  Findings found;
  for (const Item* card : rig.all("gpu")) found.push_back(judge_card(rig, card));
  return found;
}

}  // namespace rigor::check
