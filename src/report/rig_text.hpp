// A rig's parts, prices and totals. Layer 9.
#pragma once

#include <string>

#include "hardware/rig.hpp"
#include "report/json.hpp"

namespace rigor::report {

/// Name, parts with slots and prices, sums per currency, what the file claims the sum to be, memory
/// of the accelerators and the host.
std::string rig_text(const hardware::Rig& rig);
/// One object into `json`.
void rig_json(Json& json, const hardware::Rig& rig);

/// "the file says 3,487 USD, its lines add up to 3,621 USD (134 USD more)"; empty when they agree
/// or when nothing is stated.
std::string sum_remark(const hardware::Rig& rig);

}  // namespace rigor::report
