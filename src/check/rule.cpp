#include "check/rule.hpp"

#include <algorithm>
#include <array>

#include "check/rules/all.hpp"

namespace rigor::check {
namespace {

constexpr bool kDecides = true, kAdvises = false;

// A new rule is a file and a row.
constexpr std::array kRules = {
    Rule{"parts", "parts", "nothing a machine cannot do without is left out", kDecides,
         parts_listed},
    Rule{"socket", "parts", "the processor fits the board's socket", kDecides, socket},
    Rule{"bios", "parts", "the board's BIOS knows the processor", kAdvises, bios},
    Rule{"board-in-case", "parts", "the board fits the case", kAdvises, board_in_case},
    Rule{"cooler-socket", "parts", "the cooler fits the socket", kAdvises, cooler_socket},
    Rule{"cooler-height", "parts", "the cooler fits the case", kAdvises, cooler_height},
    Rule{"supply-length", "parts", "the supply fits the case", kAdvises, supply_length},
    Rule{"radiator", "parts", "the case has a place for the radiator", kAdvises, radiator},
    Rule{"processor-cores", "parts", "the processor keeps the cards busy", kAdvises,
         processor_cores},

    Rule{"memory-type", "memory", "type and buffering of the memory are the board's", kDecides,
         memory_type},
    Rule{"memory-modules", "memory", "every module has a slot", kDecides, memory_modules},
    Rule{"memory-channels", "memory", "every channel has a module", kAdvises, memory_channels},
    Rule{"memory-speed", "memory", "the memory runs at its rated speed", kAdvises, memory_speed},
    Rule{"memory-capacity", "memory", "board and processor address all of it", kAdvises,
         memory_capacity},
    Rule{"ecc", "memory", "errors of the memory are corrected", kAdvises, ecc},

    Rule{"places", "slots", "every part is where the file says it is", kDecides, places},
    Rule{"slot-rows", "slots", "no card covers another's slot", kDecides, slot_rows},
    Rule{"air-gap", "slots", "every card gets air", kAdvises, air_gap},
    Rule{"case-rows", "slots", "the case has an opening for every card", kAdvises, case_rows},
    Rule{"card-length", "slots", "the cards fit the case", kAdvises, card_length},
    Rule{"riser", "slots", "risers carry the cards' links", kAdvises, riser},

    Rule{"card-link", "lanes", "every card gets its lanes", kAdvises, card_links},
    Rule{"drive-link", "lanes", "every drive gets its lanes", kAdvises, drive_links},
    Rule{"uplink", "lanes", "the chipset's uplink carries what hangs on it", kAdvises, uplink},
    Rule{"processor-lanes", "lanes", "the processor has lanes for all", kAdvises, processor_lanes},
    Rule{"bifurcation", "lanes", "divided slots have the lanes for their cards", kAdvises,
         bifurcation},
    Rule{"numa", "lanes", "cards share a memory domain", kAdvises, numa},
    Rule{"peer-to-peer", "lanes", "cards reach each other's memory", kAdvises, peer_to_peer},
    Rule{"arrangement", "lanes", "no other way to plug it in is better", kAdvises, arrangement},

    Rule{"card-connectors", "electrical", "the supply has a plug for every card", kDecides,
         card_connectors},
    Rule{"connector-load", "electrical", "no connector carries more than it is made for", kDecides,
         connector_load},
    Rule{"processor-connectors", "electrical", "the processor's plugs feed it", kAdvises,
         processor_connectors},
    Rule{"supply-load", "electrical", "the supply bears everything at its limits", kDecides,
         supply_load},
    Rule{"supply-peaks", "electrical", "the supply rides through the cards' peaks", kAdvises,
         supply_peaks},
    Rule{"circuit", "electrical", "the circuit bears the machine for hours", kAdvises, circuit},
    Rule{"ups-load", "electrical", "the UPS bears the machine", kAdvises, ups_load},

    Rule{"cooler-capacity", "heat and noise", "the cooler keeps up with the processor", kAdvises,
         cooler_capacity},
    Rule{"case-air", "heat and noise", "the case moves enough air", kAdvises, case_air},
    Rule{"noise", "heat and noise", "the person beside it can stand it", kAdvises, noise},

    Rule{"host-memory", "work", "host memory holds the largest file", kAdvises, host_memory},
    Rule{"drive-space", "work", "the drives hold the work's files", kAdvises, drive_space},
    Rule{"drive-speed", "work", "no training waits for its samples", kAdvises, drive_speed},
};

}  // namespace

std::span<const Rule> rules() {
  return kRules;
}

std::vector<Finding> judge(const Assembly& rig) {
  std::vector<Finding> all;
  for (const Rule& rule : kRules) {
    for (Finding& finding : rule.judge(rig)) {
      finding.rule = rule.id;
      all.push_back(std::move(finding));
    }
  }
  return all;
}

Outcome outcome(std::span<const Finding> findings) {
  const auto decides = [](const Finding& finding) {
    return std::any_of(kRules.begin(), kRules.end(),
                       [&](const Rule& rule) { return rule.id == finding.rule && rule.decides; });
  };
  Outcome result = Outcome::yes;
  for (const Finding& finding : findings) {
    if (finding.severity == Severity::error) return Outcome::no;
    if (finding.severity == Severity::unknown && decides(finding)) result = Outcome::unknown;
  }
  return result;
}

}  // namespace rigor::check
