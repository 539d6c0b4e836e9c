// The [site] and [rates] tables of a rig file. Layer 10.
#pragma once

#include "adapters/toml/document.hpp"
#include "base/diagnostic.hpp"
#include "hardware/rig.hpp"
#include "units/money.hpp"

namespace rigor::adapters {

/// What one unit of each currency is worth in dollars: ILS = "0.27 USD".
ExchangeRates read_rates(const TomlNode& table, Diagnostics& diagnostics);

/// Mains, tariff and surroundings; a tariff in another currency is turned into dollars by `rates`.
hardware::Site read_site(const TomlNode& table, const ExchangeRates& rates,
                         Diagnostics& diagnostics);

}  // namespace rigor::adapters
