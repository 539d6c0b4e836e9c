// Fitted constants of power: curves of phases and families, how far they were off where they were
// not fitted, and the measured points themselves, for charts. What was never measured has the value
// of its phase. Layer 5.
//
// The table is calibration/power.csv, written by tools/fit_power; docs/models/33-power-limit.md.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "estimate/power/power_limit.hpp"

namespace rigor::estimate {

/// Rows that a curve was fitted on.
struct PowerSupport {
  bool family = false;  ///< rows of this family; else of all families together
  int rows = 0;
};

/// Errors of rows held out: 5th and 95th percentile. Of rates: logarithm of measured / estimated,
/// over `error_scale`; of draws: measured / estimated.
struct PowerRange {
  double low = 0, high = 0;
  int rows = 0;
};

/// A rate measured at a limit, both as shares of those at the default.
struct PowerPoint {
  double limit = 0, rate = 0;
};

/// A factor and its 90 % interval.
struct PowerFactor {
  double low = 1, expected = 1, high = 1;
};

/// How much errors of a rate grow: with the loss, and with the limit given up where there is none.
double error_scale(double rate, double limit);

class PowerCalibration {
 public:
  /// The text of calibration/power.csv. Errors name the line.
  static Result<PowerCalibration> parse(std::string_view csv);

  [[nodiscard]] PowerConstants resolve(const std::string& family) const;
  [[nodiscard]] PowerSupport support(Phase phase, const std::string& family) const;

  /// Rate at a limit over the rate at the default one. The interval closes at the default, opens
  /// with every watt and every token given up, and faster below what was measured.
  [[nodiscard]] PowerFactor rate(Phase phase, const std::string& family, double limit) const;
  /// Share of the default limit that a busy card draws; never above the limit. `several`: cards
  /// that work on one network together.
  [[nodiscard]] PowerFactor draw(Phase phase, const std::string& family, double limit,
                                 bool several) const;
  /// Of one card (catalogue id), in the order of their limits; empty when it was not measured.
  [[nodiscard]] std::vector<PowerPoint> points(Phase phase, const std::string& device) const;

  /// `key` as in the file: "fixed|decode", "fixed|decode:ada lovelace 8.9 geforce", "idle".
  void set_constant(const std::string& key, double value, int rows);
  /// "rate|decode", "rate|decode|far", "draw|output|several", …
  void set_range(const std::string& key, PowerRange range);
  void add_point(const std::string& key, PowerPoint point);

 private:
  struct Fitted {
    double value = 0;
    int rows = 0;
  };
  [[nodiscard]] const Fitted* find(std::string_view name, Phase phase,
                                   const std::string& family) const;
  [[nodiscard]] PowerRange range(std::string_view of, Phase phase, const std::string& family,
                                 std::string_view more) const;

  std::map<std::string, Fitted> constants_;
  std::map<std::string, PowerRange> ranges_;
  std::map<std::string, std::vector<PowerPoint>> points_;
};

/// "fixed", "knee", …: the numbers of a curve by name, in the order of the file.
struct CurveField {
  std::string_view name;
  double PowerCurve::* member;
};
inline constexpr std::array<CurveField, 6> kCurveFields = {{{"fixed", &PowerCurve::fixed},
                                                            {"knee", &PowerCurve::knee},
                                                            {"core", &PowerCurve::core},
                                                            {"bite", &PowerCurve::bite},
                                                            {"draw", &PowerCurve::draw},
                                                            {"lowest", &PowerCurve::lowest}}};

}  // namespace rigor::estimate
