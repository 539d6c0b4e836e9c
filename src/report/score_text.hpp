// Score tables for people and for programs. Layer 9.
#pragma once

#include <string>
#include <vector>

#include "evidence/score.hpp"

namespace rigor::report {

/// Error by term (metric), engine, architecture family and device; then what was not mapped, with
/// reasons.
std::string score_text(const std::vector<evidence::Scored>& scored);
std::string score_json(const std::vector<evidence::Scored>& scored);

}  // namespace rigor::report
