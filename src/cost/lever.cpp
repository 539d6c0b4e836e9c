#include "cost/lever.hpp"

namespace rigor::cost {

const std::array<LeverSpec, kLevers>& levers() {
  static constexpr std::array<LeverSpec, kLevers> kAll = {{
      {Lever::hours, "hours", LeverUnit::hours},
      {Lever::cloud_price, "cloud price", LeverUnit::money_per_hour},
      {Lever::cloud_speed, "cloud hours", LeverUnit::factor},
      {Lever::tariff, "tariff", LeverUnit::money_per_kwh},
      {Lever::power, "energy", LeverUnit::factor},
      {Lever::purchase, "purchase", LeverUnit::money},
      {Lever::later_purchase, "later purchases", LeverUnit::money},
      {Lever::resale, "resale", LeverUnit::share},
      {Lever::selling_fee, "selling fee", LeverUnit::share},
      {Lever::discount_rate, "discount rate", LeverUnit::share},
  }};
  return kAll;
}

std::optional<Lever> find_lever(std::string_view name) {
  for (const LeverSpec& spec : levers()) {
    if (spec.name == name) return spec.lever;
  }
  return std::nullopt;
}

}  // namespace rigor::cost
