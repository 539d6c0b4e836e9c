// Intervals from residuals of rows that were held out. Developer program.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace rigor::calibrate {

/// A held-out row within its groups, nearest first. `unit`: what was held out with it (network,
/// device or family); rows of one unit are not independent.
struct HeldRow {
  std::vector<std::string> groups;
  std::string unit;
  double error = 0;  ///< log(measured / predicted)
};

/// Of log(measured / predicted): 5th and 95th percentile.
struct Interval {
  double low = 0, high = 0;
  int rows = 0;
};

/// Intervals of all groups with at least 12 rows. A unit of n rows weighs n^0.4 in a group's
/// percentiles; a group of m units counts as m against 4 of the next wider group's interval, so
/// that few networks do not pass for all.
std::map<std::string, Interval> intervals(const std::vector<HeldRow>& rows);

}  // namespace rigor::calibrate
