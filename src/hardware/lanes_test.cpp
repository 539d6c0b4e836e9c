#include "hardware/lanes.hpp"

#include <doctest/doctest.h>

namespace rigor::hardware {
namespace {

using doctest::Approx;

/// Two long slots and a socket on 16 lanes of the processor, a slot and a socket of the chipset's.
LaneGraph board() {
  LaneGraph graph;
  graph.board = "board";
  graph.connectors = {{.name = "A", .generation = 5, .position = 1},
                      {.name = "B", .generation = 5, .position = 4},
                      {.name = "C", .generation = 4, .position = 7},
                      {.name = "M1", .is_slot = false, .size = 4, .generation = 5},
                      {.name = "M2", .is_slot = false, .size = 4, .generation = 5},
                      {.name = "M3", .is_slot = false, .size = 4, .generation = 4}};
  graph.groups = {{.lanes = 16, .modes = {{{0, 16}}, {{0, 8}, {1, 8}}, {{0, 8}, {1, 4}, {4, 4}}}},
                  {.lanes = 4, .modes = {{{3, 4}}}},
                  {.root = LaneRoot::chipset, .lanes = 4, .modes = {{{2, 4}}}},
                  {.root = LaneRoot::chipset, .lanes = 4, .modes = {{{5, 4}}}}};
  graph.uplink_lanes = 4;
  graph.uplink_generation = 4;
  graph.processor = "processor";
  graph.processor_lanes = 24;
  graph.processor_generation = 5;
  return graph;
}

LaneUser card(std::string slot = {}, int lanes = 16, int generation = 5) {
  return {.name = "card", .generation = generation, .lanes = lanes, .slot = std::move(slot)};
}
LaneUser drive(std::string socket = {}) {
  return {
      .name = "drive", .is_card = false, .generation = 4, .lanes = 4, .slot = std::move(socket)};
}

std::vector<LaneLink> links(const std::vector<LaneUser>& users) {
  LaneReport report = lane_report(board(), users);
  CHECK(report.problems.empty());
  return report.links;
}

}  // namespace

TEST_CASE("one card takes the whole width, two share it, a drive takes half of the second") {
  CHECK(links({card("A")})[0].lanes == 16);
  const auto two = links({card("A"), card("B")});
  CHECK(two[0].lanes == 8);
  CHECK(two[1].lanes == 8);
  CHECK(two[1].why == "shares 16 lanes with A x8");
  const auto beside = links({card("A"), card("B"), drive("M2")});
  CHECK(beside[0].lanes == 8);
  CHECK(beside[1].lanes == 4);
  CHECK(beside[1].why == "shares 16 lanes with A x8, M2 x4");
  CHECK(beside[2].lanes == 4);
  CHECK(links({card("A"), card("B"), drive("M1"), drive("M3")})[1].lanes == 8);
}

TEST_CASE("a card with fewer lanes loses nothing that it could use") {
  const auto two = links({card("A", 8), card("B", 8)});
  CHECK(two[0].lanes == 8);
  CHECK(two[0].why.empty());
  CHECK(two[1].why.empty());
}

TEST_CASE("cards without a slot take the best ones, drives the sockets that cost nothing") {
  const auto all = links({card(), card(), drive(), drive()});
  CHECK(all[0].slot == "A");
  CHECK(all[0].slot_is_assumed);
  CHECK(all[1].slot == "B");
  CHECK(all[1].lanes == 8);
  CHECK(all[2].slot == "M1");
  CHECK(all[3].slot == "M3");
}

TEST_CASE("a third card hangs on the chipset, behind its uplink") {
  const auto three = links({card(), card(), card()});
  CHECK(three[2].slot == "C");
  CHECK(three[2].root == LaneRoot::chipset);
  CHECK(three[2].generation == 4);
  CHECK(three[2].lanes == 4);
  CHECK(three[2].why == "the slot has 4 lanes; the slot is PCIe 4.0");
  CHECK(three[2].shared == BytesPerSecond{});  // the uplink is as wide as the slot
  LaneGraph narrow = board();
  narrow.uplink_generation = 3;
  const std::vector<LaneUser> one = {card("C")};
  CHECK(lane_report(narrow, one).links[0].shared.in(GB / second) == Approx(3.94));
}

TEST_CASE("the slower of card, slot and processor sets the generation") {
  LaneGraph graph = board();
  graph.processor_generation = 4;
  const std::vector<LaneUser> users = {card("A")};
  const LaneReport report = lane_report(graph, users);
  CHECK(report.links[0].generation == 4);
  CHECK(report.links[0].why == "the processor has PCIe 4.0");
  CHECK(links({card("A", 16, 3)})[0].generation == 3);
}

TEST_CASE("a processor with fewer lanes than the board is made for leaves less") {
  LaneGraph graph = board();
  graph.processor_lanes = 12;
  const std::vector<LaneUser> users = {card("A"), drive("M1")};
  const LaneReport report = lane_report(graph, users);
  CHECK(report.links[0].lanes == 8);
  CHECK(report.links[0].why == "the processor has 12 lanes");
  CHECK(report.links[1].lanes == 4);
}

TEST_CASE("cards that cover each other's slots are kept apart while there is room") {
  LaneGraph graph = board();
  graph.groups[0].modes = {{{0, 8}, {1, 8}}};
  graph.connectors[1].position = 2;  // under the first card
  const std::vector<LaneUser> users = {card(), card()};
  CHECK(lane_report(graph, users).links[1].slot == "C");
}

TEST_CASE("what cannot be is told") {
  struct Case {
    std::vector<LaneUser> users;
    std::string message;
  };
  LaneGraph either = board();
  either.groups[0].modes = {{{0, 16}}, {{1, 16}}};
  for (const auto& [users, message] : {Case{{card(), card(), card(), card()},
                                            "no slot is left for card: the board has 3 slots"}}) {
    const LaneReport report = lane_report(board(), users);
    REQUIRE(report.problems.size() == 1);
    CHECK(report.problems[0].user == 3);
    CHECK(report.problems[0].message == message);
  }
  const std::vector<LaneUser> both = {card("A"), card("B")};
  const LaneReport report = lane_report(either, both);
  REQUIRE(report.problems.size() == 1);
  CHECK(report.problems[0].message ==
        "slot \"B\" has no lanes for card: shares 16 lanes with A x16");
  CHECK(report.links[1].lanes == 0);
}

TEST_CASE("rates are those of the standard") {
  CHECK(pcie_rate(3, 1).in(GB / second) == Approx(0.985));
  CHECK(pcie_rate(4, 16).in(GB / second) == Approx(31.52));
  CHECK(pcie_rate(5, 8).in(GB / second) == Approx(31.52));
}

}  // namespace rigor::hardware
