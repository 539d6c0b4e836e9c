// Pieces that speeds of inference and of training share. Layer 6.
#pragma once

#include <span>
#include <string>

#include "estimate/speed/calibration.hpp"
#include "place/speed.hpp"

namespace rigor::place::detail {

/// The slowest of the devices sets the pace. Requires: there are devices.
BytesPerSecond slowest_link(std::span<const hardware::Accelerator> devices);
BytesPerSecond slowest_slot(std::span<const hardware::Accelerator> devices);

/// An expected figure with the interval of its kind.
Ranged rate(double expected, const estimate::SpeedRange& range);
Ranged duration(double expected, const estimate::SpeedRange& range);

/// What is missing to tell how fast a training run's drive and network are; empty when nothing is.
std::string traffic_needs(const Question& question, const workload::Placement& placement);

}  // namespace rigor::place::detail
