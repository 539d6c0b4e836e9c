// Lengths of parts against the room that a case has for them. Layer 6.
#pragma once

#include <string>

#include "check/rules/all.hpp"

namespace rigor::check {

/// Of one part: its `key` against `room` of the case. `what`: "the case has 400 mm for cards".
Finding fits_case(const Assembly& rig, const Item& part, std::string_view key,
                  std::string_view room, const std::string& what, const std::string& fix);

}  // namespace rigor::check
