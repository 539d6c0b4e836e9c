// One function per verb; the table in commands.cpp is made of them. Layer 11.
#pragma once

#include "apps/cli/command.hpp"

namespace rigor::apps {

Command report_command();
Command check_command();
Command fit_command();
Command speed_command();
Command power_command();
Command cost_command();
Command plan_command();
Command evidence_command();
Command catalog_command();
Command reference_command();

}  // namespace rigor::apps
