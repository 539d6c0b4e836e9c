#include "check/rules/fits_case.hpp"

namespace rigor::check {

Findings supply_length(const Assembly& rig) {
  Findings found;
  if (rig.first("case") == nullptr) return found;
  for (const Item* supply : rig.all("psu"))
    found.push_back(fits_case(rig, *supply, "length", "max_psu_length", "supplies",
                              "a shorter supply, or another case"));
  return found;
}

}  // namespace rigor::check
