// What the mappers of memory rows share: reading settings out of columns and notes, turning an
// interval into a prediction, and the gate that refuses figures which cannot be what they say.
// Layer 7.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "estimate/memory/memory_estimate.hpp"
#include "evidence/mapper.hpp"
#include "evidence/row.hpp"

namespace rigor::evidence {

/// A row of a memory table: metric mem_* or a cache capacity, of an inference engine.
bool is_memory_row(const Row& row);
/// Is the figure a whole footprint (peak, allocation, resident set) and not one of its parts?
bool is_total(const Row& row);

bool contains(std::string_view text, std::string_view part);
/// The number that follows `word` and at most one space, '=' or ':' ("mem-util 0.95"); nothing
/// otherwise.
std::optional<double> number_after(std::string_view text, std::string_view word);
/// The number that stands before `word` and one space ("0.95 mem-util"); nothing otherwise.
std::optional<double> number_before(std::string_view text, std::string_view word);
/// Whole number of a note such as "tp=2"; `fallback` when absent or no number.
int count_note(const Row& row, std::string_view key, int fallback);
int count_of(const Row& row, std::string_view column, int fallback);

/// First two numbers of a version ("0.13.0rc2" -> 0, 13); nothing when there are none.
struct Version {
  int major = 0, minor = 0;
  auto operator<=>(const Version&) const = default;
};
std::optional<Version> version_of(std::string_view text);

/// Bits and group of a weight-only format as rows spell it ("GPTQ-Int4", "w4a16_g128", "AWQ int4
/// g64").
std::optional<double> group_size(std::string_view quantization);

Prediction unmapped(std::string reason);
Prediction gated(std::string reason);
/// In units of `unit`: GiB for most sources, GB for MLX.
Prediction mapped(const estimate::Interval& interval, Bytes unit, const estimate::Network& network);

/// The row's figure as bytes.
Bytes figure(const Row& row, Bytes unit);

/// What a figure must obey: it is below the memory of the devices it was summed over, and, when
/// nothing is offloaded, it is no less than the weights (a recipe may be off by a tenth).
struct Gate {
  Bytes memory = {};   ///< of all devices in the figure; 0: unknown
  Bytes weights = {};  ///< on those devices; 0: not to be asked
};
/// The reason to refuse the row; nothing when it is plausible.
std::optional<std::string> implausible(const Row& row, Bytes unit, const Gate& gate);

/// The mappers of inference memory, one file each.
Prediction predict_vllm(const Row& row, Siblings siblings, Library& library);
bool accepts_vllm(const Row& row);
Prediction predict_transformers(const Row& row, Siblings siblings, Library& library);
bool accepts_transformers(const Row& row);
Prediction predict_mlx(const Row& row, Siblings siblings, Library& library);
bool accepts_mlx(const Row& row);
Prediction predict_exllama(const Row& row, Siblings siblings, Library& library);
bool accepts_exllama(const Row& row);
/// Engines rigor has no estimator for, each with the reason.
Prediction predict_unmodelled(const Row& row, Siblings siblings, Library& library);
bool accepts_unmodelled(const Row& row);

}  // namespace rigor::evidence
