// A workload over the power limit of its cards, as a table, a chart and JSON. Layer 9.
#pragma once

#include <string>

#include "place/power_sweep.hpp"
#include "report/chart_svg.hpp"
#include "report/json.hpp"

namespace rigor::report {

/// One row per limit: watts at the wall, noise, tokens per second, energy per token; the knee and
/// the least energy are marked.
std::string power_sweep_text(const std::string& name, const place::Sweep& sweep, Metres distance);
/// A member of an object that is open.
void power_sweep_json(Json& json, const place::Sweep& sweep);
/// Percent of what it is at the highest limit; noise as it is. Requires: at least one point.
Chart power_sweep_chart(const std::string& name, const place::Sweep& sweep);

}  // namespace rigor::report
