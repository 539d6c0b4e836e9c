#include "catalog/lane_graph.hpp"

#include <doctest/doctest.h>

#include "adapters/toml/entry_reader.hpp"
#include "catalog/catalog.hpp"

namespace rigor::catalog {
namespace {

const Catalog& built_in() {
  static const Catalog catalog(packed_catalogue(), &adapters::read_entry);
  return catalog;
}

hardware::LaneGraph graph_of(const std::string& board, const std::string& processor = {}) {
  const Result<const Entry*> cpu = built_in().entry(processor);
  return to_lane_graph(**built_in().entry(board), cpu ? *cpu : nullptr);
}

/// A processor that fits the board's socket; null when the catalogue has none.
const Entry* processor_for(const Entry& board) {
  for (const Catalog::Row& row : built_in().list("cpu")) {
    const Entry* cpu = *built_in().entry(row.id);
    if (cpu->find("socket")->value == board.find("socket")->value) return cpu;
  }
  return nullptr;
}

}  // namespace

TEST_CASE("on every board as many cards as there are slots get no more lanes than there are") {
  int boards = 0;
  for (const Catalog::Row& row : built_in().list("board")) {
    CAPTURE(row.id);
    const Entry& board = **built_in().entry(row.id);
    const hardware::LaneGraph graph = to_lane_graph(board, processor_for(board));
    ++boards;
    CHECK_FALSE(graph.groups.empty());
    for (int cards = 1; cards <= 8; ++cards) {
      std::vector<hardware::LaneUser> users(
          static_cast<std::size_t>(cards),
          {.name = "card", .generation = 5, .lanes = 16, .thickness = 1});
      users.push_back({.name = "drive", .is_card = false, .generation = 5, .lanes = 4});
      const hardware::LaneReport report = lane_report(graph, users);
      REQUIRE(report.links.size() == users.size());
      int from_processor = 0;
      for (const hardware::LaneLink& link : report.links) {
        CHECK(link.lanes <= 16);
        if (link.root == hardware::LaneRoot::cpu) from_processor += link.lanes;
      }
      if (graph.processor_lanes > 0) CHECK(from_processor <= graph.processor_lanes);
    }
  }
  CHECK(boards >= 33);
}

TEST_CASE("ProArt X870E-Creator: x16, x8/x8, and x8/x4 with a drive in M.2_2") {
  const hardware::LaneGraph graph =
      graph_of("board/asus/proart-x870e-creator-wifi", "cpu/amd/ryzen-9-9950x");
  const auto widths = [&](bool second, const std::string& socket) {
    std::vector<hardware::LaneUser> users = {
        {.name = "card", .generation = 5, .lanes = 16, .slot = "PCIEX16(G5)_1"}};
    if (second)
      users.push_back({.name = "card", .generation = 5, .lanes = 16, .slot = "PCIEX16(G5)_2"});
    if (!socket.empty())
      users.push_back(
          {.name = "drive", .is_card = false, .generation = 4, .lanes = 4, .slot = socket});
    const hardware::LaneReport report = lane_report(graph, users);
    return std::pair{report.links[0].lanes, second ? report.links[1].lanes : 0};
  };
  CHECK(widths(false, "") == std::pair{16, 0});
  CHECK(widths(true, "") == std::pair{8, 8});
  CHECK(widths(true, "M.2_2") == std::pair{8, 4});
  for (const char* socket : {"M.2_1", "M.2_3", "M.2_4"})
    CHECK(widths(true, socket) == std::pair{8, 8});
}

TEST_CASE("WRX90E-SAGE SE: seven long slots, six of them x16") {
  const hardware::LaneGraph graph =
      graph_of("board/asus/pro-ws-wrx90e-sage-se", "cpu/amd/threadripper-pro-7975wx");
  CHECK(graph.processor_lanes == 128);
  const std::vector<hardware::LaneUser> users(
      7, {.name = "card", .generation = 5, .lanes = 16, .thickness = 1});
  int wide = 0;
  for (const hardware::LaneLink& link : lane_report(graph, users).links)
    wide += link.lanes == 16 ? 1 : 0;
  CHECK(wide == 6);
}

TEST_CASE("ROMED8-2T: slot 2 shares its lanes with a socket") {
  const hardware::LaneGraph graph = graph_of("board/asrock-rack/romed8-2t", "cpu/amd/epyc-7252");
  const std::vector<hardware::LaneUser> users = {
      {.name = "card", .generation = 4, .lanes = 16, .slot = "PCIE2"},
      {.name = "drive", .is_card = false, .generation = 4, .lanes = 4, .slot = "M2_1"}};
  const hardware::LaneReport report = lane_report(graph, users);
  CHECK(report.links[0].lanes == 8);
  CHECK(report.links[0].why == "shares 16 lanes with M2_1 x4");
}

TEST_CASE("H510 Pro BTC+ with a processor of the tenth generation: one slot at x16, the rest x1") {
  const hardware::LaneGraph graph =
      graph_of("board/asrock/h510-pro-btc+", "cpu/intel/celeron-g5905");
  const std::vector<hardware::LaneUser> users(
      4, {.name = "card", .generation = 4, .lanes = 16, .thickness = 3});
  const hardware::LaneReport report = lane_report(graph, users);
  CHECK(report.links[0].generation == 3);
  CHECK(report.links[0].lanes == 16);
  for (std::size_t i = 1; i < 4; ++i) {
    CHECK(report.links[i].generation == 3);
    CHECK(report.links[i].lanes == 1);
    CHECK(report.links[i].root == hardware::LaneRoot::chipset);
  }
}

}  // namespace rigor::catalog
