// Whether an architecture that was read from a foreign file holds together: the estimators rely on
// it. Layer 10.
#pragma once

#include <string>

#include "llm/architecture.hpp"

namespace rigor::adapters {

/// The first thing that cannot be true ("layer 3 has 40 heads for 7 key-value heads"), or empty.
std::string contradiction(const llm::Architecture& architecture);

}  // namespace rigor::adapters
