#include "catalog/lane_users.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "catalog/field_reader.hpp"
#include "catalog/stated.hpp"

namespace rigor::catalog {
namespace {

hardware::LaneUser lane_user(const hardware::PlacedPart& part, const Entry& entry, int number) {
  Diagnostics ignored;
  FieldReader reader(entry, ignored);
  hardware::LaneUser user{.name = part.name, .is_card = part.kind != "drive"};
  user.generation = static_cast<int>(reader.count("pcie_generation"));
  user.lanes = static_cast<int>(reader.count("pcie_lanes"));
  user.thickness = reader.real("slots", user.is_card && part.kind != "gpu" ? 1 : 2);
  user.thickness_is_known = part.kind != "gpu" || reader.has("slots");
  user.draws_air = part.kind == "gpu" && reader.text("cooling") == "open";
  if (!part.riser.kind.empty()) {  // it sits elsewhere, its riser takes one row of slots
    user.thickness = 1;
    user.thickness_is_known = true;
    user.draws_air = false;
    if (part.riser.kind == "usb") user.lanes = 1;
    if (part.riser.generation > 0 && user.generation > 0)
      user.generation = std::min(user.generation, part.riser.generation);
  }
  if (static_cast<std::size_t>(number) < part.slots.size())
    user.slot = part.slots[static_cast<std::size_t>(number)];
  return user;
}

}  // namespace

LaneUsers lane_users(const hardware::Rig& rig, std::span<const Entry> entries) {
  LaneUsers all;
  std::size_t next = 0;
  for (std::size_t i = 0; i < rig.parts.size(); ++i) {
    const hardware::PlacedPart& part = rig.parts[i];
    const bool computes = part.kind == "gpu" || part.kind == "system";
    const bool sits = part.kind == "gpu" || part.kind == "nic" || part.kind == "drive";
    const Field* interface = entries[i].find("interface");
    const auto* bus = interface == nullptr ? nullptr : std::get_if<std::string>(&interface->value);
    const bool on_cable = part.kind == "drive" && bus != nullptr && lower(*bus) != "nvme";
    // A part that only the file describes states its own connector, not what a splitter leaves it.
    const bool stated =
        states(part, entries[i], "pcie_lanes") && states(part, entries[i], "pcie_generation");
    const bool apart =
        part.slots.empty() && stated && (!part.id.empty() || !part.riser.kind.empty());
    for (int k = 0; k < part.count; ++k) {
      const auto accelerator = computes ? std::optional(next++) : std::nullopt;
      if (!sits || on_cable || apart) continue;
      all.pieces.push_back({i, k, accelerator});
      all.users.push_back(lane_user(part, entries[i], k));
    }
  }
  return all;
}

}  // namespace rigor::catalog
