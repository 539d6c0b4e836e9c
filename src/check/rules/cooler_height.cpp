#include "check/rules/fits_case.hpp"

namespace rigor::check {

/// Air coolers; a radiator hangs elsewhere.
Findings cooler_height(const Assembly& rig) {
  Findings found;
  if (rig.first("case") == nullptr) return found;
  for (const Item* cooler : rig.all("cooler")) {
    if (Facts::states(cooler, "radiator")) continue;
    Facts facts(rig);
    if (Facts::states(cooler, "kind") && facts.text(cooler, "kind") != "air") continue;
    found.push_back(fits_case(rig, *cooler, "height", "max_cooler_height", "coolers",
                              "a lower cooler, a radiator, or a wider case"));
  }
  return found;
}

}  // namespace rigor::check
