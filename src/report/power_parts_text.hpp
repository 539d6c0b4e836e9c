// The sections of a rig's power as text: supplies and peaks, circuit, way out, UPS, heat, noise,
// and what is not known. Each starts with an empty line, or is empty when there is nothing to say.
// Layer 9.
#pragma once

#include <string>

#include "report/power_sheet_text.hpp"

namespace rigor::report {

std::string supplies_text(const estimate::PowerSheet& sheet);
std::string circuit_text(const estimate::PowerSheet& sheet, const hardware::Site& site);
std::string advice_text(const estimate::PowerSheet& sheet);
std::string ups_text(const PowerReport& report);
std::string heat_text(const PowerReport& report);
std::string noise_text(const PowerReport& report);
std::string unknown_text(const hardware::Electrical& electrical);

/// "fits", "tight", "OVERLOADED".
std::string_view to_text(estimate::LoadFit fit);

}  // namespace rigor::report
