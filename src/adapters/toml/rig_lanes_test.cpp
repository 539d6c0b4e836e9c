// Links of a rig's cards as the file, the board and the processor make them.
#include "adapters/toml/rig_lanes.hpp"

#include <doctest/doctest.h>

#include <array>

#include "adapters/toml/entry_reader.hpp"

namespace rigor::adapters {
namespace {

using hardware::SlotLink;

const catalog::Catalog& built_in() {
  static const catalog::Catalog catalog(catalog::packed_catalogue(), &read_entry);
  return catalog;
}

constexpr std::string_view kDesktop =
    "name = \"x\"\n[[part]]\nref = \"ProArt X870E\"\n[[part]]\nref = \"ryzen 9 9950x\"\n";

std::string problems(const std::string& text) {
  Diagnostics diagnostics;
  read_rig(text, "rig.toml", built_in(), diagnostics);
  return to_text(diagnostics);
}

std::vector<hardware::Accelerator> cards(const std::string& text) {
  Diagnostics diagnostics;
  RigFile file = read_rig(text, "rig.toml", built_in(), diagnostics);
  CHECK(to_text(diagnostics).empty());
  return file.rig.accelerators;
}

std::string desktop(std::string_view parts) {
  return std::string(kDesktop) + std::string(parts);
}

}  // namespace

TEST_CASE("without a board nothing is known of the slots") {
  const auto two = cards("name = \"x\"\n[[part]]\nref = \"rtx 3090\"\ncount = 2\n");
  CHECK(two[0].slot.basis == SlotLink::Basis::unknown);
  CHECK(two[0].slot.lanes == 0);
  CHECK(two[0].pcie_lanes == 16);
}

TEST_CASE("cards take the best slots, and a drive in the second socket takes lanes") {
  const auto two = cards(desktop("[[part]]\nref = \"rtx 5090\"\ncount = 2\n"));
  for (const hardware::Accelerator& card : two) {
    CHECK(card.slot.basis == SlotLink::Basis::derived);
    CHECK(card.slot.slot_is_assumed);
    CHECK(card.slot.generation == 5);
    CHECK(card.slot.lanes == 8);
    CHECK(card.pcie_lanes == 16);
  }
  CHECK(two[1].slot.slot == "PCIEX16(G5)_2");
  const auto beside =
      cards(desktop("[[part]]\nref = \"rtx 5090\"\ncount = 2\n"
                    "slot = [\"PCIEX16(G5)_1\", \"PCIEX16(G5)_2\"]\n"
                    "[[part]]\nref = \"samsung 990 pro 2tb\"\nslot = \"M.2_2\"\n"));
  CHECK_FALSE(beside[1].slot.slot_is_assumed);
  CHECK(beside[0].slot.lanes == 8);
  CHECK(beside[1].slot.lanes == 4);
  CHECK(beside[1].slot.why == "shares 16 lanes with PCIEX16(G5)_1 x8, M.2_2 x4");
}

TEST_CASE("what the file states of a card's link holds, in a slot or without one") {
  const auto riser = cards(
      desktop("[[part]]\nref = \"rtx 3090\"\ncount = 6\npcie_generation = 3\npcie_lanes = 1\n"));
  REQUIRE(riser.size() == 6);
  for (const hardware::Accelerator& card : riser) {
    CHECK(card.slot.basis == SlotLink::Basis::stated);
    CHECK(card.slot.generation == 3);
    CHECK(card.slot.lanes == 1);
    CHECK(card.pcie_generation == 4);
    CHECK(card.pcie_lanes == 16);
  }
  const auto seated =
      cards(desktop("[[part]]\nref = \"rtx 3090\"\nslot = \"PCIEX16(G5)_1\"\npcie_lanes = 4\n"));
  CHECK(seated[0].slot.slot == "PCIEX16(G5)_1");
  CHECK(seated[0].slot.lanes == 4);
  CHECK(seated[0].slot.generation == 4);
}

TEST_CASE("bridges join the cards of a part in pairs") {
  const auto five = cards("name = \"x\"\n[[part]]\nref = \"rtx 3090\"\ncount = 5\nnvlink = true\n");
  CHECK(five[0].bridge == five[1].bridge);
  CHECK(five[2].bridge == five[3].bridge);
  CHECK(five[0].bridge != five[2].bridge);
  CHECK(five[4].bridge == -1);
  CHECK(cards("name = \"x\"\n[[part]]\nref = \"rtx 3090\"\ncount = 2\n")[0].bridge == -1);
}

TEST_CASE("what cannot be is told with its place") {
  struct Case {
    std::string_view parts, complaint;
  };
  for (const auto& [parts, complaint] :
       {Case{"[[part]]\nref = \"rtx 5090\"\ncount = 4\n",
             "rig.toml:6:1: error: no slot is left for NVIDIA GeForce RTX 5090: the ASUS ProArt "
             "X870E-Creator WiFi has 3 slots\n"
             "  hint: fewer cards, another board, or, for cards on a splitter or on risers, their "
             "pcie_generation and pcie_lanes\n"},
        Case{"[[part]]\nref = \"rtx 5090\"\ncount = 2\nnvlink = true\n",
             "rig.toml:6:1: error: NVIDIA GeForce RTX 5090 has no NVLink\n"
             "  hint: leave nvlink out\n"},
        Case{"[[part]]\nref = \"rtx 3090\"\nnvlink = true\n",
             "rig.toml:6:1: error: nvlink joins two cards, the part has one\n"
             "  hint: write count = 2, or leave nvlink out\n"},
        Case{"[[part]]\nref = \"rtx 3090\"\ncount = 2\nnvlink = \"yes\"\n",
             "rig.toml:9:1: error: nvlink: true or false is wanted, this is a text\n"}}) {
    CAPTURE(parts);
    CHECK(problems(desktop(parts)) == complaint);
  }
}

}  // namespace rigor::adapters
