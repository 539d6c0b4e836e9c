#include <fmt/format.h>

#include <array>

#include "check/rules/all.hpp"

namespace rigor::check {

/// What no machine made of parts works without.
Findings parts_listed(const Assembly& rig) {
  constexpr std::array kParts = {"board", "cpu", "memory", "psu", "drive"};
  if (rig.is_whole_machine()) return {};
  Facts facts(rig);
  int boards = 0;
  for (const Item* board : rig.all("board")) boards += board->count();
  if (boards > 1)
    return {facts.measured(Severity::error, {1.0 * boards, "boards"}, {1, "boards"}, 1 - boards,
                           "a machine has one board", "a rig file per machine")};
  for (const char* kind : kParts) facts.need(kind);
  if (!facts.complete()) return {facts.unknown("whether the list is whole")};
  return {
      facts.finding(Severity::ok, "board, processor, memory, power supply and drive are listed")};
}

}  // namespace rigor::check
