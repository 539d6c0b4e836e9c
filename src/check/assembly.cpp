#include "check/assembly.hpp"

#include "catalog/electrical.hpp"
#include "catalog/lane_graph.hpp"

namespace rigor::check {

std::vector<const Item*> Assembly::all(std::string_view kind) const {
  std::vector<const Item*> found;
  for (const Item& item : items) {
    if (item.placed->kind == kind) found.push_back(&item);
  }
  return found;
}

const Item* Assembly::first(std::string_view kind) const {
  for (const Item& item : items) {
    if (item.placed->kind == kind) return &item;
  }
  return nullptr;
}

std::unique_ptr<const Assembly> assemble(const hardware::Rig& rig,
                                         std::span<const catalog::Entry> entries,
                                         const Knowledge& knowledge, std::vector<Demand> demands,
                                         std::vector<Diagnostic> wrong_places) {
  auto made = std::make_unique<Assembly>();
  made->rig = &rig;
  made->limits = knowledge.limits;
  made->habits = knowledge.habits;
  made->demands = std::move(demands);
  made->wrong_places = std::move(wrong_places);
  for (std::size_t i = 0; i < rig.parts.size(); ++i)
    made->items.push_back({&rig.parts[i], &entries[i], i});
  made->electrical = catalog::electrical(rig, entries, *knowledge.habits);
  made->sheet = estimate::power_sheet(
      {{&made->electrical, rig.accelerators, knowledge.power}, knowledge.habits, rig.site});
  made->plugged = catalog::lane_users(rig, entries);
  const Item* board = made->first("board");
  if (board == nullptr) return made;
  const Item* processor = made->first("cpu");
  made->graph =
      catalog::to_lane_graph(*board->entry, processor != nullptr ? processor->entry : nullptr);
  if (!made->graph.groups.empty())
    made->lanes = hardware::lane_report(made->graph, made->plugged.users);
  return made;
}

}  // namespace rigor::check
