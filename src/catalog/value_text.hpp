// A value as a person reads it: "24 GiB", "yes", "8-pin, 8-pin". Layer 4.
#pragma once

#include <string>

#include "catalog/entry.hpp"

namespace rigor::catalog {

std::string to_text(const Value& value);

}  // namespace rigor::catalog
