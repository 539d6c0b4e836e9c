// Terms by devices, as a table and as JSON. Layer 9.
#pragma once

#include <string>

#include "place/question.hpp"
#include "report/json.hpp"

namespace rigor::report {

/// One row per term that is not zero, a column per device and one for the host; totals, intervals,
/// capacities and a bar per column. Amounts in GiB.
std::string memory_table(const place::Question& question, const place::Answer& answer);
/// "devices": [...], "host": {...}: every term with low, expected and high in bytes.
void memory_json(Json& json, const place::Question& question, const place::Answer& answer);

}  // namespace rigor::report
