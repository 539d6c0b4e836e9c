// Parts as the estimates see them: plain numbers. Where each number comes from stays in the
// catalogue entry of the same id. Layer 2.
#pragma once

#include <cstdint>
#include <string>

#include "units/quantity.hpp"

namespace rigor::hardware {

enum class Vendor : std::uint8_t { nvidia, amd, intel, apple, other };
Vendor parse_vendor(std::string_view name);

/// Where a card sits and what that leaves it of its own connector. Derived by lanes.hpp, or as the
/// rig file states it.
struct SlotLink {
  enum class Basis : std::uint8_t { unknown, stated, derived };
  Basis basis = Basis::unknown;
  int generation = 0, lanes = 0;  ///< as negotiated; 0: the card's own
  std::string slot = {};          ///< empty: unknown
  bool slot_is_assumed = false;
  bool from_chipset = false;
  std::string why = {};        ///< what keeps it below the card's own; empty when nothing does
  BytesPerSecond shared = {};  ///< left of the chipset's uplink when all behind it send; 0: all
};

/// Something that runs tensor work: a graphics card, or the accelerator of a whole machine.
struct Accelerator {
  std::string id;
  std::string name;
  Vendor vendor = Vendor::other;
  std::string architecture;
  std::string compute_capability;
  Bytes memory = {};              ///< nominal
  Bytes usable = {};              ///< what the driver offers to programs
  bool usable_is_assumed = true;  ///< true: derived from the nominal size by a rule, not stated
  BytesPerSecond bandwidth = {};
  FlopsPerSecond fp32 = {}, fp16 = {}, bf16 = {}, fp8 = {}, fp4 = {},
                 int8 = {};                 ///< dense; 0: unknown
  int pcie_generation = 0, pcie_lanes = 0;  ///< of its own connector; 0: unknown
  SlotLink slot = {};
  BytesPerSecond nvlink = {};  ///< both directions together
  int bridge = -1;             ///< cards of one machine with the same number are joined; -1: none
  Watts board_power = {};      ///< the default power limit; 0: unknown
  Watts lowest_power_limit = {};  ///< that the card takes; 0: unknown
  bool unified = false;           ///< shares its memory with the processor
};

/// Where models, samples and checkpoints lie.
struct Drive {
  std::string name;            ///< empty: the machine states none
  BytesPerSecond read = {};    ///< sequential, as stated; 0: unknown
  BytesPerSecond write = {};   ///< sustained where that is stated; 0: unknown
  bool write_is_burst = true;  ///< the maker's figure, which a full write cache does not keep
};

/// The machine's own processor and memory, and what it keeps and sends data with.
struct Host {
  std::string processor;          ///< name; empty if none is listed
  std::string id = {};            ///< of the processor's entry
  std::string architecture = {};  ///< of the processor: "Zen 5"
  int cores = 0;
  Bytes memory = {};  ///< 0: unknown
  BytesPerSecond bandwidth =
      {};                 ///< populated channels x speed x 8 B, or the die's limit; 0: unknown
  Drive drive = {};       ///< of several, the one that reads fastest
  std::string port = {};  ///< what holds the fastest network port
  BytesPerSecond network = {};  ///< line rate of that port; 0: none is stated
};

/// Share of nominal memory a driver leaves when nothing is stated: ECC-less cards report 99.5 % or
/// more (16,311 of 16,384 MiB on an RTX 5060 Ti; 32,607 of 32,768 on an RTX 5090).
inline constexpr double kUsableShare = 0.995;

}  // namespace rigor::hardware
