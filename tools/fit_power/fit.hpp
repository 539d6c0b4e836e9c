// Fits the curves of power_limit.hpp to rows of power: robust, with a prior on every number and the
// rows of one sweep counted together. No random numbers.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "estimate/power/power_calibration.hpp"
#include "evidence/power_row.hpp"

namespace rigor::fit_power {

using evidence::PowerRow;
using Use = std::function<bool(const PowerRow&)>;

/// Curves of all phases, and of families where rows of theirs are used.
struct Fitted {
  struct Curve {
    estimate::PowerCurve curve;
    int rates = 0, draws = 0;  ///< rows of each
  };
  std::map<std::string, Curve> curves;  ///< by "decode" or "decode:family"
  double idle = 0.08;
  int idle_rows = 0;

  [[nodiscard]] estimate::PowerConstants resolve(const std::string& family) const;
};

std::string curve_name(estimate::Phase phase, const std::string& family);

Fitted fit(const std::vector<PowerRow>& rows, const Use& use);

/// By linear interpolation. Requires: not empty.
double quantile(std::vector<double> values, double share);

}  // namespace rigor::fit_power
