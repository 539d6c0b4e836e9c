// Rows of power: rates under a power limit relative to the default, and what cards draw. Layer 7.
#pragma once

#include <optional>
#include <string>

#include "estimate/power/power_limit.hpp"
#include "evidence/mapper.hpp"

namespace rigor::evidence {

enum class PowerQuantity : std::uint8_t { rate, draw, idle };

/// Limits and draws as shares of the card's default limit, as the row states that.
struct PowerRow {
  PowerQuantity quantity = PowerQuantity::rate;
  estimate::Phase phase = estimate::Phase::decode;
  std::string family, device;
  double limit = 1;
  double reference = 1;      ///< limit that the rate is relative to
  double value = 0;          ///< rate over that at the reference; drawn share of the default limit
  double default_watts = 0;  ///< for going back to the row's own unit
  int cards = 1;
  std::string sweep;  ///< rows of one sweep share it
  std::string source;

  /// A draw that the limit did not bind, or at the default limit: it says what the work takes.
  [[nodiscard]] bool is_free_draw() const;
  /// What the curves say, in the unit of `value`.
  [[nodiscard]] double predict(const estimate::PowerConstants& constants) const;
};

/// A row of power, or why it is none.
struct ReadPowerRow {
  std::optional<PowerRow> row;
  std::string reason;
};

bool is_power_row(const Row& row);
ReadPowerRow read_power_row(const Row& row, Library& library);

bool accepts_power(const Row& row);
Prediction predict_power(const Row& row, Siblings siblings, Library& library);

}  // namespace rigor::evidence
