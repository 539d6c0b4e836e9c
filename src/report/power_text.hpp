// Power limits and energy per token, as text and JSON. Layer 9.
#pragma once

#include <string>

#include "place/energy.hpp"
#include "report/json.hpp"

namespace rigor::report {

/// What the limit does to the rates; empty without a limit.
std::string limit_text(const place::PowerUse& power);
/// Draws and energy per token, one line each, in the columns of a speed; says of what they are.
std::string energy_text(const place::PowerUse& power);
/// Of what the energy is, and the same in kWh per million tokens; empty without figures.
std::string energy_note(const place::PowerUse& power);
/// One line for the report; empty when there are no figures.
std::string energy_line(const place::PowerUse& power);
/// Formula, constants and rows.
std::string power_explain(const place::PowerUse& power, const estimate::PowerCalibration& fitted);
/// The member "power" of an object that is open.
void power_json(Json& json, const place::PowerUse& power);

}  // namespace rigor::report
