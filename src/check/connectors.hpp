// Power connectors of cards, by kind. Layer 6.
#pragma once

#include <string>
#include <vector>

#include "check/facts.hpp"

namespace rigor::check {

struct PowerConnectors {
  int sixteen_pin = 0, eight_pin = 0, six_pin = 0, eps = 0;
  std::string strange = {};  ///< a kind that no rule knows

  /// Watts that they carry, without the slot.
  [[nodiscard]] Watts carry(Facts& facts) const;
};

/// Of one card, from its `power_connectors`.
PowerConnectors connectors_of(const std::vector<std::string>& list);

}  // namespace rigor::check
