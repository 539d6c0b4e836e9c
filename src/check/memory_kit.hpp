// The memory of a rig, all kits together. Layer 6.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "check/facts.hpp"

namespace rigor::check {

struct MemoryKits {
  int modules = 0;
  Bytes capacity = {};
  double slowest = 0;  ///< transfers per second
};

/// Nothing when the rig lists no memory or a kit states not all of it; what is missing is noted.
std::optional<MemoryKits> memory_kits(const Assembly& rig, Facts& facts);

}  // namespace rigor::check
