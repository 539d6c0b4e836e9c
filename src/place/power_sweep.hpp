// A workload under every power limit its cards take: watts of the whole machine, noise, speed and
// energy per token, and where the curve bends. Layer 6.
//
// Definitions: docs/models/50-power-draw.md.
#pragma once

#include <optional>
#include <vector>

#include "place/work_power.hpp"

namespace rigor::place {

struct SweepPoint {
  Watts limit = {};  ///< of each card; cards with a lower default keep that
  WorkPhase work = {};
};

struct Sweep {
  std::vector<SweepPoint> points;  ///< from the lowest limit to the highest
  std::size_t knee = 0;   ///< the point farthest above the line from the first point to the last
  std::size_t least = 0;  ///< the point with the least energy per token
};

/// The first phase of the workload, at about a dozen limits in whole steps of 5 W. The placement
/// stays. Empty without cards to limit, or where there are no figures of power.
/// Requires: a placement that fits and has a speed.
std::optional<Sweep> power_sweep(const Question& question, const workload::Placement& placement,
                                 const estimate::Calibration& calibration,
                                 const estimate::PowerCase& machine);

/// The index of the point farthest above the chord, both axes from 0 to 1; of a straight line the
/// last. Requires: as many x as y, x rising, at least one point.
std::size_t knee_of(const std::vector<double>& x, const std::vector<double>& y);

}  // namespace rigor::place
