// rigor evidence add RIG FILE: a log becomes rows of the rig's own table. Layer 11.
#pragma once

#include <vector>

#include "apps/cli/session.hpp"

namespace rigor::apps {

/// The flags that say what a log does not.
std::vector<Option> evidence_add_options();

/// Requires: positional words "add RIG FILE".
Exit run_evidence_add(const Arguments& arguments, Session& session);

}  // namespace rigor::apps
