// Findings of the rules as text and JSON. Layer 9.
#pragma once

#include <span>
#include <string>

#include "check/rule.hpp"
#include "hardware/rig.hpp"
#include "report/json.hpp"

namespace rigor::report {

struct CheckView {
  bool all = false;      ///< what is fine too, with its figures
  bool explain = false;  ///< what each finding was read from
};

/// Worst first; 80 columns.
std::string check_text(const hardware::Rig& rig, std::span<const check::Finding> findings,
                       const CheckView& view);
/// One object; `findings` in the order of the rules.
std::string check_json(const hardware::Rig& rig, std::span<const check::Finding> findings);
/// For a report: the verdict, and what is wrong in a line or two each.
std::string check_summary(std::span<const check::Finding> findings);
/// The members "works", "errors", "warnings", "unknown" and "findings" of the innermost object;
/// `least`: findings of less weight are left out.
void check_members(Json& json, std::span<const check::Finding> findings, check::Severity least);
/// The table of rules itself: id, question, whether it decides.
std::string rules_text();

}  // namespace rigor::report
