#include "adapters/toml/site_reader.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>

namespace rigor::adapters {
namespace {

struct Read {
  hardware::Site site;
  std::string complaints;
};

/// A [site] of one line, in a file that states what a shekel is worth.
Read read(const std::string& line) {
  const Result<TomlNode> root = parse_toml(line, "s.toml");
  REQUIRE_MESSAGE(root.has_value(), root.error().message);
  ExchangeRates rates;
  rates.set(*parse_currency("ILS"), 0.25);
  Diagnostics diagnostics;
  hardware::Site site = read_site(*root, rates, diagnostics);
  return {site, to_text(diagnostics)};
}

struct Case {
  std::string_view line, complaint;  // after "s.toml:1:1: error: "
};

constexpr std::array kTariffs = {
    Case{"tariff = 0.15",
         "tariff: the number has no unit\n  hint: write it like \"0.15 USD/kWh\"\n"},
    Case{"tariff = \"0.15\"",
         "tariff: \"0.15\" is not a price of energy\n  hint: write it like \"0.15 USD/kWh\"\n"},
    Case{"tariff = \"\"",
         "tariff: \"\" is not a price of energy\n  hint: write it like \"0.15 USD/kWh\"\n"},
    Case{"tariff = \"15 cents\"",
         "tariff: \"15 cents\" is not a price of energy\n"
         "  hint: write it like \"0.15 USD/kWh\"\n"},
    Case{"tariff = \"0.15 USD\"",
         "tariff: \"0.15 USD\" is not a price of energy\n"
         "  hint: write it like \"0.15 USD/kWh\"\n"},
    Case{"tariff = \"0.15 USD/kW\"",
         "tariff: \"0.15 USD/kW\" is not a price of energy\n"
         "  hint: write it like \"0.15 USD/kWh\"\n"},
    Case{"tariff = \"0.6 ILS/kW\"",
         "tariff: \"0.6 ILS/kW\" is not a price of energy\n"
         "  hint: write it like \"0.15 USD/kWh\"\n"},
    Case{"tariff = \"ILS/kWh\"",
         "tariff: \"ILS/kWh\" is not a price of energy\n  hint: write it like \"0.15 USD/kWh\"\n"},
    Case{"tariff = \"-0.01 USD/kWh\"",
         "tariff: \"-0.01 USD/kWh\" is not between 0 USD/kWh and 2 USD/kWh\n"},
    Case{"tariff = \"15 USD/kWh\"",
         "tariff: \"15 USD/kWh\" is not between 0 USD/kWh and 2 USD/kWh\n"},
    Case{"tariff = \"8.01 ILS/kWh\"",
         "tariff: \"8.01 ILS/kWh\" is not between 0 USD/kWh and 2 USD/kWh\n"},
    Case{"tariff = \"0.3 EUR/kWh\"",
         "tariff: no exchange rate for EUR\n"
         "  hint: state it in the file: [rates] with EUR = \"0.27 USD\"\n"},
};

constexpr std::array kLevels = {
    Case{"noise_ceiling = 35",
         "noise_ceiling: the number has no unit\n  hint: write it like \"35 dBA\"\n"},
    Case{"noise_ceiling = \"35 dB\"",
         "noise_ceiling: \"35 dB\" is not a sound level\n  hint: write it like \"35 dBA\"\n"},
    Case{"noise_ceiling = \"quiet\"",
         "noise_ceiling: \"quiet\" is not a sound level\n  hint: write it like \"35 dBA\"\n"},
    Case{"noise_ceiling = \"9.9 dBA\"",
         "noise_ceiling: \"9.9 dBA\" is not between 10 dBA and 120 dBA\n"},
    Case{"noise_ceiling = \"121 dB(A)\"",
         "noise_ceiling: \"121 dB(A)\" is not between 10 dBA and 120 dBA\n"},
    Case{"ambient = 25", "ambient: the number has no unit\n  hint: write it like \"25 °C\"\n"},
    Case{"ambient = \"25 K\"",
         "ambient: \"25 K\" is not a temperature\n"
         "  hint: write it in degrees Celsius, like \"25 °C\"\n"},
    Case{"ambient = \"warm °C\"",
         "ambient: \"warm °C\" is not a temperature\n"
         "  hint: write it in degrees Celsius, like \"25 °C\"\n"},
    Case{"ambient = \"-1 °C\"", "ambient: \"-1 °C\" is not between 0 °C and 60 °C\n"},
    Case{"ambient = \"77 °C\"", "ambient: \"77 °C\" is not between 0 °C and 60 °C\n"},
    Case{"voltage = \"230\"",
         "voltage: \"230\" has no unit\n"
         "  hint: write the unit after the number, such as \"230 V\"\n"},
    Case{"voltage = \"60 V\"", "voltage: \"60 V\" is not between 90 V and 500 V\n"},
    Case{"altitude = \"6000 m\"", "altitude: \"6000 m\" is not between -400 m and 5000 m\n"},
    Case{"room_volume = \"0 m3\"", "room_volume: \"0 m3\" is not between 1 m3 and 100000 m3\n"},
    Case{"room_ventilation = \"-1 m3/h\"",
         "room_ventilation: \"-1 m3/h\" is not between 0 m3/h and 100000 m3/h\n"},
    Case{"listening_distance = \"0 m\"",
         "listening_distance: \"0 m\" is not between 0.1 m and 100 m\n"},
    Case{"cooling_season = \"0.3\"",
         "cooling_season: \"0.3\" is not a percentage\n  hint: write it with its sign, such as "
         "\"92 %\"\n"},
    Case{"cooling_season = 0.3",
         "cooling_season: the number has no unit\n  hint: write it like \"30 %\"\n"},
    Case{"other_load = \"-5 W\"", "other_load: \"-5 W\" is not between 0 W and 100000 W\n"},
    Case{"hours_on = \"745 h\"", "hours_on: \"745 h\" is not between 0 h and 744 h\n"},
    Case{"shutdown_time = \"2 h\"", "shutdown_time: \"2 h\" is not between 0 s and 3600 s\n"},
    Case{"breaker = \"2 kA\"",
         "breaker: unknown unit \"kA\" in \"2 kA\"\n"
         "  hint: did you mean \"kB\" or \"kJ\" or \"kW\"?\n"},
};

}  // namespace

TEST_CASE("a tariff is money per energy, in dollars by the file's rates") {
  for (const char* tariff : {"0.15 USD/kWh", "150 USD/MWh", "0.6 ILS/kWh", "0.6ILS/kWh"}) {
    CAPTURE(tariff);
    const Read one = read("tariff = \"" + std::string(tariff) + "\"");
    CHECK(one.complaints.empty());
    REQUIRE(one.site.tariff.has_value());
    CHECK(one.site.tariff->in(USD / kWh) == doctest::Approx(0.15));
  }
  CHECK(read("tariff = \"0 USD/kWh\"").site.tariff == DollarsPerJoule{});
  CHECK_FALSE(read("").site.tariff.has_value());
}

TEST_CASE("ambient is degrees Celsius, noise A-weighted decibels") {
  CHECK(read("ambient = \"25 °C\"").site.ambient_celsius == 25 * kelvin);
  CHECK(read("ambient = \"0C\"").site.ambient_celsius == 0 * kelvin);
  CHECK(read("noise_ceiling = \"10 dBA\"").site.noise_ceiling == 10);
  CHECK(read("noise_ceiling = \"120 dB(A)\"").site.noise_ceiling == 120);
}

TEST_CASE("what surrounds the machine") {
  CHECK(read("altitude = \"1600 m\"").site.altitude == 1600 * metre);
  CHECK(read("room_volume = \"40 m3\"").site.room_volume == 40 * cubic_metre);
  CHECK(read("room_ventilation = \"60 m3/h\"").site.room_ventilation->in(cubic_metre_per_hour) ==
        doctest::Approx(60));
  CHECK(read("listening_distance = \"80 cm\"").site.listening_distance == 0.8 * metre);
  CHECK(read("cooling_cop = 3.5").site.cooling_cop == 3.5);
  CHECK(read("cooling_season = \"25 %\"").site.cooling_season == 0.25);
  CHECK(read("other_load = \"200 W\"").site.other_load == 200 * watt);
  CHECK(read("").site.other_load == Watts{});
  CHECK(read("hours_on = \"240 h\"").site.hours_on == 240 * 3600 * second);
  CHECK(read("shutdown_time = \"90 s\"").site.shutdown_time == 90 * second);
}

TEST_CASE("what a site cannot be is refused, with what to write") {
  for (const auto& [line, complaint] : kTariffs) {
    CAPTURE(line);
    CHECK(read(std::string(line)).complaints == "s.toml:1:1: error: " + std::string(complaint));
  }
  for (const auto& [line, complaint] : kLevels) {
    CAPTURE(line);
    CHECK(read(std::string(line)).complaints == "s.toml:1:1: error: " + std::string(complaint));
  }
}

}  // namespace rigor::adapters
