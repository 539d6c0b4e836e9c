#include <fmt/format.h>

#include <algorithm>

#include "check/connectors.hpp"
#include "check/rules/all.hpp"
#include "check/rules/power_facts.hpp"

namespace rigor::check {
namespace {

/// Sockets of the board against plugs of the supplies, less those that cards take.
Finding judge_plugs(const Assembly& rig) {
  Facts facts(rig);
  const auto sockets = facts.count(facts.need("board"), "eps_8pin");
  int plugs = 0, cards = 0;
  facts.need("psu");
  for (const Item* supply : rig.all("psu"))
    plugs += facts.count(supply, "eps_8pin").value_or(0) * supply->count();
  for (const Item* card : rig.all("gpu")) {
    if (const auto list = facts.texts(card, "power_connectors"))
      cards += connectors_of(*list).eps * card->count();
  }
  if (!facts.complete()) return facts.unknown("whether the board's EPS sockets find plugs");
  const int wanted = *sockets + cards;
  const bool one_at_least = plugs - cards >= 1;
  const Severity severity = plugs >= wanted ? Severity::ok
                            : one_at_least  ? Severity::warning
                                            : Severity::error;
  return facts.measured(
      severity, {1.0 * wanted, "EPS plugs"}, {1.0 * plugs, "EPS plugs"}, plugs - wanted,
      fmt::format("{} EPS socket{} on board{}, {} plug{} at the supply", wanted,
                  wanted == 1 ? "" : "s", cards > 0 ? " and cards" : "", plugs,
                  plugs == 1 ? "" : "s"),
      severity == Severity::ok ? ""
                               : "a supply with more EPS plugs, or an adapter cable of its maker");
}

/// What the package may take against the plugs that are there to feed it.
Finding judge_power(const Assembly& rig) {
  Facts facts(rig);
  const Item* processor = rig.first("cpu");
  const auto power = processor_power(rig, processor, facts);
  const auto sockets = facts.count(rig.first("board"), "eps_8pin");
  if (!facts.complete()) return facts.unknown("what the processor's plugs carry");
  int plugs = 0;
  bool known = rig.first("psu") != nullptr;
  for (const Item* supply : rig.all("psu")) {
    known = known && Facts::states(supply, "eps_8pin");
    if (known) plugs += facts.count(supply, "eps_8pin").value_or(0) * supply->count();
  }
  const int used = known ? std::min(*sockets, plugs) : *sockets;
  const double most = (used * facts.limit<Watts>("connector.eps")).in(watt);
  const double now = power->in(watt);
  return facts.measured(now <= most ? Severity::ok : Severity::error, {now, "W"}, {most, "W"},
                        most - now,
                        fmt::format("{} may take {:.0f} W, {} EPS plug{} {:.0f}", processor->name(),
                                    now, used, used == 1 ? " carries" : "s carry", most),
                        now <= most ? "" : fmt::format("a package power limit of {:.0f} W", most));
}

}  // namespace

/// EPS plugs of the supplies that are made for boards.
Findings processor_connectors(const Assembly& rig) {
  if (rig.first("cpu") == nullptr || rig.first("board") == nullptr) return {};
  const auto& supplies = rig.electrical.supplies;
  const bool servers_only =
      !supplies.empty() && std::all_of(supplies.begin(), supplies.end(),
                                       [](const hardware::Supply& one) { return one.is_server; });
  if (servers_only) return {};  // card-connectors tells
  return {judge_plugs(rig), judge_power(rig)};
}

}  // namespace rigor::check
