#include <fmt/format.h>

#include "check/memory_kit.hpp"
#include "check/rules/all.hpp"

namespace rigor::check {

/// Modules against the board's slots for them.
Findings memory_modules(const Assembly& rig) {
  if (rig.first("memory") == nullptr || rig.first("board") == nullptr) return {};
  Facts facts(rig);
  const auto kits = memory_kits(rig, facts);
  const auto slots = facts.count(rig.first("board"), "dimm_slots");
  if (!kits || !slots) return {facts.unknown("whether the modules find slots")};
  const bool fits = kits->modules <= *slots;
  return {facts.measured(fits ? Severity::ok : Severity::error, {1.0 * kits->modules, "modules"},
                         {1.0 * *slots, "slots"}, *slots - kits->modules,
                         fmt::format("{} memory module{} for {} slots", kits->modules,
                                     kits->modules == 1 ? "" : "s", *slots),
                         fits ? "" : "fewer, larger modules")};
}

}  // namespace rigor::check
