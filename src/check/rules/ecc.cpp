#include <fmt/format.h>

#include "check/rules/all.hpp"

namespace rigor::check {

/// Side-band ECC needs module, board and processor. What DDR5 does on its dies does not count.
Findings ecc(const Assembly& rig) {
  Findings found;
  for (const Item* kit : rig.all("memory")) {
    Facts facts(rig);
    const auto own = facts.flag(kit, "ecc");
    if (own && !*own) {
      found.push_back(
          facts.finding(Severity::info,
                        fmt::format("{} has no ECC: bit errors in it stay unnoticed", kit->name()),
                        "for runs of weeks: ECC modules, where board and processor take them"));
      continue;
    }
    const auto board = facts.flag(facts.need("board"), "ecc");
    const auto processor = facts.flag(facts.need("cpu"), "ecc");
    if (!facts.complete()) {
      found.push_back(facts.unknown("whether ECC works"));
      continue;
    }
    const bool works = *board && *processor;
    found.push_back(
        works ? facts.finding(Severity::ok, "ECC works: module, board and processor have it")
              : facts.finding(Severity::warning,
                              fmt::format("{} has ECC, the {} has not: it does nothing",
                                          kit->name(), *board ? "processor" : "board"),
                              "modules without ECC, or a board and processor with it"));
  }
  return found;
}

}  // namespace rigor::check
