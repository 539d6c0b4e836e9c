// Plan files: money, prices and intentions over time. Layer 10.
#pragma once

#include <string>
#include <string_view>

#include "base/diagnostic.hpp"
#include "cost/plan_file.hpp"

namespace rigor::adapters {

/// Reads TOML text. All problems are reported in one go, each with its place and a remedy; the
/// result is meaningful only when `diagnostics` has no errors. Names of parts, offers, curves and
/// workloads are kept as written; the caller resolves them. Every currency in it has a rate.
cost::PlanFile read_plan(std::string_view text, const std::string& file, Diagnostics& diagnostics);

}  // namespace rigor::adapters
