// Counts every allocation of the benchmark program, so that "an estimate allocates nothing" is
// measured.
#pragma once

#include <cstddef>

namespace rigor::bench {

/// Calls of `operator new` since the program started.
std::size_t allocations();

}  // namespace rigor::bench
