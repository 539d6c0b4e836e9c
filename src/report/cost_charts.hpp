// The charts of `rigor cost`. Layer 9.
#pragma once

#include <string>

#include "report/cost_text.hpp"

namespace rigor::report {

/// Money spent so far, owning against renting, with the months in which they cross. Requires:
/// something is rented.
std::string cumulative_svg(const CostReport& report);
/// Requires: there are swings.
std::string tornado_svg(const CostReport& report);
/// Requires: draws were made and differ.
std::string chance_svg(const CostReport& report);

}  // namespace rigor::report
