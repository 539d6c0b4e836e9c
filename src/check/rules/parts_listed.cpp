#include <fmt/format.h>

#include <array>

#include "check/rules/all.hpp"

namespace rigor::check {

/// What no machine made of parts works without.
Findings parts_listed(const Assembly& rig) {
  constexpr std::array kParts = {"board", "cpu", "memory", "psu", "drive"};
  if (rig.is_whole_machine()) return {};
  Facts facts(rig);
  for (const char* kind : kParts) facts.need(kind);
  if (!facts.complete()) return {facts.unknown("whether the list is whole")};
  return {facts.finding(Severity::ok,
                        "board, processor, memory, power supply and drive are listed")};
}

}  // namespace rigor::check
