#include <fmt/format.h>

#include "check/rules/all.hpp"

namespace rigor::check {

/// Cores against cards: each wants a thread that launches its work and, in training, one that feeds
/// it.
Findings processor_cores(const Assembly& rig) {
  const Item* processor = rig.first("cpu");
  const auto cards = static_cast<int>(rig.rig->accelerators.size());
  if (processor == nullptr || cards == 0) return {};
  Facts facts(rig);
  const auto cores = facts.count(processor, "cores");
  if (!cores) return {facts.unknown("whether the processor keeps the cards busy")};
  const int wanted = cards * static_cast<int>(facts.limit("work.cores_per_card"));
  const bool enough = *cores >= wanted;
  return {facts.measured(
      enough ? Severity::ok : Severity::warning, {1.0 * *cores, "cores"}, {1.0 * wanted, "cores"},
      *cores - wanted,
      fmt::format("{} has {} cores for {} card{}", processor->name(), *cores, cards,
                  cards == 1 ? "" : "s"),
      enough ? ""
             : fmt::format("a processor with {} cores; generating from one network at a time does "
                           "with fewer",
                           wanted))};
}

}  // namespace rigor::check
