#include "ranges.hpp"

#include <algorithm>
#include <cmath>

namespace rigor::calibrate {
namespace {

struct Group {
  std::vector<const HeldRow*> rows;
  std::map<std::string, int> units;  ///< rows of each
  std::string wider;                 ///< the next wider group; empty: none
};

/// Smallest error with at least `share` of the weight at or below it.
double quantile(const Group& group, double share) {
  constexpr double kPower = -0.6;  // n rows of a unit weigh n^0.4 together
  std::vector<std::pair<double, double>> weighted;
  double all = 0;
  for (const HeldRow* row : group.rows) {
    weighted.emplace_back(row->error, std::pow(group.units.at(row->unit), kPower));
    all += weighted.back().second;
  }
  std::sort(weighted.begin(), weighted.end());
  double sum = 0;
  for (const auto& [error, weight] : weighted) {
    sum += weight;
    if (sum >= share * all) return error;
  }
  return weighted.back().first;
}

Interval interval(const std::map<std::string, Group>& groups, const Group& group) {
  constexpr double kTail = 0.05, kWider = 4;
  Interval out{quantile(group, kTail), quantile(group, 1 - kTail),
               static_cast<int>(group.rows.size())};
  if (group.wider.empty()) return out;
  const Interval wider = interval(groups, groups.at(group.wider));
  const auto units = static_cast<double>(group.units.size());
  const double own = units / (units + kWider);
  out.low = own * out.low + (1 - own) * wider.low;
  out.high = own * out.high + (1 - own) * wider.high;
  return out;
}

}  // namespace

std::map<std::string, Interval> intervals(const std::vector<HeldRow>& rows) {
  std::map<std::string, Group> groups;
  for (const HeldRow& row : rows) {
    for (std::size_t i = 0; i < row.groups.size(); ++i) {
      Group& group = groups[row.groups[i]];
      group.rows.push_back(&row);
      ++group.units[row.unit];
      if (i + 1 < row.groups.size()) group.wider = row.groups[i + 1];
    }
  }
  constexpr std::size_t kFewest = 12;
  constexpr double kLeast = 0.03;  // the expected value itself always lies inside
  std::map<std::string, Interval> out;
  for (const auto& [key, group] : groups) {
    if (group.rows.size() < kFewest) continue;
    Interval& own = out[key] = interval(groups, group);
    own.low = std::min(own.low, -kLeast);
    own.high = std::max(own.high, kLeast);
  }
  return out;
}

}  // namespace rigor::calibrate
