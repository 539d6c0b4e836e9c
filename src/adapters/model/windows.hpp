// Which layers of a network see only a window of earlier tokens, where a file states a period or
// nothing. Layer 10.
#pragma once

#include <cstddef>
#include <cstdint>

namespace rigor::adapters {

enum class Windows : std::uint8_t {
  stated,      ///< the file lists them, or none do
  every,       ///< all layers
  last_full,   ///< in each period all but the last layer
  first_full,  ///< in each period all but the first layer
};

constexpr bool sees_window(Windows windows, int period, std::size_t layer) {
  const std::size_t place = period > 0 ? layer % static_cast<std::size_t>(period) : 0;
  switch (windows) {
    case Windows::stated: return false;
    case Windows::every: return true;
    case Windows::last_full: return period > 0 && place + 1 != static_cast<std::size_t>(period);
    case Windows::first_full: return place != 0;
  }
  return false;
}

}  // namespace rigor::adapters
