#include "units/unit_text.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <string>

namespace rigor {
namespace {

constexpr Dimension kData{.data = 1};
constexpr Dimension kDataRate{.time = -1, .data = 1};
constexpr Dimension kPower{.time = -1, .energy = 1};

struct Good {
  std::string_view text;
  double base;
  Dimension dimension;
};
constexpr std::array kGood = {
    Good{"24 GiB", 24 * 1073741824.0, kData},
    Good{"24 GB", 24e9, kData},
    Good{"24GB", 24e9, kData},
    Good{"\t24   GB \n", 24e9, kData},
    Good{"1 kB", 1000, kData},
    Good{"1 KiB", 1024, kData},
    Good{"8 bit", 1, kData},
    Good{"10 Gbit/s", 1.25e9, kDataRate},  // 10e9 / 8
    Good{"10 GB/s", 1e10, kDataRate},
    Good{"1.5e3 W", 1500, kPower},
    Good{"-5 W", -5, kPower},
    Good{"0.15 USD/kWh", 0.15 / 3.6e6, {.energy = -1, .money = 1}},
    Good{"6400 MT/s", 6.4e9, {.time = -1}},
    Good{"1500 rpm", 25, {.time = -1}},
    Good{"36 m3/h", 0.01, {.time = -1, .length = 3}},
    Good{"100 CFM", 100 * 0.028316846592 / 60, {.time = -1, .length = 3}},
    Good{"209.5 TFLOP/s", 2.095e14, {.time = -1, .work = 1}},
    Good{"2 W*h", 7200, {.energy = 1}},  // 2 J/s for 3600 s
    Good{"0", 0, {}},
    Good{"-0", 0, {}},
    Good{"0.0e5", 0, {}},
    Good{"0 GB", 0, kData},
};

struct Bad {
  std::string_view text, message, hint;
};
constexpr std::string_view kNumber = "write a number and its unit, such as \"24 GiB\"";
constexpr std::string_view kUnit =
    "write the unit after the number, such as \"24 GiB\", \"300 W\" or \"1008 GB/s\"";
constexpr std::string_view kFlop = "FLOP is a count, FLOP/s a rate: write \"TFLOP/s\"";

constexpr std::array kNoNumber = {
    Bad{"", "\"\" is not a quantity", kNumber},
    Bad{"   ", "\"   \" is not a quantity", kNumber},
    Bad{"GB", "\"GB\" is not a quantity", kNumber},
    Bad{"GB 24", "\"GB 24\" is not a quantity", kNumber},
    Bad{"about 24 GB", "\"about 24 GB\" is not a quantity", kNumber},
    Bad{"nan W", "\"nan W\" is not a quantity", kNumber},
    Bad{"inf W", "\"inf W\" is not a quantity", kNumber},
    Bad{"-inf W", "\"-inf W\" is not a quantity", kNumber},
    Bad{"1e999 GB", "\"1e999 GB\" is not a quantity", kNumber},
    Bad{"+24 GB", "\"+24 GB\" is not a quantity", kNumber},
    Bad{"- 24 GB", "\"- 24 GB\" is not a quantity", kNumber},
    Bad{"--24 GB", "\"--24 GB\" is not a quantity", kNumber},
    Bad{"1.2.3 GB", "\"1.2.3 GB\" is not a quantity", kNumber},
    Bad{"1e GB", "\"1e GB\" is not a quantity", kNumber},
    Bad{".", "\".\" is not a quantity", kNumber},
    Bad{"\xEF\xBC\x92 GB", "\"\xEF\xBC\x92 GB\" is not a quantity", kNumber},  // full-width 2
    Bad{"1e300 PB", "\"1e300 PB\" is too large to be a quantity", ""},
};
constexpr std::array kNoUnit = {
    Bad{"24", "\"24\" has no unit", kUnit},
    Bad{" 24 ", "\"24\" has no unit", kUnit},
    Bad{"1e-300", "\"1e-300\" has no unit", kUnit},
    Bad{"24 gb", "unknown unit \"gb\" in \"24 gb\"", "did you mean \"GB\" or \"GiB\" or \"PB\"?"},
    Bad{"24 Gb", "unknown unit \"Gb\" in \"24 Gb\"",
        "\"Gb\" could be bits or bytes: write \"Gbit\" or \"GB\""},
    Bad{"24 KB", "unknown unit \"KB\" in \"24 KB\"",
        "write \"kB\" (1000 bytes) or \"KiB\" (1024 bytes)"},
    Bad{"24 G", "unknown unit \"G\" in \"24 G\"", "did you mean \"GB\" or \"GT\"?"},
    Bad{"24 GiB.", "unknown unit \"GiB.\" in \"24 GiB.\"", "did you mean \"GiB\"?"},
    Bad{"24 GB GB", "unknown unit \"GB GB\" in \"24 GB GB\"", ""},
    Bad{"24 GB free", "unknown unit \"GB free\" in \"24 GB free\"", ""},
    Bad{"1,5 GB", "unknown unit \",5 GB\" in \"1,5 GB\"",
        "write the number with a point and no commas, such as \"1.5 GB\""},
    Bad{"0x10 GB", "unknown unit \"x10 GB\" in \"0x10 GB\"", ""},
    Bad{"24 \xD0\x93\xD0\x91", "unknown unit \"\xD0\x93\xD0\x91\" in \"24 \xD0\x93\xD0\x91\"", ""},
    Bad{"3 TFLOPS", "unknown unit \"TFLOPS\" in \"3 TFLOPS\"", kFlop},
    Bad{"3 tokens/s", "unknown unit \"tokens\" in \"3 tokens/s\"", "write \"tok\""},
    Bad{"1 GB/", "a unit is missing in \"1 GB/\"", ""},
    Bad{"1 GB//s", "a unit is missing in \"1 GB//s\"", ""},
    Bad{"1 /s", "a unit is missing in \"1 /s\"", ""},
    Bad{"1 GB/0", "unknown unit \"0\" in \"1 GB/0\"", ""},
    Bad{"1 GB / s", "unknown unit \"GB \" in \"1 GB / s\"", "did you mean \"GB\"?"},
    Bad{"1 B/s/s/s/s/s/s/s/s", "\"1 B/s/s/s/s/s/s/s/s\" has more than 8 units", ""},
};

void check_refused(const Bad& bad) {
  CAPTURE(bad.text);
  const Result<AnyQuantity> parsed = parse_any(bad.text);
  REQUIRE_FALSE(parsed.has_value());
  CHECK(parsed.error().code == ErrorCode::malformed);
  CHECK(parsed.error().message == bad.message);
  CHECK(parsed.error().hint == bad.hint);
}

}  // namespace

TEST_CASE("a quantity is a number and its unit") {
  for (const Good& good : kGood) {
    CAPTURE(good.text);
    const Result<AnyQuantity> parsed = parse_any(good.text);
    REQUIRE(parsed.has_value());
    CHECK(parsed->base == doctest::Approx(good.base).epsilon(1e-15));
    CHECK(parsed->dimension == good.dimension);
  }
}

TEST_CASE("a text without a number is no quantity") {
  for (const Bad& bad : kNoNumber) check_refused(bad);
}

TEST_CASE("a unit is required and spelled exactly") {
  for (const Bad& bad : kNoUnit) check_refused(bad);
}

TEST_CASE("exponents of units cannot wrap round") {
  std::string text = "1 B";
  for (int i = 0; i < 256; ++i) text += "/s";
  CHECK_FALSE(parse_any(text).has_value());
}

TEST_CASE("a very long text is refused, not suffered") {
  const std::string digits(100'000, '9');
  CHECK_FALSE(parse_any(digits + " GB").has_value());
  CHECK_FALSE(parse_any("1 " + std::string(100'000, 'x')).has_value());
  CHECK(parse_any("0." + digits + " B").has_value());
}

TEST_CASE("GB is not GiB and a bit is not a byte") {
  CHECK(*parse_bytes("24 GB") != *parse_bytes("24 GiB"));
  CHECK(*parse_bytes("1 GiB") == *parse_bytes("1024 MiB"));
  CHECK(*parse_bytes("8 Gbit") == *parse_bytes("1 GB"));
  CHECK(*parse_bytes("1 Gbit") != *parse_bytes("1 GB"));
}

TEST_CASE("the unit must be of the kind that is wanted") {
  CHECK(parse_bytes("24 GiB") == 24 * GiB);
  CHECK(parse_bytes("0") == Bytes{});
  CHECK(parse_watts("450 W") == 450 * watt);
  CHECK(parse<Dollars>("0.27 USD", "1 USD") == 0.27 * USD);
  for (const char* text : {"24 GB/s", "24 W", "24 FLOP", "1 GB*GB", "1 GB/GB", "0 W", "5 GT"}) {
    CAPTURE(text);
    const Result<Bytes> parsed = parse_bytes(text);
    REQUIRE_FALSE(parsed.has_value());
    CHECK(parsed.error().message ==
          "\"" + std::string(text) + "\" has the wrong kind of unit here");
    CHECK(parsed.error().hint == "write something like \"24 GiB\"");
  }
}

TEST_CASE("where the kind is known, the hint shows an example of it") {
  for (const auto& [text, hint] :
       {std::pair{"300", "write the unit after the number, such as \"300 W\""},
        std::pair{"much", "write a number and its unit, such as \"300 W\""},
        std::pair{"300 Watts", "write something like \"300 W\""},
        std::pair{"300 w", "did you mean \"W\" or \"Wh\" or \"MW\"?"},
        std::pair{"300 V", "write something like \"300 W\""}}) {
    CAPTURE(text);
    const Result<double> parsed = parse_as(text, kPower, "300 W");
    REQUIRE_FALSE(parsed.has_value());
    CHECK(parsed.error().hint == hint);
  }
}

TEST_CASE("a sound level is written in A-weighted decibels") {
  for (const char* text : {"35 dBA", "35dBA", "35 dB(A)", " 35.0  dB(A) "}) {
    CAPTURE(text);
    CHECK(parse_sound_level(text) == 35);
  }
  CHECK(parse_sound_level("-3 dBA") == -3);
  for (const char* text : {"", "35", "35 dB", "35 db(a)", "dBA", "dB(A)", "35 dBA max", "loud dBA",
                           "35 W", "nan dBA"}) {
    CAPTURE(text);
    const Result<double> parsed = parse_sound_level(text);
    REQUIRE_FALSE(parsed.has_value());
    CHECK(parsed.error().message == "\"" + std::string(text) + "\" is not a sound level");
    CHECK(parsed.error().hint == "write it like \"35 dBA\"");
  }
}

}  // namespace rigor
