// The links of a rig's cards: the board's lane graph with the processor, the cards and the drives
// in it. Layer 10.
#pragma once

#include "adapters/toml/rig_reader.hpp"

namespace rigor::adapters {

/// Fills `slot` and `bridge` of every accelerator. What the file states of a card's lanes and
/// generation holds; cards for which it states both sit nowhere unless it names a slot.
/// Requires: the file had no errors so far, so accelerators stand in the order of the parts.
void link_cards(RigFile& file, const catalog::Catalog& catalog, Diagnostics& diagnostics);

}  // namespace rigor::adapters
