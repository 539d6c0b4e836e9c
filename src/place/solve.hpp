// The largest or smallest value for which something holds, when it holds on one side of a boundary.
// Layer 6.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

namespace rigor::place {

/// Largest value in [low, high], a multiple of `step` above low, for which `holds`; nothing if not
/// even low. Requires: once it fails it fails for every larger value.
std::optional<std::int64_t> largest(std::int64_t low, std::int64_t high, std::int64_t step,
                                    const std::function<bool(std::int64_t)>& holds);

/// Smallest value in [low, high] for which `holds`; nothing if not even high.
/// Requires: once it holds it holds for every larger value.
std::optional<std::int64_t> smallest(std::int64_t low, std::int64_t high,
                                     const std::function<bool(std::int64_t)>& holds);

}  // namespace rigor::place
