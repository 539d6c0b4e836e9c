// Rules about frameworks as data: conditions on a row's columns and what they change. Used by
// training_rules.cpp (the table) and training_apply.cpp only. Layer 7.
#pragma once

#include <span>
#include <string_view>
#include <variant>

#include "workload/engine.hpp"

namespace rigor::evidence {

/// What a rule may change beside the engine's constants.
enum class Knob {
  nothing,
  // Values of the estimator's own enumerations.
  recipe,
  optimizer,
  step,
  base,
  attention,
  checkpointing,
  loss,
  norms,
  feed_forward,
  batching,
  sharding,
  double_quantization,
  accumulation,
  dropout,
  offload_optimizer,
  offload_parameters,
  no_targets,
  all_targets,
  attention_targets,
  as_full,
  as_adapter,
  as_quantized,   ///< the method
  active_layers,  ///< full method: all but these stay frozen
  // Lengths and batches.
  sequence,
  sequence_if_unstated,
  sequence_share,
  sequences,
  longest_sample,
  packing,
  rank_if_unstated,
  batch_if_unstated,
  split_batch,  ///< the stated batch is fed to the pipeline in this many pieces
  // The row.
  references,
  one_process,
  quantizes_on_device,
  measure,
  unit,
};

/// The column's text, in lower case, contains `part`. '!' in front: it does not; '=': it is exactly
/// that.
struct Condition {
  std::string_view column = {}, part = {};
};
struct Change {
  std::variant<Knob, workload::Constant> what = {};
  double value = 1;
};

inline constexpr int kMostConditions = 4;
inline constexpr int kMostChanges = 8;
struct Rule {
  Condition when[kMostConditions];
  Change set[kMostChanges];
};
/// Rows that no estimate answers.
struct Refusal {
  Condition when[kMostConditions];
  std::string_view reason;
};
std::span<const Rule> training_rules();
std::span<const Refusal> training_refusals();

}  // namespace rigor::evidence
