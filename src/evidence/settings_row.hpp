// A row in rigor's own words: its notes begin with "rigor:" and list settings as a work file spells
// them, and a few that only rows need, as `key=value` up to the first ';'. Read strictly: what is
// not understood makes the row unmapped, with the reason. Layer 7.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "estimate/memory/memory_estimate.hpp"
#include "evidence/mapper.hpp"
#include "place/question.hpp"
#include "workload/workload.hpp"

namespace rigor::evidence {

/// How the notes of such a row begin.
inline constexpr std::string_view kOwnWords = "rigor:";

/// What the notes say.
struct RowSettings {
  workload::Workload workload = {};
  std::string group = {};          ///< of the checks' bounds; means nothing to the estimate
  std::optional<int> device = {};  ///< place in the placement, or kHost; nothing: all devices
  std::vector<estimate::Term> terms = {};  ///< for the metric mem_term
  Bytes weights = {};  ///< of the text network as stored, where its source states it
  Bytes pool = {};     ///< of each device, where a preallocating engine printed it
  std::array<std::int16_t, workload::kMostDevices> layers = {};  ///< on each device
  int stated_layers = 0;  ///< entries of `layers`; 0: the engine's own split
  int stages = 0;         ///< pipeline stages beyond what a rig has devices for
  int context_ways = 1;   ///< devices that share one training sequence
  std::vector<std::pair<workload::Constant, double>> constants = {};  ///< "engine.KEY=VALUE"
};

/// What is wrong with the notes; empty when `settings` holds what they say.
/// Requires: the notes begin with kOwnWords.
std::string read_settings(std::string_view notes, const workload::Engine& engine,
                          RowSettings& settings);

/// The row as a question and the placement that answers it.
struct AskedRow {
  RowSettings settings;
  estimate::Network network;
  workload::Engine engine;
  std::vector<hardware::Accelerator> cards;
  place::Question question;  ///< points at the members above
  workload::Placement placement;
};

/// Columns and settings put together. The text says why a row cannot be asked.
tl::expected<std::unique_ptr<AskedRow>, std::string> ask(const Row& row, Library& library);

/// The mapper of such rows (map_settings.cpp).
bool accepts_settings(const Row& row);
Prediction predict_settings(const Row& row, Siblings siblings, Library& library);

}  // namespace rigor::evidence
