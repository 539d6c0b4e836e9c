// Work files: what a rig is for. Layer 10.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.hpp"
#include "workload/workload.hpp"

namespace rigor::adapters {

/// Reads TOML text. The result is meaningful only when `diagnostics` has no errors. Names of
/// models, engines and quantizations are kept as written; the caller resolves them.
std::vector<workload::Workload> read_work(std::string_view text, const std::string& file,
                                          Diagnostics& diagnostics);

}  // namespace rigor::adapters
