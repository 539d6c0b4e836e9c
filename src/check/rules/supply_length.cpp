#include "check/rules/fits_case.hpp"

namespace rigor::check {

Findings supply_length(const Assembly& rig) {
  Findings found;
  if (rig.first("case") == nullptr) return found;
  for (const hardware::Supply& supply : rig.electrical.supplies) {
    if (supply.is_server) continue;  // it stands beside the case
    found.push_back(fits_case(rig, rig.items[supply.part], "length", "max_psu_length", "supplies",
                              "a shorter supply, or another case"));
  }
  return found;
}

}  // namespace rigor::check
