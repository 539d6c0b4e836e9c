// What the rules of power stand on. Layer 6.
#pragma once

#include <string>

#include "check/facts.hpp"

namespace rigor::check {

/// What a processor may take for long: its limit in [settings], else its package power, else its
/// TDP.
std::optional<Watts> processor_power(const Assembly& rig, const Item* processor, Facts& facts);

/// Notes the limits of cards and processors, which carry most of a rig's draw.
void read_draw(const Assembly& rig, Facts& facts);

/// "a power limit of 185 W per card (keeps 96 % of generating, 88 % of training)"; empty when none
/// helps or none is needed.
std::string limit_text(const estimate::LimitAdvice& advice);

}  // namespace rigor::check
