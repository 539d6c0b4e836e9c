#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "check/connectors.hpp"
#include "check/rules/all.hpp"

namespace rigor::check {
namespace {

/// What all cards want and all supplies have.
struct Plugs {
  int sixteen_wanted = 0, eight_wanted = 0, eps_wanted = 0;
  int sixteen = 0, eight = 0;
  int eight_by_adapter = 0;  ///< 8-pin plugs that adapters to 16 pins need
};

/// 8-pin plugs that an adapter needs to feed a card of this power through one 16-pin socket.
int adapter_plugs(Facts& facts, Watts card) {
  const Watts fed = card - facts.limit<Watts>("connector.slot");
  const double plugs = fed / facts.limit<Watts>("connector.eight_pin");
  return std::max(2, static_cast<int>(std::ceil(plugs - 1e-9)));
}

void add_card(Facts& facts, const Item* card, Plugs& plugs) {
  const auto list = facts.texts(card, "power_connectors");
  const auto power = facts.quantity<Watts>(card, "board_power");
  if (!list || !power) return;
  const PowerConnectors one = connectors_of(*list);
  if (!one.strange.empty())
    facts.miss_in_catalogue(card->name(), "what its " + one.strange + " takes");
  plugs.sixteen_wanted += one.sixteen_pin * card->count();
  plugs.eight_wanted += (one.eight_pin + one.six_pin) * card->count();
  plugs.eps_wanted += one.eps * card->count();
  plugs.eight_by_adapter =
      std::max(plugs.eight_by_adapter, one.sixteen_pin > 0 ? adapter_plugs(facts, *power) : 0);
}

Finding judge_plugs(Facts& facts, const Plugs& plugs) {
  const int adapters = std::max(0, plugs.sixteen_wanted - plugs.sixteen);
  const int wanted = plugs.eight_wanted + adapters * plugs.eight_by_adapter;
  std::string text = fmt::format(
      "the cards want {} 16-pin and {} 8-pin or 6-pin plugs, the supply "
      "has {} and {}",
      plugs.sixteen_wanted, plugs.eight_wanted, plugs.sixteen, plugs.eight);
  if (adapters > 0)
    text += fmt::format("; {} adapter{} would take {} 8-pin plugs each", adapters,
                        adapters == 1 ? "" : "s", plugs.eight_by_adapter);
  const Figure value{1.0 * wanted, "8-pin plugs"}, limit{1.0 * plugs.eight, "8-pin plugs"};
  const double room = plugs.eight - wanted;
  if (room < 0)
    return facts.measured(Severity::error, value, limit, room, text,
                          "a supply with more PCIe connectors; never one cable for two cards of "
                          "more than 225 W");
  if (adapters > 0)
    return facts.measured(Severity::warning, value, limit, room, text,
                          "native 16-pin cables: an adapter adds contacts that can heat up");
  return facts.measured(Severity::ok, value, limit, room, text);
}

}  // namespace

/// Plugs of all supplies against sockets of all cards; 16-pin sockets take adapters when native
/// plugs run out. Six-pin sockets take the 6+2-pin plugs of 8-pin cables.
Findings card_connectors(const Assembly& rig) {
  const auto cards = rig.all("gpu");
  const auto supplies = rig.all("psu");
  if (cards.empty() || supplies.empty()) return {};
  Facts facts(rig);
  Plugs plugs;
  for (const Item* card : cards) add_card(facts, card, plugs);
  Findings found;
  bool feeds_board = false, feeds_cards = false;
  for (const hardware::Supply& supply : rig.electrical.supplies) {
    feeds_board = feeds_board || !supply.is_server;
    feeds_cards = feeds_cards || supply.is_server;
  }
  if (feeds_cards) {
    found.push_back(facts.finding(
        feeds_board ? Severity::info : Severity::warning,
        feeds_board ? "cards on a server supply hang on its breakout board"
                    : "server supplies have one 12 V rail: nothing listed feeds the board",
        "a breakout board with a socket per card and 16 AWG cables; common ground; start the "
        "supplies in a fixed order; an ATX or pico supply for the board"));
    return found;
  }
  for (const Item* supply : supplies) {
    plugs.sixteen += facts.count(supply, "pcie_16pin").value_or(0) * supply->count();
    plugs.eight += facts.count(supply, "pcie_8pin").value_or(0) * supply->count();
  }
  if (!facts.complete()) return {facts.unknown("whether the supply has a plug for every card")};
  return {judge_plugs(facts, plugs)};
}

}  // namespace rigor::check
