// What is taken of power, heat and noise where a part does not say. Layer 4.
#pragma once

#include "catalog/catalog.hpp"
#include "hardware/electrical.hpp"

namespace rigor::catalog {

/// From choice/draw of the catalogue, with the curves of all efficiency classes. Errors: there is
/// no such entry, a value is missing, or one is malformed.
Result<hardware::Habits> habits(const Catalog& catalog);

}  // namespace rigor::catalog
