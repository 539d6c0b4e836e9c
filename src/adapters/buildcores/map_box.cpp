// Cards, supplies, cases, coolers, fans and UPS of the BuildCores open database.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "adapters/buildcores/draft.hpp"
#include "base/text.hpp"

namespace rigor::adapters::buildcores {
namespace {

constexpr std::array kCooling = {
    Word{"4 Fans", "open"},   Word{"3 Fans", "open"},         Word{"2 Fans", "open"},
    Word{"1 Fan", "open"},    Word{"Blower", "blower"},       Word{"Passive", "passive"},
    Word{"Hybrid", "liquid"}, Word{"Water Cooled", "liquid"},
};
constexpr std::array kRatings = {
    Word{"80+ Titanium", "80 PLUS Titanium"}, Word{"80+ Platinum", "80 PLUS Platinum"},
    Word{"80+ Gold", "80 PLUS Gold"},         Word{"80+ Silver", "80 PLUS Silver"},
    Word{"80+ Bronze", "80 PLUS Bronze"},     Word{"80+ Standard", "80 PLUS White"},
    Word{"80+ White", "80 PLUS White"},       Word{"80+", "80 PLUS White"},
};
constexpr std::array kCaseForms = {
    Word{"ATX Full Tower", "full tower"},
    Word{"ATX Mid Tower", "mid tower"},
    Word{"ATX Mini Tower", "mini tower"},
    Word{"ATX Desktop", "desktop"},
    Word{"ATX Test Bench", "test bench"},
    Word{"EATX Full Tower", "full tower"},
    Word{"EATX Mid Tower", "mid tower"},
    Word{"Micro ATX Mid Tower", "mid tower"},
    Word{"Micro ATX Mini Tower", "mini tower"},
    Word{"Micro ATX Desktop", "desktop"},
    Word{"Micro ATX Slim Tower", "slim tower"},
    Word{"Mini ITX Tower", "mini tower"},
    Word{"Mini ITX Desktop", "desktop"},
    Word{"Mini ITX Test Bench", "test bench"},
    Word{"HTPC", "desktop"},
    Word{"Open Frame", "open frame"},
};
constexpr std::array kTopologies = {Word{"Standby", "standby"},
                                    Word{"Line-Interactive", "line-interactive"},
                                    Word{"Online/Double-Conversion", "double-conversion"}};

/// The chip of this name and memory; null when the catalogue has none or several.
const Chip* find_chip(std::span<const Chip> chips, const std::string& name, double memory) {
  const std::string plain = join(words(name), " ");
  const std::string sized = plain + fmt::format(" {} gb", short_number(memory));
  const Chip* found = nullptr;
  for (const Chip& chip : chips) {
    const bool named = std::any_of(chip.names.begin(), chip.names.end(), [&](const auto& known) {
      return known == plain || known == sized;
    });
    if (!named || chip.memory_gib != memory) continue;
    if (found != nullptr) return nullptr;
    found = &chip;
  }
  return found;
}

void put_power_connectors(Draft& draft) {
  const auto plugs = [&](std::string_view name) {
    const JsonNode* node = draft.record.at(fmt::format("power_connectors.{}", name));
    const auto* count = node == nullptr ? nullptr : std::get_if<std::int64_t>(&node->value);
    return count == nullptr ? 0 : std::clamp<std::int64_t>(*count, 0, 8);
  };
  const std::int64_t wide = plugs("pcie_12VHPWR") + plugs("pcie_12V_2x6");
  const std::int64_t eight = plugs("pcie_8_pin"), six = plugs("pcie_6_pin");
  if (wide > 0 && eight + six > 0) {
    draft.record.leave_out("power_connectors", "16-pin and 8-pin together: card or adapter?");
    return;
  }
  std::vector<std::string> list;
  list.insert(list.end(), static_cast<std::size_t>(wide), "16-pin");
  list.insert(list.end(), static_cast<std::size_t>(eight), "8-pin");
  list.insert(list.end(), static_cast<std::size_t>(six), "6-pin");
  if (list.empty() && draft.record.at("power_connectors") != nullptr)
    draft.record.leave_out("power_connectors", "0, which means unknown there");
  draft.put("power_connectors", list);
}

/// How thick the card is; a cooler may be thicker than the bracket says.
void put_slots(Draft& draft) {
  std::optional<double> slots = draft.record.number("total_slot_width");
  const std::optional<double> bracket = draft.record.number("case_expansion_slot_width");
  if (!slots || (bracket && *bracket > *slots)) slots = bracket;
  if (slots) draft.put("slots", *slots);
}

void put_cooler_sockets(Draft& draft) {
  std::vector<std::string> sockets;
  for (const std::string& theirs : draft.record.texts("cpu_sockets")) {
    if (theirs == "LGA 115") {
      sockets.insert(sockets.end(), {"LGA1150", "LGA1151", "LGA1155", "LGA1156"});
    } else if (const std::string ours = socket_name(theirs); !ours.empty()) {
      sockets.push_back(ours);
    }
  }
  std::sort(sockets.begin(), sockets.end());
  sockets.erase(std::unique(sockets.begin(), sockets.end()), sockets.end());
  draft.put("sockets", sockets);
}

}  // namespace

void map_gpu(Draft& draft, std::span<const Chip> chips) {
  const std::string name = draft.record.text("chipset");
  const std::optional<double> memory = draft.record.number("memory");
  if (name.empty()) return draft.skip("no chipset is named");
  if (!memory) return draft.skip("its memory is unknown, so its chip is");
  const Chip* chip = find_chip(chips, name, *memory);
  if (chip == nullptr) return draft.skip("the catalogue has no such chip with that memory");
  draft.entry.base = chip->id;
  draft.quantity("board_power", "tdp", "W");
  draft.quantity("length", "length", "mm");
  put_slots(draft);
  put_power_connectors(draft);
  draft.put("cooling", translate(draft, "cooling", kCooling));
  draft.released();
  if (draft.entry.fields.empty()) draft.skip("nothing is known beyond its chip");
}

void map_psu(Draft& draft) {
  draft.put("part_numbers", draft.record.texts("metadata.part_numbers"));
  draft.quantity("power", "wattage", "W");
  draft.text("form_factor", "form_factor");
  const std::string rating = translate(draft, "efficiency_rating", kRatings);
  draft.put("rating", rating.empty() ? draft.record.text("cybernetics_efficiency_rating") : rating);
  draft.count("eps_8pin", "connectors.eps_8_pin");
  draft.count("pcie_8pin", "connectors.pcie_6_plus_2_pin");
  draft.count("pcie_16pin", "connectors.pcie_12vhpwr");
  draft.count("sata", "connectors.sata");
  draft.count("molex", "connectors.molex_4_pin");
  draft.quantity("length", "length", "mm");
  draft.put("efficiency_class", rating);
}

void map_case(Draft& draft) {
  draft.put("part_numbers", draft.record.texts("metadata.part_numbers"));
  const std::string form = translate(draft, "form_factor", kCaseForms);
  draft.put("form_factor", form);
  std::vector<std::string> boards = draft.record.texts("supported_motherboard_form_factors");
  for (std::string& board : boards) {
    if (board.starts_with("SSI ")) board[3] = '-';
  }
  draft.put("boards", boards);
  draft.quantity("max_gpu_length", "max_video_card_length", "mm");
  draft.quantity("max_cooler_height", "max_cpu_cooler_height", "mm");
  draft.quantity("max_psu_length", "max_psu_length", "mm");
  draft.count("expansion_slots", "expansion_slots");
  draft.quantity("width", "dimensions_mm.width", "mm");
  draft.quantity("height", "dimensions_mm.height", "mm");
  draft.quantity("depth", "dimensions_mm.depth", "mm");
  if (form == "open frame" || form == "test bench") draft.put("open_frame", true);
}

void map_cooler(Draft& draft) {
  draft.put("part_numbers", draft.record.texts("metadata.part_numbers"));
  const std::optional<bool> water = draft.record.truth("water_cooled");
  if (water) draft.put("kind", std::string(*water ? "aio" : "air"));
  draft.quantity("height", "height", "mm");
  if (water == true) draft.quantity("radiator", "radiator_size", "mm");
  put_cooler_sockets(draft);
  draft.quantity("max_noise", "max_noise_level", "dBA");
  draft.quantity("max_speed", "max_fan_rpm", "rpm");
  draft.count("fans", "fan_quantity");
  draft.quantity("fan_size", "fan_size", "mm");
}

void map_fan(Draft& draft) {
  constexpr double kWidest = 250;  // wider ones are frames of several fans
  draft.put("part_numbers", draft.record.texts("metadata.part_numbers"));
  if (draft.record.number("size").value_or(0) > kWidest) draft.skip("several fans in one frame");
  draft.quantity("size", "size", "mm");
  draft.quantity("airflow", "max_airflow", "CFM");
  draft.quantity("max_noise", "max_noise_level", "dBA");
}

void map_ups(Draft& draft) {
  draft.put("part_numbers", draft.record.texts("metadata.part_numbers"));
  draft.quantity("apparent_power", "specifications.capacity", "VA");
  draft.quantity("power", "specifications.wattage", "W");
  draft.put("topology", translate(draft, "specifications.topology", kTopologies));
  const auto power = draft.record.number("specifications.wattage");
  const auto minutes = draft.record.number("specifications.batteryRuntime");
  if (!power || !minutes) return;
  const std::string rule = "the record's runtime is at half load";
  draft.derive("runtime[0].load", short_number(*power / 2) + " W", rule);
  draft.derive("runtime[0].time", short_number(*minutes) + " min", rule);
}

}  // namespace rigor::adapters::buildcores
