#include <fmt/format.h>

#include <algorithm>

#include "check/rules/all.hpp"

namespace rigor::check {
namespace {

using hardware::Accelerator;

bool is_geforce(const Accelerator& card) {
  return card.name.find("GeForce") != std::string::npos;
}

/// GeForce cards since the 40 series: the driver keeps them from reading each other's memory.
bool is_kept_apart(const Accelerator& card) {
  return is_geforce(card) &&
         (card.architecture == "Ada Lovelace" || card.architecture == "Blackwell");
}

}  // namespace

/// Whether cards reach each other's memory, or copy through the host's.
Findings peer_to_peer(const Assembly& rig) {
  std::vector<const Accelerator*> cards;
  for (const Accelerator& one : rig.rig->accelerators) {
    if (one.vendor == hardware::Vendor::nvidia && !one.unified) cards.push_back(&one);
  }
  if (cards.size() < 2) return {};
  Facts facts(rig);
  for (const Item* item : rig.all("gpu")) facts.text(item, "architecture");
  const bool bridged = std::all_of(cards.begin(), cards.end(),
                                   [](const Accelerator* one) { return one->bridge >= 0; });
  if (bridged)
    return {facts.finding(Severity::ok, "the cards are joined by NVLink bridges in pairs")};
  const bool mixed = std::any_of(cards.begin(), cards.end(), [&](const Accelerator* one) {
    return one->architecture != cards.front()->architecture;
  });
  if (mixed) {
    return {facts.finding(Severity::info,
                          "cards of different architectures copy through host memory: there is no "
                          "peer-to-peer access between generations",
                          "equal cards for tensor parallel and training")};
  }
  if (std::any_of(cards.begin(), cards.end(), [](auto* one) { return is_kept_apart(*one); })) {
    return {facts.finding(
        Severity::info,
        "GeForce cards since the 40 series copy through host memory: the stock driver offers no "
        "peer-to-peer access",
        "workstation cards; patched kernel modules exist, at your own risk")};
  }
  if (std::any_of(cards.begin(), cards.end(), [](auto* one) { return is_geforce(*one); })) {
    return {facts.finding(
        Severity::info,
        "GeForce cards up to the 30 series: some drivers let them reach each other's memory over "
        "PCIe, others do not",
        "ask the machine: nvidia-smi topo -p2p r; NVLink bridges where the cards take them")};
  }
  return {facts.finding(Severity::ok,
                        "the driver offers peer-to-peer access between these cards; it wants IOMMU "
                        "off or in passthrough and no access control on the bridges (ACS)")};
}

}  // namespace rigor::check
