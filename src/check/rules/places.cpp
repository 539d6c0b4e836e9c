#include <algorithm>

#include "base/diagnostic.hpp"
#include "check/rules/all.hpp"

namespace rigor::check {

/// Places that the rig file states and that cannot be: every mistake once.
Findings places(const Assembly& rig) {
  Findings found;
  for (const Diagnostic& wrong : rig.wrong_places) {
    const std::string message = wrong.message + " (" + to_text(wrong.where) + ")";
    const bool told = std::any_of(found.begin(), found.end(),
                                  [&](const Finding& one) { return one.message == message; });
    if (!told) found.push_back(Facts(rig).finding(Severity::error, message, wrong.hint));
  }
  return found;
}

}  // namespace rigor::check
