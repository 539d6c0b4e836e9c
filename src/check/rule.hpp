// The rules of `rigor check`: one table, one file per rule. Layer 6.
//
// Numbers and sources: docs/models/60-check.md.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "check/assembly.hpp"
#include "check/finding.hpp"

namespace rigor::check {

struct Rule {
  std::string_view id;     ///< "socket"
  std::string_view group;  ///< heading it is printed under: "electrical"
  std::string_view title;  ///< what it asks: "the processor fits the board's socket"
  /// Without its answer there is no verdict on the machine: it may not start, or may burn.
  bool decides = false;
  /// No findings: the rule does not apply to this rig.
  std::vector<Finding> (*judge)(const Assembly& rig) = nullptr;
};

/// The table, in the order of the report.
std::span<const Rule> rules();

/// All findings of all rules, in the order of the table.
std::vector<Finding> judge(const Assembly& rig);

/// Of a whole rig. `yes`: no error, and no rule that decides is unknown.
enum class Outcome : std::uint8_t { yes, no, unknown };
Outcome outcome(std::span<const Finding> findings);

}  // namespace rigor::check
