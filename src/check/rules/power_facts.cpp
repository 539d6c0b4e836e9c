#include "check/rules/power_facts.hpp"

namespace rigor::check {

void read_draw(const Assembly& rig, Facts& facts) {
  for (const Item* card : rig.all("gpu")) facts.quantity<Watts>(card, "board_power");
  for (const Item* processor : rig.all("cpu"))
    facts.quantity<Watts>(processor,
                          Facts::states(processor, "package_power") ? "package_power" : "tdp");
}

const Item* item_of(const Assembly& rig, std::string_view kind, const std::string& id,
                    const std::string& name) {
  for (const Item* item : rig.all(kind)) {
    if (item->placed->id == id && item->name() == name) return item;
  }
  return nullptr;
}

}  // namespace rigor::check
