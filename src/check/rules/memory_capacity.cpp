#include <fmt/format.h>

#include "check/memory_kit.hpp"
#include "check/rules/all.hpp"

namespace rigor::check {

/// All modules against what board and processor address.
Findings memory_capacity(const Assembly& rig) {
  Findings found;
  if (rig.first("memory") == nullptr) return found;
  for (const char* kind : {"board", "cpu"}) {
    const Item* holder = rig.first(kind);
    if (holder == nullptr) continue;
    Facts facts(rig);
    const auto kits = memory_kits(rig, facts);
    const auto most = facts.quantity<Bytes>(holder, "max_memory");
    if (!kits || !most) {
      found.push_back(facts.unknown(fmt::format("how much memory {} takes", holder->name())));
      continue;
    }
    const double now = kits->capacity.in(GiB), limit = most->in(GiB);
    const bool fits = now <= limit;
    found.push_back(facts.measured(
        fits ? Severity::ok : Severity::error, {now, "GiB"}, {limit, "GiB"}, limit - now,
        fmt::format("{:.0f} GiB of memory, {} takes {:.0f}", now, holder->name(), limit),
        fits ? "" : "less memory"));
  }
  return found;
}

}  // namespace rigor::check
