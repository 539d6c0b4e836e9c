#include "check/memory_kit.hpp"

#include <algorithm>

namespace rigor::check {

std::optional<MemoryKits> memory_kits(const Assembly& rig, Facts& facts) {
  MemoryKits kits;
  facts.need("memory");
  for (const Item* kit : rig.all("memory")) {
    const auto modules = facts.count(kit, "modules");
    const auto capacity = facts.quantity<Bytes>(kit, "module_capacity");
    const auto speed = facts.quantity<Hertz>(kit, "speed");
    if (!modules || !capacity || !speed) continue;
    const int pieces = *modules * kit->count();
    const double transfers = speed->in(Hertz::from_base(1));
    kits.slowest = kits.modules == 0 ? transfers : std::min(kits.slowest, transfers);
    kits.modules += pieces;
    kits.capacity += *capacity * pieces;
  }
  return facts.complete() ? std::optional(kits) : std::nullopt;
}

}  // namespace rigor::check
