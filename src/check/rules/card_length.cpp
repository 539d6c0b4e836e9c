#include "check/rules/fits_case.hpp"

namespace rigor::check {

Findings card_length(const Assembly& rig) {
  Findings found;
  if (rig.first("case") == nullptr) return found;
  for (const Item* card : rig.all("gpu"))
    found.push_back(fits_case(rig, *card, "length", "max_gpu_length", "cards",
                              "a shorter card of the same chip, or a longer case"));
  return found;
}

}  // namespace rigor::check
