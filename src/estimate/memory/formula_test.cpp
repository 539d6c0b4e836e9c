#include "estimate/memory/formula.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>
#include <string>

namespace rigor::estimate {
namespace {

using workload::EngineFamily;

bool lists(std::string_view words, std::string_view word) {
  std::istringstream in{std::string(words)};
  for (std::string one; in >> one;) {
    if (one == word) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("formulas name constants that engines can state, and every constant is named") {
  std::string named;
  for (int family = 0; family <= static_cast<int>(EngineFamily::trl); ++family) {
    for (int term = 0; term < kTerms; ++term) {
      const Formula* formula =
          find_formula(static_cast<EngineFamily>(family), static_cast<Term>(term));
      if (formula != nullptr) named += std::string(formula->constants) + ' ';
    }
  }
  const auto specs = workload::constant_specs();
  std::istringstream in(named);
  for (std::string key; in >> key;) {
    CAPTURE(key);
    CHECK(std::any_of(specs.begin(), specs.end(), [&](const auto& s) { return s.key == key; }));
  }
  for (const workload::ConstantSpec& spec : specs) {
    CAPTURE(spec.key);
    // Margins are the intervals' widths, not part of a formula.
    CHECK((spec.key.starts_with("margin_") || lists(named, spec.key)));
  }
}

}  // namespace rigor::estimate
