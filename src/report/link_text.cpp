#include "report/link_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "base/text.hpp"
#include "place/machines.hpp"
#include "report/speed_text.hpp"
#include "units/unit_text.hpp"

namespace rigor::report {
namespace {

using hardware::Accelerator;
using hardware::SlotLink;

/// "15.8 GB/s".
std::string rate_text(BytesPerSecond rate) {
  return figure_text(rate.in(GB / second)) + " GB/s";
}

int generation_of(const Accelerator& card) {
  return card.slot.generation > 0 ? card.slot.generation : card.pcie_generation;
}

int lanes_of(const Accelerator& card) {
  return card.slot.lanes > 0 ? card.slot.lanes : card.pcie_lanes;
}

std::string width_text(const Accelerator& card) {
  return fmt::format("PCIe {}.0 x{}", generation_of(card), lanes_of(card));
}

const char* root_text(const SlotLink& slot) {
  return slot.from_chipset ? "from the chipset" : "from the processor";
}

/// "PCIEX16_1, from the processor; shares 16 lanes with M.2_2 x4".
std::string place_text(const SlotLink& slot) {
  if (slot.slot.empty())
    return slot.basis == SlotLink::Basis::stated ? "as the rig file states" : "slot not stated";
  std::string text = slot.slot + ", " + root_text(slot);
  if (!slot.why.empty()) text += "; " + slot.why;
  if (slot.shared > BytesPerSecond{}) text += "; its uplink leaves " + rate_text(slot.shared);
  return text;
}

/// The cards that a placement uses in its first machine, as indices into the accelerators.
std::vector<std::size_t> used_cards(const place::Question& question,
                                    const workload::Placement& placement) {
  const int count = placement.devices / place::machines_of(question);
  std::vector<std::size_t> cards(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) cards[static_cast<std::size_t>(i)] = placement.accelerator(i);
  std::sort(cards.begin(), cards.end());
  return cards;
}

bool all_alike(const place::Question& question, const std::vector<std::size_t>& cards) {
  const Accelerator& first = question.accelerators[cards.front()];
  return std::all_of(cards.begin(), cards.end(), [&](std::size_t card) {
    const Accelerator& one = question.accelerators[card];
    return width_text(one) == width_text(first) && one.slot.why == first.slot.why &&
           one.slot.from_chipset == first.slot.from_chipset && one.slot.basis == first.slot.basis &&
           one.slot.shared == first.slot.shared;
  });
}

/// "PCIe 4.0 x16 for every card (PCIE7, PCIE6, from the processor)".
std::string alike_text(const place::Question& question, const std::vector<std::size_t>& cards) {
  SlotLink slot = question.accelerators[cards.front()].slot;
  std::vector<std::string> names;
  for (const std::size_t card : cards) {
    const std::string& name = question.accelerators[card].slot.slot;
    if (!name.empty()) names.push_back(name);
  }
  slot.slot = join(names, ", ");
  return fmt::format("{} for every card ({})", width_text(question.accelerators[cards.front()]),
                     place_text(slot));
}

std::string bridges_text(const place::Question& question, const std::vector<std::size_t>& cards) {
  std::string text;
  for (std::size_t i = 0; i + 1 < cards.size(); ++i) {
    const Accelerator& card = question.accelerators[cards[i]];
    if (card.bridge < 0 || card.bridge != question.accelerators[cards[i + 1]].bridge) continue;
    text += fmt::format("; NVLink joins GPU {} and {} at {}", cards[i], cards[i + 1],
                        rate_text(0.5 * card.nvlink));
  }
  return text;
}

BytesPerSecond pair_rate(const place::Question& question, std::size_t one, std::size_t other) {
  constexpr double kWire = 1.0;
  return slower(place::detail::device_link(question, one, kWire),
                place::detail::device_link(question, other, kWire));
}

std::string slowest_pair(const place::Question& question, const std::vector<std::size_t>& cards) {
  if (cards.size() < 2) return {};
  BytesPerSecond least = pair_rate(question, cards[0], cards[1]);
  for (std::size_t i = 0; i < cards.size(); ++i) {
    for (std::size_t k = i + 1; k < cards.size(); ++k)
      least = std::min(least, pair_rate(question, cards[i], cards[k]));
  }
  return fmt::format("; {} {}", cards.size() > 2 ? "slowest pair" : "together", rate_text(least));
}

/// Weights or states lie with the host, so the slot counts for one card too.
bool uses_host(const workload::Placement& placement) {
  return placement.host_layers > 0 || placement.host_expert_layers > 0 ||
         placement.optimizer != workload::Offload::none ||
         placement.parameters != workload::Offload::none;
}

/// How many of the layers lie in each machine.
std::vector<int> layers_of_machines(const place::Question& question,
                                    const workload::Placement& placement) {
  const int machines = place::machines_of(question);
  const int each = std::max(1, placement.devices / machines);
  std::vector<int> layers(static_cast<std::size_t>(machines));
  for (int d = 0; d < placement.devices; ++d)
    layers[static_cast<std::size_t>(d / each)] += placement.layers[static_cast<std::size_t>(d)];
  return layers;
}

}  // namespace

std::string links_text(const place::Question& question, const workload::Placement& placement,
                       bool assumed) {
  const std::vector<std::size_t> cards = used_cards(question, placement);
  if (cards.empty() || (cards.size() < 2 && !uses_host(placement))) return {};
  if (assumed) return "assumed: every card in a slot of its own full width\n";
  if (question.accelerators[cards.front()].slot.basis == SlotLink::Basis::unknown) return {};
  std::string text = "links: ";
  if (cards.size() > 1 && all_alike(question, cards)) {
    text += alike_text(question, cards);
  } else {
    for (std::size_t i = 0; i < cards.size(); ++i) {
      const Accelerator& card = question.accelerators[cards[i]];
      text += fmt::format("{}GPU {} {} ({})", i == 0 ? "" : ", ", cards[i], width_text(card),
                          place_text(card.slot));
    }
  }
  text += bridges_text(question, cards) + slowest_pair(question, cards) + "\n";
  const bool guessed = std::any_of(cards.begin(), cards.end(), [&](std::size_t card) {
    return question.accelerators[card].slot.slot_is_assumed;
  });
  if (guessed)
    text += "assumed: cards without a slot in the rig file sit in the best that are left\n";
  return text;
}

void links_json(Json& json, const place::Question& question, const workload::Placement& placement) {
  json.key("links").begin_list();
  for (const std::size_t card : used_cards(question, placement)) {
    const Accelerator& device = question.accelerators[card];
    const SlotLink& slot = device.slot;
    constexpr std::array kBasis = {"assumed", "stated", "derived"};
    json.begin_object().member("device", static_cast<int>(card));
    json.member("generation", generation_of(device)).member("lanes", lanes_of(device));
    json.member("bytes_per_s", estimate::slot_bandwidth(device).in(byte / second));
    json.member("basis", kBasis[static_cast<std::size_t>(slot.basis)]);
    if (!slot.slot.empty()) {
      json.member("slot", slot.slot).member("slot_assumed", slot.slot_is_assumed);
      json.member("from", slot.from_chipset ? "chipset" : "processor").member("why", slot.why);
    }
    if (device.bridge >= 0) json.member("nvlink_bridge", device.bridge);
    json.end_object();
  }
  json.end_list();
}

std::string machines_line(const place::Question& question, const workload::Placement& placement,
                          const place::InferenceSpeed& speed) {
  const int machines = place::machines_of(question);
  if (machines == 1) return {};
  const double gigabits = network_rate(question) / BytesPerSecond::from_base(1.25e8);
  std::vector<std::string> shares;
  for (const int layers : layers_of_machines(question, placement))
    shares.push_back(fmt::format("{}", layers));
  const bool stated = placement.layers[0] > 0;
  std::string text = fmt::format("machines: {}", machines);
  if (stated) {
    text += fmt::format(", {} layers", join(shares, " + "));
  } else if (placement.pipeline >= machines) {
    text += fmt::format(", 1/{} of the layers each", machines);
  } else {
    text += ", every matrix cut across them";
  }
  const bool own_port = question.workload.inference.network <= BytesPerSecond{};
  text += fmt::format("; {:g} Gbit/s{}, {} % of a token's time on the network", gigabits,
                      own_port ? " of the " + question.host.port : "",
                      figure_text(100 * speed.network));
  const double rate = speed.sequences > 1 ? speed.aggregate.expected : speed.decode.expected;
  text += speed.one_machine > 0
              ? fmt::format("; {} times one machine ({} tokens/s)",
                            figure_text(rate / speed.one_machine), figure_text(speed.one_machine))
              : "; it does not fit on one machine";
  return text + "\n";
}

void machines_json(Json& json, const place::Question& question,
                   const place::InferenceSpeed& speed) {
  const int machines = place::machines_of(question);
  json.member("machines", machines);
  if (machines == 1) return;
  json.member("network_bytes_per_s", network_rate(question).in(byte / second));
  json.member("network_share", speed.network).key("one_machine_tokens_per_s");
  if (speed.one_machine > 0) {
    json.value(speed.one_machine);
  } else {
    json.null().member("one_machine_reason", "the network does not fit on one machine");
  }
}

}  // namespace rigor::report
