// A recurring task: what runs, how, how much of it. The settings a person may write are one table,
// shared by work files, command-line flags and the printed reference. Layer 3.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "workload/engine.hpp"
#include "workload/finetune.hpp"
#include "workload/inference.hpp"
#include "workload/placement.hpp"

namespace rigor::workload {

enum class Kind : std::uint8_t { inference, finetune };

/// What the user fixed of the placement; what is empty is chosen.
struct PlacementWish {
  std::optional<int> devices = {};
  std::optional<int> tensor = {}, pipeline = {}, data = {}, expert = {};
  std::optional<int> host_layers = {}, host_expert_layers = {};
  std::optional<Split> split = {};
  std::optional<Sharding> sharding = {};
  std::optional<Offload> optimizer = {}, parameters = {};
  int replicas = 1;
};

struct Workload {
  std::string name;
  Kind kind = Kind::inference;
  std::string model;               ///< as written: catalogue id, path or address
  std::string quantization;        ///< as written; empty: the engine's usual one
  std::string engine;              ///< as written; empty: chosen by kind and rig
  std::string draft_model;         ///< as written; a small network that drafts, or "ngram"
  std::string draft_quantization;  ///< as written; empty: as the network itself
  std::optional<Backend> backend = {};
  Inference inference = {};
  bool context_is_set = false;
  FineTune finetune = {};
  bool rank_is_set = false;
  std::optional<int> global_batch = {};  ///< sequences of one optimizer step, all devices together
  PlacementWish wish = {};
  /// Settings a search would vary and the user fixed: names of the table.
  std::vector<std::string_view> given = {};
  [[nodiscard]] bool is_given(std::string_view setting) const;
  std::optional<Watts> power_limit = {};  ///< of each card; empty: its own default

  // Amounts, for time, power and money.
  std::optional<double> hours_per_month = {}, tokens_per_month = {}, growth_per_year = {};
  std::optional<double> target_tokens_per_s = {}, target_ttft_s = {}, target_hours_per_epoch = {};
  std::optional<double> samples = {}, epochs = {};  ///< of one epoch; passes over it
  bool keep_private = false;
};

/// One thing a person may set.
struct Setting {
  std::string_view name;   ///< in work files; flags write '-' for '_'
  std::string_view value;  ///< "TOKENS", "q8_0|f16|…"; what goes after the flag
  std::string_view help;
  char applies_to;  ///< 'i' inference, 'f' fine-tuning, 'b' both
  /// Takes the value's text; empty when accepted, else what is wrong with it and what to write.
  std::string (*apply)(Workload& workload, std::string_view text);
};

std::span<const Setting> settings();
/// Null when unknown. '-' and '_' are the same.
const Setting* find_setting(std::string_view name);

/// What of the settings contradicts itself, whatever the rig; empty when nothing does.
std::string contradiction(const Workload& workload);

std::optional<Backend> parse_backend(std::string_view name);

}  // namespace rigor::workload
