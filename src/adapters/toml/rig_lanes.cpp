#include "adapters/toml/rig_lanes.hpp"

#include <fmt/format.h>

#include "catalog/field_reader.hpp"
#include "catalog/lane_graph.hpp"
#include "catalog/lane_users.hpp"
#include "catalog/stated.hpp"

namespace rigor::adapters {
namespace {

using catalog::Entry;
using hardware::Accelerator;
using hardware::PlacedPart;
using hardware::SlotLink;

/// Sets the links of one rig.
class Linker {
 public:
  Linker(RigFile& file, const catalog::Catalog& catalog)
      : file_(file), catalog_(catalog), plugged_(catalog::lane_users(file.rig, file.entries)) {}

  void link(Diagnostics& diagnostics);

 private:
  [[nodiscard]] const Entry* first_of(std::string_view kind) const;
  void take_stated(std::size_t part, Accelerator& device) const;
  void bridge(const PlacedPart& part, std::size_t first, Diagnostics& diagnostics);
  void take_derived(const hardware::LaneReport& report);

  RigFile& file_;
  const catalog::Catalog& catalog_;
  const catalog::LaneUsers plugged_;
  int bridges_ = 0;
};

const Entry* Linker::first_of(std::string_view kind) const {
  for (std::size_t i = 0; i < file_.entries.size(); ++i) {
    if (file_.rig.parts[i].kind == kind) return &file_.entries[i];
  }
  return nullptr;
}

/// A card whose lanes the file states keeps its own connector in mind: that is what measurements of
/// it are compared with.
void Linker::take_stated(std::size_t part, Accelerator& device) const {
  const PlacedPart& placed = file_.rig.parts[part];
  if (placed.id.empty() && placed.riser.kind.empty()) return;  // the file describes its connector
  if (catalog::states(file_.rig.parts[part], file_.entries[part], "pcie_lanes"))
    device.slot.lanes = device.pcie_lanes;
  if (catalog::states(file_.rig.parts[part], file_.entries[part], "pcie_generation"))
    device.slot.generation = device.pcie_generation;
  if (device.slot.lanes + device.slot.generation == 0) return;
  device.slot.basis = SlotLink::Basis::stated;
  const Result<const Entry*> made = catalog_.entry(file_.rig.parts[part].id);
  if (!made) return;
  Diagnostics ignored;
  catalog::FieldReader reader(**made, ignored);
  device.pcie_lanes = static_cast<int>(reader.count("pcie_lanes", device.pcie_lanes));
  device.pcie_generation =
      static_cast<int>(reader.count("pcie_generation", device.pcie_generation));
}

/// The first with the second, the third with the fourth.
void Linker::bridge(const PlacedPart& part, std::size_t first, Diagnostics& diagnostics) {
  if (!part.nvlink) return;
  if (file_.rig.accelerators[first].nvlink <= BytesPerSecond{}) {
    diagnostics.error(part.where, fmt::format("{} has no NVLink", part.name), "leave nvlink out");
  } else if (part.count < 2) {
    diagnostics.error(part.where, "nvlink joins two cards, the part has one",
                      "write count = 2, or leave nvlink out");
  }
  for (int k = 0; k + 1 < part.count; k += 2) {
    const std::size_t card = first + static_cast<std::size_t>(k);
    file_.rig.accelerators[card].bridge = file_.rig.accelerators[card + 1].bridge = bridges_++;
  }
}

/// What the file states wins over what is derived.
void Linker::take_derived(const hardware::LaneReport& report) {
  for (std::size_t u = 0; u < plugged_.pieces.size(); ++u) {
    const auto& accelerator = plugged_.pieces[u].accelerator;
    if (!accelerator) continue;
    const hardware::LaneLink& found = report.links[u];
    SlotLink& slot = file_.rig.accelerators[*accelerator].slot;
    slot.slot = found.slot;
    slot.slot_is_assumed = found.slot_is_assumed;
    slot.from_chipset = found.root == hardware::LaneRoot::chipset;
    slot.shared = found.shared;
    if (slot.basis == SlotLink::Basis::unknown) slot.why = found.why;
    slot.basis = SlotLink::Basis::derived;
    if (slot.lanes == 0) slot.lanes = found.lanes;
    if (slot.generation == 0) slot.generation = found.generation;
  }
}

void Linker::link(Diagnostics& diagnostics) {
  std::size_t next = 0;
  for (std::size_t i = 0; i < file_.rig.parts.size(); ++i) {
    const PlacedPart& part = file_.rig.parts[i];
    if (part.kind == "gpu") bridge(part, next, diagnostics);
    for (int k = 0; part.kind == "gpu" && k < part.count; ++k)
      take_stated(i, file_.rig.accelerators[next + static_cast<std::size_t>(k)]);
    if (part.kind == "gpu" || part.kind == "system") next += static_cast<std::size_t>(part.count);
  }
  const Entry* board = first_of("board");
  if (board == nullptr) return;
  const hardware::LaneGraph graph = catalog::to_lane_graph(*board, first_of("cpu"));
  if (graph.groups.empty()) return;
  const hardware::LaneReport report = hardware::lane_report(graph, plugged_.users);
  for (const hardware::LaneProblem& problem : report.problems)
    diagnostics.error(file_.rig.parts[plugged_.pieces[problem.user].part].where, problem.message,
                      problem.hint);
  take_derived(report);
}

}  // namespace

void link_cards(RigFile& file, const catalog::Catalog& catalog, Diagnostics& diagnostics) {
  Linker(file, catalog).link(diagnostics);
}

}  // namespace rigor::adapters
