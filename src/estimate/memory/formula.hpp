// The formula behind every term, with the catalogue keys it reads, for `--explain`. Layer 5.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "estimate/memory/memory_estimate.hpp"
#include "workload/engine.hpp"

namespace rigor::estimate {

/// One term of one engine family.
struct Formula {
  workload::EngineFamily family;  ///< any training family stands for all of them
  Term term;
  std::string_view text;        ///< symbols as in the page
  std::string_view dimensions;  ///< keys of the architecture it reads, separated by spaces
  std::string_view constants;   ///< keys of the engine it reads, separated by spaces
};

/// Null when the family has no such term.
const Formula* find_formula(workload::EngineFamily family, Term term);
/// The page that derives a family's formulas.
std::string_view formula_page(workload::EngineFamily family);

}  // namespace rigor::estimate
