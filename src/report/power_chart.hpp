// The rate of every phase over the power limit, with what was measured on the same card. Layer 9.
#pragma once

#include "place/energy.hpp"
#include "report/chart_svg.hpp"

namespace rigor::report {

/// Requires: `power` has figures.
Chart power_chart(const place::PowerUse& power, const estimate::PowerCalibration& fitted);

}  // namespace rigor::report
