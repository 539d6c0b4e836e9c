#include <fmt/format.h>

#include <algorithm>

#include "check/connectors.hpp"
#include "check/rules/all.hpp"

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
      fmt::format("{} EPS sockets on board{}, {} plugs at the supply", wanted,
                  cards > 0 ? " and cards" : "", plugs),
      severity == Severity::ok ? ""
                               : "a supply with more EPS plugs, or an adapter cable of its maker");
}

/// The package's limit against the plugs that can feed it.
Finding judge_power(const Assembly& rig) {
  Facts facts(rig);
  const Item* processor = rig.first("cpu");
  const std::string_view key = Facts::states(processor, "package_power") ? "package_power" : "tdp";
  auto power = facts.quantity<Watts>(processor, key);
  const auto sockets = facts.count(rig.first("board"), "eps_8pin");
  if (!facts.complete()) return facts.unknown("what the processor's plugs carry");
  const double most = (*sockets * facts.limit<Watts>("connector.eps")).in(watt);
  const double now = power->in(watt);
  return facts.measured(
      now <= most ? Severity::ok : Severity::error, {now, "W"}, {most, "W"}, most - now,
      fmt::format("{} may take {:.0f} W, {} EPS plug{} carry {:.0f}", processor->name(), now,
                  *sockets, *sockets == 1 ? "" : "s", most),
      now <= most ? "" : fmt::format("a package power limit of {:.0f} W", most));
}

}  // namespace

Findings processor_connectors(const Assembly& rig) {
  if (rig.first("cpu") == nullptr || rig.first("board") == nullptr) return {};
  return {judge_plugs(rig), judge_power(rig)};
}

}  // namespace rigor::check
