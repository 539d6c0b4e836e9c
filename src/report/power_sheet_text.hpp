// A rig's power, heat and noise as text and JSON. Layer 9.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "estimate/power/sheet.hpp"
#include "place/work_power.hpp"
#include "report/json.hpp"

namespace rigor::report {

/// All must outlive it.
struct PowerReport {
  const hardware::Rig* rig = nullptr;
  const estimate::PowerCase* machine = nullptr;
  const estimate::PowerSheet* sheet = nullptr;
  std::vector<place::WorkPower> work = {};
  std::optional<place::PowerMonth> month = {};
  std::vector<place::UpsCover> covers = {};
};

/// "1,674" and, narrower, "1630-1720".
std::string whole_text(double value);
std::string span_text(double low, double high);

/// Draws by activity, supplies, circuit, way out, UPS, heat, noise, workloads. No line is longer
/// than 80 columns, names of parts excepted.
std::string power_sheet_text(const PowerReport& report);
/// What the catalogue does not state, and what was taken instead; empty when nothing is missing.
std::string power_unknown_text(const PowerReport& report);
/// The members of an object that is open.
void power_sheet_json(Json& json, const PowerReport& report);

/// For a report: draws in two activities and at the limits, the wall, noise.
std::string power_summary(const estimate::PowerSheet& sheet);
void power_summary_json(Json& json, const estimate::PowerSheet& sheet);

/// One row per phase of each workload, then the month; empty without workloads.
std::string power_work_text(const PowerReport& report);
void power_work_json(Json& json, const PowerReport& report);

}  // namespace rigor::report
