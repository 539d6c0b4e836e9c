// rigor catalog import buildcores DIR: parts of the BuildCores open database as an overlay.
// Layer 11.
#pragma once

#include <span>

#include "apps/cli/session.hpp"

namespace rigor::apps {

/// Its flags, for the table of `rigor catalog`.
std::span<const Option> catalog_import_options();

/// Words: "import", "buildcores", DIR. Exit: 0 something stands in the overlay, 1 nothing could be
/// taken, 2 wrong words, no such database, or a file that cannot be read or written.
Exit run_catalog_import(const Arguments& arguments, Session& session);

}  // namespace rigor::apps
