#include <fmt/format.h>

#include <array>

#include "check/rules/all.hpp"

namespace rigor::check {

/// What no machine made of parts works without.
Findings parts_listed(const Assembly& rig) {
  constexpr std::array kParts = {"board", "cpu", "memory", "psu", "drive"};
  if (rig.is_whole_machine()) return {};
  Findings found;
  for (const char* kind : kParts) {
    Facts facts(rig);
    if (facts.need(kind) == nullptr) found.push_back(facts.unknown("whether the list is whole"));
  }
  if (found.empty())
    found.push_back(Facts(rig).finding(
        Severity::ok, "board, processor, memory, power supply and drive are listed"));
  return found;
}

}  // namespace rigor::check
