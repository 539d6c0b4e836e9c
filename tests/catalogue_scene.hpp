// The catalogue and the calibration that are built in, read once, for tests that see upper layers.
#pragma once

#include <doctest/doctest.h>

#include "adapters/toml/entry_reader.hpp"
#include "catalog/packed.hpp"
#include "evidence/mapper.hpp"

namespace rigor::scene {

inline const catalog::Catalog& catalogue() {
  static const catalog::Catalog all(catalog::packed_catalogue(), &adapters::read_entry);
  return all;
}

/// Of speeds and of power limits.
inline const estimate::Calibration& calibration() {
  static const estimate::Calibration fitted = [] {
    auto speed = estimate::Calibration::parse(catalog::packed_calibration());
    REQUIRE(speed.has_value());
    const auto power = estimate::PowerCalibration::parse(catalog::packed_power_calibration());
    REQUIRE(power.has_value());
    speed->set_power(*power);
    return *speed;
  }();
  return fitted;
}

inline evidence::Library& library() {
  static evidence::Library lookups(catalogue(), calibration());
  return lookups;
}

}  // namespace rigor::scene
