// Processors, boards, memory and drives of the BuildCores open database.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "adapters/buildcores/draft.hpp"
#include "base/text.hpp"

namespace rigor::adapters::buildcores {
namespace {

constexpr std::array kBoardForms = {
    Word{"ATX", "ATX"},         Word{"Micro ATX", "Micro ATX"}, Word{"Mini-ITX", "Mini-ITX"},
    Word{"EATX", "EATX"},       Word{"Mini DTX", "Mini DTX"},   Word{"DTX", "DTX"},
    Word{"SSI EEB", "SSI-EEB"}, Word{"SSI CEB", "SSI-CEB"},     Word{"XL ATX", "XL ATX"},
    Word{"HPTX", "HPTX"},       Word{"Flex ATX", "Flex ATX"},   Word{"Thin Mini-ITX", "Mini-ITX"},
};

/// How many memory channels a socket has, where that does not depend on the board.
struct Channels {
  std::string_view socket;
  int channels;
};
constexpr std::array kChannels = {
    Channels{"AM5", 2},     Channels{"AM4", 2},     Channels{"AM3+", 2},    Channels{"FM2+", 2},
    Channels{"FM2", 2},     Channels{"LGA1851", 2}, Channels{"LGA1700", 2}, Channels{"LGA1200", 2},
    Channels{"LGA1151", 2}, Channels{"LGA1150", 2}, Channels{"LGA1155", 2}, Channels{"LGA1156", 2},
    Channels{"LGA2066", 4}, Channels{"LGA2011", 4}, Channels{"LGA1366", 3}, Channels{"TR4", 4},
    Channels{"sTRX4", 4},   Channels{"SP3", 8},     Channels{"SP5", 12},    Channels{"LGA4189", 8},
    Channels{"LGA3647", 6},
};

int channels_of(std::string_view socket, std::string_view chipset) {
  if (socket == "sTR5") return chipset == "TRX50" ? 4 : chipset == "WRX90" ? 8 : 0;
  if (socket.starts_with("LGA2011")) socket = "LGA2011";
  const auto found = std::find_if(kChannels.begin(), kChannels.end(),
                                  [&](const Channels& known) { return known.socket == socket; });
  return found == kChannels.end() ? 0 : found->channels;
}

/// Does the name have these words, one after the other?
bool name_says(Draft& draft, const std::vector<std::string>& wanted) {
  const std::vector<std::string> name = words(draft.record.text("metadata.name"));
  return std::search(name.begin(), name.end(), wanted.begin(), wanted.end()) != name.end();
}

void put_socket(Draft& draft) {
  const std::string theirs = draft.record.text("socket");
  const std::string socket = socket_name(theirs);
  if (socket.empty() && !theirs.empty()) draft.skip("soldered, or sockets for two processors");
  draft.put("socket", socket);
}

/// 0 where the socket does not tell.
void derive_channels(Draft& draft, std::string_view chipset) {
  const std::string socket = socket_name(draft.record.text("socket"));
  const int channels = channels_of(socket, chipset);
  const std::optional<int> slots = draft.record.count("memory.slots");
  if (channels == 0 || !slots) return;
  draft.derive("memory_channels", static_cast<std::int64_t>(std::min(channels, *slots)),
               fmt::format("{} has {} channels; the record does not say", socket, channels));
}

void put_nics(Draft& draft) {
  const JsonNode* list = draft.record.at("onboard_ethernet");
  if (list == nullptr || list->list() == nullptr) return;
  std::vector<std::string> nics;
  for (const JsonNode& port : *list->list()) {
    Record one(port);
    const std::string speed = one.text("speed");
    const std::size_t space = speed.find(' ');
    if (speed.ends_with(" Gb/s")) nics.push_back(speed.substr(0, space) + " Gbit/s");
    if (speed.ends_with(" Mb/s")) nics.push_back(speed.substr(0, space) + " Mbit/s");
  }
  draft.put("nics", nics);
}

std::string module_kind(Draft& draft) {
  if (draft.record.text("form_factor").find("SO-DIMM") != std::string::npos) return "SODIMM";
  constexpr std::array kKinds = {Word{"Unbuffered", "UDIMM"}, Word{"Registered", "RDIMM"},
                                 Word{"Load Reduced", "LRDIMM"}};
  return translate(draft, "registered", kKinds);
}

/// In the name of a kit the maker is right more often than the fields are; where they differ
/// nothing is known.
void judge_module(Draft& draft, std::string_view kind, std::string_view ecc) {
  const bool registered = kind == "RDIMM" || kind == "LRDIMM";
  const bool named_registered = name_says(draft, {"registered"}) || name_says(draft, {"rdimm"}) ||
                                name_says(draft, {"lrdimm"});
  if (named_registered && kind == "UDIMM") draft.skip("the name says registered, its field not");
  if (registered && ecc == "Non-ECC") draft.skip("registered modules without ECC");
  const bool named_plain = name_says(draft, {"non", "ecc"});
  const bool named_ecc = name_says(draft, {"ecc"}) && !named_plain;
  if ((named_ecc && ecc == "Non-ECC") || (named_plain && ecc == "ECC"))
    draft.skip("the name and the field differ on ECC");
}

struct DriveLink {
  std::string interface;  ///< ours; empty: unclear
  std::int64_t generation = 0, lanes = 0;
};

/// "M.2 PCIe 4.0 x4", "SATA 6.0 Gb/s", "U.2".
DriveLink drive_link(std::string_view theirs, std::optional<bool> nvme) {
  if (theirs.find("SATA") != std::string_view::npos) return {"sata"};
  if (theirs.starts_with("SAS")) return {"sas"};
  const bool pcie = theirs.find("PCIe") != std::string_view::npos || theirs == "U.2";
  if (!pcie || nvme == false) return {};
  DriveLink link{"nvme"};
  const std::size_t generation = theirs.find("PCIe ");
  if (generation != std::string_view::npos && theirs.substr(generation + 6).starts_with(".0"))
    link.generation = theirs[generation + 5] - '0';
  if (theirs.ends_with(" x4") || theirs.ends_with(" x2") || theirs.ends_with(" x1"))
    link.lanes = theirs.back() - '0';
  return link;
}

}  // namespace

std::string socket_name(std::string_view theirs) {
  if (theirs.starts_with("2 x") || theirs.starts_with("Integrated")) return {};
  if (theirs == "sTR4") return "TR4";
  std::string ours(theirs);
  if (ours.starts_with("LGA ")) ours.erase(3, 1);
  return ours;
}

void map_cpu(Draft& draft) {
  draft.text("architecture", "microarchitecture");
  draft.count("cores", "cores.total");
  draft.count("threads", "cores.threads");
  draft.quantity("base_clock", "clocks.performance.base", "GHz");
  draft.quantity("boost_clock", "clocks.performance.boost", "GHz");
  draft.quantity("tdp", "specifications.tdp", "W");
  draft.quantity("package_power", "specifications.ppt", "W");
  draft.put("memory_type", draft.record.texts("specifications.memory.types"));
  draft.count("memory_channels", "specifications.memory.channels");
  draft.quantity("max_memory", "specifications.memory.maxSupport", "GiB");
  draft.only_true("ecc", "specifications.eccSupport");
  put_socket(draft);
  draft.released();
  const auto cores = draft.record.count("cores.total"),
             threads = draft.record.count("cores.threads");
  if (cores && threads && *threads < *cores) draft.skip("fewer threads than cores");
}

void map_board(Draft& draft) {
  put_socket(draft);
  std::string chipset = draft.record.text("chipset");
  for (const std::string_view maker : {"AMD ", "Intel "}) {
    if (chipset.starts_with(maker)) chipset.erase(0, maker.size());
  }
  draft.put("chipset", chipset);
  draft.put("form_factor", translate(draft, "form_factor", kBoardForms));
  draft.count("dimm_slots", "memory.slots");
  draft.text("memory_type", "memory.ram_type");
  derive_channels(draft, chipset);
  draft.only_true("ecc", "ecc_support");
  draft.quantity("max_memory", "memory.max", "GiB");
  const int sata = draft.record.count("storage_devices.sata_6_gb_s").value_or(0) +
                   draft.record.count("storage_devices.sata_3_gb_s").value_or(0);
  if (sata > 0) draft.put("sata_ports", static_cast<std::int64_t>(sata));
  put_nics(draft);
  const std::vector<std::string> plugs = draft.record.texts("power_connectors.cpu_power");
  const auto wide = std::count_if(plugs.begin(), plugs.end(), [](const std::string& plug) {
    return plug == "8-pin" || plug == "4+4-pin";
  });
  if (wide > 0) draft.put("eps_8pin", static_cast<std::int64_t>(wide));
  draft.released();
  if (draft.record.at("pcie_slots") != nullptr)
    draft.record.leave_out("pcie_slots", "mechanical widths: no lane graph is made of them");
  if (draft.record.at("m2_slots") != nullptr)
    draft.record.leave_out("m2_slots", "shared lanes are not told: no lane graph is made of them");
}

void map_memory(Draft& draft) {
  draft.put("part_numbers", draft.record.texts("metadata.part_numbers"));
  draft.text("memory_type", "ram_type");
  const std::string kind = module_kind(draft);
  const std::string ecc = draft.record.text("ecc");
  draft.put("module_kind", kind);
  if (!ecc.empty()) draft.put("ecc", ecc == "ECC");
  judge_module(draft, kind, ecc);
  draft.quantity("speed", "speed", "MT/s");
  draft.count("cas", "cas_latency");
  draft.quantity("voltage", "voltage", "V");
  draft.count("modules", "modules.quantity");
  draft.quantity("module_capacity", "modules.capacity_gb", "GiB");
  const auto pieces = draft.record.number("modules.quantity");
  const auto each = draft.record.number("modules.capacity_gb");
  const auto total = draft.record.number("capacity");
  if (pieces && each && total && *pieces * *each != *total)
    draft.skip("the modules do not add up to the kit's capacity");
}

void map_drive(Draft& draft) {
  draft.put("part_numbers", draft.record.texts("metadata.part_numbers"));
  draft.quantity("capacity", "capacity", "GB");
  constexpr std::array kMedia = {Word{"SSD", "ssd"}, Word{"HDD", "hdd"}};
  draft.put("media", translate(draft, "storage_type", kMedia));
  const std::string theirs = draft.record.text("interface");
  const DriveLink link = drive_link(theirs, draft.record.truth("nvme"));
  if (link.interface.empty() && !theirs.empty())
    draft.skip("an interface that is neither NVMe nor SATA nor SAS");
  draft.put("interface", link.interface);
  if (link.generation > 0) draft.put("pcie_generation", link.generation);
  if (link.lanes > 0) draft.put("pcie_lanes", link.lanes);
  std::string form = draft.record.text("form_factor");
  if (form.starts_with("M.2-")) form[3] = ' ';
  if (form.ends_with('"')) form.replace(form.size() - 1, 1, " in");
  draft.put("form_factor", form);
}

}  // namespace rigor::adapters::buildcores
