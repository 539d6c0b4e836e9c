// What moves an answer: tornado, two-way table and the values at which it turns. Layer 6.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "cost/chance.hpp"
#include "cost/cost_case.hpp"

namespace rigor::cost {

/// One lever over its range, the others as they are.
struct Swing {
  Lever lever = Lever::hours;
  double low = 0, base = 0, high = 0;  ///< of the lever
  double at_low = 0, at_high = 0;      ///< net present value there
  [[nodiscard]] double size() const {
    return at_high > at_low ? at_high - at_low : at_low - at_high;
  }
};
/// The widest first.
std::vector<Swing> tornado(const CostCase& input, std::span<const Margin> ranges);

/// Net present value over two levers.
struct TwoWay {
  Lever across = Lever::hours, down = Lever::resale;
  std::vector<double> columns = {}, rows = {};
  std::vector<std::vector<double>> value = {};  ///< by row, then column
};
struct Axis {
  Lever lever = Lever::hours;
  std::vector<double> values = {};
};
TwoWay two_way(const CostCase& input, const Axis& across, const Axis& down);

/// The value of a lever at which owning and renting are worth the same.
struct Switch {
  Lever lever = Lever::hours;
  double base = 0;
  std::optional<double> at = {};  ///< empty: within what the lever can be, it never turns
  bool pays_above = true;         ///< owning pays above it, not below
};
/// By bisection within the lever's sensible bounds: up to twenty times the base, shares to 100 %.
Switch switch_value(const CostCase& input, Lever lever);

}  // namespace rigor::cost
