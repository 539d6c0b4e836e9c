// The values an answer hangs on, each of which may be moved: for tornado, tables, switch values and
// chance. Layer 6.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace rigor::cost {

enum class Lever : std::uint8_t {
  hours,           ///< of work a month, all workloads, mean over the horizon
  cloud_price,     ///< of a rented hour, mean
  cloud_speed,     ///< rented hours for the hours of the own machine, over what is expected
  tariff,          ///< per kWh
  power,           ///< energy over what is expected
  purchase,        ///< all that is paid at the start
  later_purchase,  ///< all that is bought after it
  resale,          ///< share of all that was paid, before fees
  selling_fee,     ///< share of what a sale brings
  discount_rate,   ///< a year
};
inline constexpr std::size_t kLevers = 10;
constexpr std::size_t index(Lever lever) {
  return static_cast<std::size_t>(lever);
}

/// How a lever's value is written.
enum class LeverUnit : std::uint8_t { hours, money, money_per_hour, money_per_kwh, share, factor };

struct LeverSpec {
  Lever lever;
  std::string_view name;  ///< in plan files and answers
  LeverUnit unit;
};
const std::array<LeverSpec, kLevers>& levers();
/// By the name in plan files; empty when unknown.
std::optional<Lever> find_lever(std::string_view name);

struct LeverValues {
  std::array<double, kLevers> value = {};
  double& operator[](Lever lever) { return value[index(lever)]; }
  double operator[](Lever lever) const { return value[index(lever)]; }
};

}  // namespace rigor::cost
