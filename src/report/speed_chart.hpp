// The roofline of a device with a network's phases on it, and the speed over the number of devices.
// Layer 9.
#pragma once

#include <string>
#include <vector>

#include "place/rank.hpp"
#include "report/chart_svg.hpp"

namespace rigor::report {

/// A measured or estimated phase on the roofline.
struct RooflinePoint {
  double intensity = 0;  ///< operations per byte read
  double rate = 0;       ///< operations per second
};
/// Of `tokens_per_s`, when `together` tokens are computed for every reading of the weights.
RooflinePoint roofline_point(const estimate::Network& network, double tokens_per_s,
                             double together);

/// Achieved operations per second against operations per byte: both roofs, the estimated phases
/// with their intervals, and measured rows of the same device.
Chart roofline_chart(const place::Question& question, const place::InferenceSpeed& speed,
                     const std::vector<RooflinePoint>& measured);

/// Tokens per second of the fastest placement on 1, 2, … devices, beside perfect scaling.
Chart scaling_chart(const place::Question& question, const std::vector<place::Candidate>& ranking);

}  // namespace rigor::report
