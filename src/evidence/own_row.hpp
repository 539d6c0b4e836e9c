// Rows a person measured on his own rig: what a log states is completed from the rig, the catalogue
// and what he says beside it, held against the rig, and judged as published rows are. Layer 7.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "evidence/speed_row.hpp"
#include "hardware/rig.hpp"
#include "place/own_rows.hpp"

namespace rigor::evidence {

/// What is said beside the log, by name of a setting ("quantization", "sequence", …), and
/// "model", "answer", "date". What is said here goes before what the log says.
using OwnWords = std::map<std::string, std::string, std::less<>>;

/// The row with catalogue ids and every column its metric needs. Errors: what must be said beside
/// the log, and what contradicts the rig or the network; the hint says which flag.
Result<Row> complete_own(Row logged, const OwnWords& words, const hardware::Rig& rig,
                         Library& library);

/// The network a file name or a hub's name means: an id of the catalogue; empty when none is
/// certain. "models/Qwen2.5-7B-Instruct-Q4_K_M.gguf" -> "qwen2.5-7b".
std::string own_network(std::string_view name, Library& library);
/// How the file's or the network's name says its weights are stored; empty when it does not.
/// "Qwen2.5-7B-Instruct-Q4_K_M.gguf" -> "Q4_K_M"; "qwen2 7B Q4_K - Medium" -> "Q4_K_M".
std::string own_quantization(std::string_view name, Library& library);

/// A row against what rigor says of it for a rig as it is today.
struct OwnVerdict {
  std::string refused = {};                               ///< why it cannot be used; empty: it can
  double measured = 0, estimated = 0, low = 0, high = 0;  ///< in the unit of the row
  /// What it corrects; nothing: rigor has no such figure of its own.
  std::optional<place::OwnRow> row = {};
};
/// Requires: the library has a calibration.
OwnVerdict judge_own(const Row& row, Library& library);

/// Every row of a rig's own table.
struct OwnReading {
  struct Unused {
    int line = 0;
    std::string reason;
  };
  std::vector<place::OwnRow> rows;
  std::vector<Unused> unused;
};
OwnReading read_own(const Table& table, Library& library);

}  // namespace rigor::evidence
