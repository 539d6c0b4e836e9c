// One function per verb; the table in commands.cpp is made of them. Layer 11.
#pragma once

#include "apps/cli/command.hpp"

namespace rigor::apps {

Command catalog_command();

}  // namespace rigor::apps
