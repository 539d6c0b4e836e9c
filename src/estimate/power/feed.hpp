// Which supply feeds what, how far each is loaded, what the wall gives, and whether peaks are
// within what a supply promises. Layer 5.
//
// Formulas and limits: docs/models/50-power-draw.md.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "estimate/power/circuit.hpp"
#include "estimate/power/draw.hpp"
#include "estimate/power/excursion.hpp"
#include "estimate/power/supply.hpp"

namespace rigor::estimate {

/// One supply and the cards on it; the rest of the machine hangs on exactly one.
struct FedPart {
  const hardware::Supply* supply = nullptr;
  Watts rated = {};             ///< at the mains' voltage
  double cards = 0;             ///< share of the cards' draw, by their limits
  bool has_rest = false;        ///< board, processor, memory, drives, fans
  std::vector<PeakLoad> peaks;  ///< its cards
};

/// Every piece of every supply. Cards and rest are laid on them at their limits; server supplies
/// take the rest only when there are no others. Empty: no supply is listed, or a
/// whole machine has its own.
std::vector<FedPart> feed_plan(const PoweredRig& rig, Volts mains);

/// A load on a plan.
struct Feed {
  std::vector<SupplyState> parts;  ///< as the plan
  Range<double> load = {};         ///< of the part that is loaded most, by its expected share
  std::optional<Range<Watts>> wall = {};  ///< all together; empty when an efficiency is unknown
};
/// Whole machines with a supply of their own: the draw is that at the wall, and `parts` is empty.
Feed feed(const std::vector<FedPart>& plan, const Draw& draw, Volts mains, bool built_in);

/// Peaks on one part at the cards' limits, by bucket.
using Peaks = std::array<ExcursionState, hardware::kBuckets>;
Peaks peaks(const FedPart& part, const Draw& limits);
/// The worst of the buckets.
LoadFit peaks_fit(const Peaks& peaks);

}  // namespace rigor::estimate
