// Lanes of a board: the best of all ways to plug cards and drives in. To reach: 1 ms for seven
// slots and six drives.
#include <benchmark/benchmark.h>

#include "bench/cases.hpp"
#include "catalog/lane_graph.hpp"
#include "hardware/lanes.hpp"

namespace rigor::bench {
namespace {

using hardware::LaneUser;

hardware::LaneGraph graph(const char* board, const char* processor) {
  const catalog::Catalog catalog = make_catalog();
  return catalog::to_lane_graph(**catalog.entry(board), *catalog.entry(processor));
}

/// `kinds` 1: all cards alike, all drives alike; else of so many kinds. `thickest`: cards of one to
/// so many rows.
std::vector<LaneUser> users(int cards, int drives, int kinds, int thickest) {
  std::vector<LaneUser> all;
  for (int c = 0; c < cards; ++c)
    all.push_back({.name = "card",
                   .generation = 3 + c % kinds % 3,
                   .lanes = 16 >> (c % kinds / 3),
                   .thickness = 1.0 + c % thickest,
                   .draws_air = true});
  for (int d = 0; d < drives; ++d)
    all.push_back({.name = "drive",
                   .is_card = false,
                   .generation = 3 + d % kinds % 3,
                   .lanes = 4 >> (d % kinds / 3)});
  return all;
}

void lanes(benchmark::State& state, const char* board, const char* processor, int cards, int drives,
           int kinds, int thickest) {
  const hardware::LaneGraph g = graph(board, processor);
  const std::vector<LaneUser> all = users(cards, drives, kinds, thickest);
  for ([[maybe_unused]] auto _ : state) {
    hardware::LaneReport report = lane_report(g, all);
    benchmark::DoNotOptimize(report);
  }
}
BENCHMARK_CAPTURE(lanes, romed8_7_cards_6_drives_alike, "board/asrock-rack/romed8-2t",
                  "cpu/amd/epyc-7252", 7, 6, 1, 1);
BENCHMARK_CAPTURE(lanes, romed8_7_cards_6_drives_of_6_kinds, "board/asrock-rack/romed8-2t",
                  "cpu/amd/epyc-7252", 7, 6, 6, 1);
BENCHMARK_CAPTURE(lanes, wrx90_7_cards_6_drives_of_6_kinds, "board/asus/pro-ws-wrx90e-sage-se",
                  "cpu/amd/threadripper-pro-7975wx", 7, 6, 6, 1);
BENCHMARK_CAPTURE(lanes, wrx90_7_thick_cards_6_drives_of_6_kinds,
                  "board/asus/pro-ws-wrx90e-sage-se", "cpu/amd/threadripper-pro-7975wx", 7, 6, 6,
                  3);
BENCHMARK_CAPTURE(lanes, romed8_4_thick_cards_6_drives_of_2_kinds, "board/asrock-rack/romed8-2t",
                  "cpu/amd/epyc-7252", 4, 6, 2, 3);
BENCHMARK_CAPTURE(lanes, x870e_3_cards_6_drives_of_6_kinds, "board/asus/proart-x870e-creator-wifi",
                  "cpu/amd/ryzen-9-9950x", 3, 6, 6, 1);

}  // namespace
}  // namespace rigor::bench
