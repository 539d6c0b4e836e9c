#include "adapters/toml/site_reader.hpp"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <string_view>

#include "adapters/toml/table_reader.hpp"
#include "base/text.hpp"
#include "units/unit_text.hpp"

namespace rigor::adapters {
namespace {

constexpr double kLowestAmbient = 0, kHighestAmbient = 60;  // degrees Celsius
constexpr double kLowestNoise = 10, kHighestNoise = 120;    // dB(A)
constexpr double kHighestTariff = 2;                        // USD/kWh; the dearest grids ask 0.5
constexpr Metres kLowestAltitude = -400 * metre, kHighestAltitude = 5000 * metre;
constexpr double kLowestCop = 1, kHighestCop = 15;
constexpr Seconds kHour = 3600 * second, kMonth = 744 * kHour;  // of 31 days
constexpr std::string_view kTariff = "0.15 USD/kWh";

/// The text under `key`; complains when it is something else.
const TomlNode* text_at(TableReader& table, std::string_view key, std::string_view example) {
  const TomlNode* node = table.take(key);
  if (node == nullptr || node->type == TomlNode::Type::text) return node;
  table.error(*node, fmt::format("{}: the number has no unit", key),
              fmt::format("write it like \"{}\"", example));
  return nullptr;
}

void out_of_range(TableReader& table, const TomlNode& node, std::string_view key,
                  std::string_view low, std::string_view high) {
  table.error(node, fmt::format("{}: \"{}\" is not between {} and {}", key, node.text, low, high));
}

/// "25 °C". A temperature is a point, and K would be read as kelvins above absolute zero.
std::optional<Kelvins> read_ambient(TableReader& table) {
  const TomlNode* node = text_at(table, "ambient", "25 °C");
  if (node == nullptr) return std::nullopt;
  std::string_view number = trim(node->text);
  for (const std::string_view unit : {"°C", "C"}) {
    if (!number.ends_with(unit)) continue;
    const Result<double> degrees =
        parse_number(trim(number.substr(0, number.size() - unit.size())));
    if (!degrees) break;
    if (*degrees >= kLowestAmbient && *degrees <= kHighestAmbient) return *degrees * kelvin;
    out_of_range(table, *node, "ambient", fmt::format("{} °C", kLowestAmbient),
                 fmt::format("{} °C", kHighestAmbient));
    return std::nullopt;
  }
  table.error(*node, fmt::format("ambient: \"{}\" is not a temperature", node->text),
              "write it in degrees Celsius, like \"25 °C\"");
  return std::nullopt;
}

/// "0.60 ILS/kWh" with ILS spelled USD, and what that has to be multiplied with.
struct InDollars {
  std::string text;
  double rate = 1;
};

Result<InDollars> in_dollars(const std::string& text, const ExchangeRates& rates) {
  const std::size_t slash = text.find('/');
  const std::size_t start = text.find_last_of("0123456789. ", slash);
  if (slash == std::string::npos || start == std::string::npos) return InDollars{text};
  const std::string code = text.substr(start + 1, slash - start - 1);
  if (!parse_currency(code)) return InDollars{text};
  const Result<Price> one = parse_price("1 " + code);
  const Result<Dollars> worth = rates.dollars(*one);
  if (!worth) {
    return fail(ErrorCode::not_found, worth.error().message, {},
                fmt::format("state it in the file: [rates] with {} = \"0.27 USD\"", code));
  }
  return InDollars{text.substr(0, start + 1) + "USD" + text.substr(slash), worth->in(USD)};
}

std::optional<DollarsPerJoule> read_tariff(TableReader& table, const ExchangeRates& rates) {
  const TomlNode* node = text_at(table, "tariff", kTariff);
  if (node == nullptr) return std::nullopt;
  const Result<InDollars> dollars = in_dollars(node->text, rates);
  if (!dollars) {
    table.error(*node, "tariff: " + dollars.error().message, dollars.error().hint);
    return std::nullopt;
  }
  const Result<DollarsPerJoule> unconverted = parse<DollarsPerJoule>(dollars->text, kTariff);
  if (!unconverted) {
    table.error(*node, fmt::format("tariff: \"{}\" is not a price of energy", node->text),
                fmt::format("write it like \"{}\"", kTariff));
    return std::nullopt;
  }
  const DollarsPerJoule tariff = dollars->rate * *unconverted;
  if (tariff >= DollarsPerJoule{} && tariff <= kHighestTariff * USD / kWh) return tariff;
  out_of_range(table, *node, "tariff", "0 USD/kWh", fmt::format("{} USD/kWh", kHighestTariff));
  return std::nullopt;
}

std::optional<double> read_noise(TableReader& table) {
  const TomlNode* node = text_at(table, "noise_ceiling", "35 dBA");
  if (node == nullptr) return std::nullopt;
  const Result<double> level = parse_sound_level(node->text);
  if (!level) {
    table.error(*node, "noise_ceiling: " + level.error().message, level.error().hint);
    return std::nullopt;
  }
  if (*level >= kLowestNoise && *level <= kHighestNoise) return *level;
  out_of_range(table, *node, "noise_ceiling", fmt::format("{} dBA", kLowestNoise),
               fmt::format("{} dBA", kHighestNoise));
  return std::nullopt;
}

/// "30 %" as 0.3.
std::optional<double> read_share(TableReader& table, std::string_view key,
                                 std::string_view example) {
  const TomlNode* node = text_at(table, key, example);
  if (node == nullptr) return std::nullopt;
  const Result<double> share = parse_fraction(node->text);
  if (share) return *share;
  table.error(*node, fmt::format("{}: {}", key, share.error().message), share.error().hint);
  return std::nullopt;
}

/// Where the machine stands and who sits beside it.
void read_surroundings(TableReader& table, hardware::Site& site) {
  site.altitude = table.quantity("altitude", "500 m", kLowestAltitude, kHighestAltitude);
  site.room_volume = table.quantity("room_volume", "40 m3", 1 * cubic_metre, 1e5 * cubic_metre);
  site.room_ventilation =
      table.quantity("room_ventilation", "60 m3/h", AirFlow{}, 1e5 * cubic_metre_per_hour);
  site.listening_distance = table.quantity("listening_distance", "1 m", 0.1 * metre, 100 * metre);
  site.cooling_cop = table.real("cooling_cop", kLowestCop, kHighestCop);
  site.cooling_season = read_share(table, "cooling_season", "30 %");
}

}  // namespace

ExchangeRates read_rates(const TomlNode& table, Diagnostics& diagnostics) {
  ExchangeRates rates;
  for (const auto& [name, member] : table.members) {
    const Result<Currency> currency = parse_currency(name);
    const Result<Dollars> dollars = parse<Dollars>(member.text, "0.27 USD");
    if (!currency) {
      diagnostics.error(member.where, currency.error().message, currency.error().hint);
    } else if (!dollars || *dollars <= Dollars{}) {
      diagnostics.error(member.where,
                        fmt::format("{}: a rate is what one unit is worth in dollars", name),
                        fmt::format("write {} = \"0.27 USD\"", name));
    } else {
      rates.set(*currency, dollars->in(USD));
    }
  }
  return rates;
}

hardware::Site read_site(const TomlNode& node, const ExchangeRates& rates,
                         Diagnostics& diagnostics) {
  TableReader table(node, "[site]", diagnostics);
  constexpr Volts volt = Volts::from_base(1);
  constexpr Amperes ampere = Amperes::from_base(1);
  hardware::Site site;
  site.voltage = table.quantity("voltage", "230 V", 90 * volt, 500 * volt);
  site.breaker = table.quantity("breaker", "16 A", 1 * ampere, 1000 * ampere);
  site.ambient_celsius = read_ambient(table);
  site.tariff = read_tariff(table, rates);
  site.noise_ceiling = read_noise(table);
  site.other_load = table.quantity("other_load", "200 W", Watts{}, 1e5 * watt).value_or(Watts{});
  site.hours_on = table.quantity("hours_on", "240 h", Seconds{}, kMonth);
  site.shutdown_time = table.quantity("shutdown_time", "60 s", Seconds{}, kHour);
  read_surroundings(table, site);
  table.finish();
  return site;
}

}  // namespace rigor::adapters
