#include <fmt/format.h>

#include "base/text.hpp"
#include "check/rules/all.hpp"
#include "hardware/lane_search.hpp"

namespace rigor::check {
namespace {

using hardware::LaneUser;
using hardware::SeatingWorth;
using hardware::Seats;

Seats seats_now(const Assembly& rig) {
  Seats seats(rig.lanes.links.size());
  for (std::size_t u = 0; u < seats.size(); ++u) {
    for (std::size_t c = 0; c < rig.graph.connectors.size(); ++c) {
      if (rig.graph.connectors[c].name == rig.lanes.links[u].slot) seats[u] = c;
    }
  }
  return seats;
}

/// Whether a part of the same name sits there already.
bool holds_alike(const Assembly& rig, const Seats& seats, std::size_t connector,
                 const LaneUser& user) {
  for (std::size_t u = 0; u < seats.size(); ++u) {
    if (seats[u] == connector) return rig.plugged.users[u].name == user.name;
  }
  return false;
}

/// What is better, in plain words.
std::string gain(const SeatingWorth& now, const SeatingWorth& best) {
  constexpr double kGiga = 1e9;
  if (best.seated_cards > now.seated_cards) return "one more card has a slot";
  if (best.dead > now.dead) return "nothing is without lanes";
  if (best.misfits > now.misfits) return "fewer cards are in each other's way";
  if (best.seated_drives > now.seated_drives) return "one more drive has a socket";
  if (best.slowest_card > now.slowest_card)
    return fmt::format("the slowest card gets {:.1f} instead of {:.1f} GB/s",
                       best.slowest_card / kGiga, now.slowest_card / kGiga);
  if (best.cards > now.cards)
    return fmt::format("the cards get {:.1f} instead of {:.1f} GB/s together", best.cards / kGiga,
                       now.cards / kGiga);
  if (best.crowded > now.crowded) return "cards get a free row for their air";
  return fmt::format("the drives get {:.1f} instead of {:.1f} GB/s together", best.drives / kGiga,
                     now.drives / kGiga);
}

}  // namespace

/// The places as they are against the best of all ways to plug in the same parts.
Findings arrangement(const Assembly& rig) {
  if (rig.lanes.links.empty()) return {};
  std::vector<LaneUser> free = rig.plugged.users;
  for (LaneUser& user : free) user.slot.clear();
  const Seats now = seats_now(rig), best = hardware::best_seats(rig.graph, free);
  hardware::LaneModes modes(rig.graph, rig.plugged.users);
  const SeatingWorth worth_now = seating_worth(modes, rig.graph, rig.plugged.users, now);
  const SeatingWorth worth_best = seating_worth(modes, rig.graph, rig.plugged.users, best);
  Facts facts(rig);
  if (worth_best <= worth_now)
    return {facts.finding(Severity::ok, "no other way to plug in the same parts is better")};
  std::vector<std::string> moves;
  for (std::size_t u = 0; u < now.size(); ++u) {
    if (best[u] && !holds_alike(rig, now, *best[u], rig.plugged.users[u]))
      moves.push_back(fmt::format("{} into {}", rig.plugged.users[u].name,
                                  rig.graph.connectors[*best[u]].name));
  }
  return {facts.finding(
      Severity::info,
      fmt::format("the same parts can be plugged in better: {}", gain(worth_now, worth_best)),
      join(moves, ", "))};
}

}  // namespace rigor::check
