#include "catalog/parts.hpp"

#include <doctest/doctest.h>

#include <string>

#include "adapters/toml/entry_reader.hpp"

namespace rigor::catalog {
namespace {

Entry read(const std::string& id, const std::string& body) {
  const std::string text =
      "name = \"Part\"\n"
      "source = { origin = \"measured\", cite = \"me\", as_of = 2026-01-31 }\n" +
      body;
  Result<Entry> entry = adapters::read_entry(text, id, "part.toml");
  REQUIRE(entry.has_value());
  return *entry;
}

hardware::Accelerator device(const std::string& id, const std::string& body) {
  Diagnostics diagnostics;
  const std::string must = "vendor = \"AMD\"\nmemory = \"16 GiB\"\nmemory_bandwidth = \"1 TB/s\"\n";
  hardware::Accelerator result = to_accelerator(read(id, must + body), diagnostics);
  CHECK(to_text(diagnostics).empty());
  return result;
}

BytesPerSecond gigabytes(double count) {
  return count * GB / second;
}

constexpr Hertz kMegatransfer = Hertz::from_base(1e6);

}  // namespace

TEST_CASE("a card offers 99.5 % of its memory unless something else was measured") {
  const hardware::Accelerator plain = device("gpu/g", "");
  CHECK(plain.usable == 0.995 * (16 * GiB));
  CHECK(plain.usable_is_assumed);
  CHECK_FALSE(plain.unified);
  const hardware::Accelerator stated = device("gpu/g", "memory_usable = \"16304 MiB\"");
  CHECK(stated.usable == 16304 * MiB);
  CHECK_FALSE(stated.usable_is_assumed);
}

TEST_CASE("unified memory is shared: three quarters unless stated") {
  const hardware::Accelerator assumed = device("system/s", "unified = true");
  CHECK(assumed.usable == 12 * GiB);
  CHECK(assumed.usable_is_assumed);
  const hardware::Accelerator stated =
      device("system/s", "unified = true\ngpu_memory_fraction = \"50 %\"");
  CHECK(stated.usable == 8 * GiB);
  CHECK_FALSE(stated.usable_is_assumed);
}

TEST_CASE("a card draws its board power, a system its own") {
  CHECK(device("gpu/g", "board_power = \"300 W\"").board_power == 300 * watt);
  CHECK(device("system/s", "power = \"240 W\"").board_power == 240 * watt);
}

TEST_CASE("an accelerator without its essentials is refused") {
  Diagnostics diagnostics;
  to_accelerator(read("gpu/g", "memory = \"16 Gb\"\n"), diagnostics);
  CHECK(to_text(diagnostics) ==
        "gpu/g: error: \"vendor\" is missing\n"
        "gpu/g: error: \"memory_bandwidth\" is missing\n"
        "part.toml:3:1: error: memory: unknown unit \"Gb\" in \"16 Gb\"\n"
        "  hint: \"Gb\" could be bits or bytes: write \"Gbit\" or \"GB\"\n");
}

TEST_CASE("memory streams at channels x transfers x 8 B, or as fast as the die allows") {
  struct Case {
    ProcessorFacts processor;
    int modules;
    double megatransfers;
    BytesPerSecond expected;
  };
  const ProcessorFacts desktop{.channels = 2};
  const ProcessorFacts limited{.channels = 8, .bandwidth_limit = gigabytes(85)};
  for (const auto& [processor, modules, megatransfers, expected] :
       {Case{desktop, 2, 6400, gigabytes(102.4)}, Case{desktop, 4, 6400, gigabytes(102.4)},
        Case{desktop, 1, 3200, gigabytes(25.6)}, Case{desktop, 0, 6400, gigabytes(0)},
        Case{desktop, 2, 0, gigabytes(0)}, Case{{}, 4, 3200, gigabytes(0)},
        Case{limited, 8, 3200, gigabytes(85)}, Case{limited, 1, 3200, gigabytes(25.6)}}) {
    const BytesPerSecond rate = host_bandwidth(processor, modules, megatransfers * kMegatransfer);
    CHECK(rate.in(gigabytes(1)) == doctest::Approx(expected.in(gigabytes(1))));
  }
}

}  // namespace rigor::catalog
