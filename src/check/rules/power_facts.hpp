// What the rules of power stand on. Layer 6.
#pragma once

#include <string>

#include "check/facts.hpp"

namespace rigor::check {

/// Notes the limits of cards and processors, which carry most of a rig's draw.
void read_draw(const Assembly& rig, Facts& facts);

/// The rig's line that a supply, UPS or cooler was made from.
const Item* item_of(const Assembly& rig, std::string_view kind, const std::string& id,
                    const std::string& name);

}  // namespace rigor::check
