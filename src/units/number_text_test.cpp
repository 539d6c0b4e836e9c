#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "units/unit_text.hpp"

namespace rigor {
namespace {

struct Good {
  std::string_view text;
  double value;
};
struct Bad {
  std::string_view text, message;
};

}  // namespace

TEST_CASE("a number is decimal and nothing else") {
  for (const auto& [text, value] : {Good{"0", 0}, Good{"-0", 0}, Good{"12", 12}, Good{"-1.5", -1.5},
                                    Good{"1e3", 1000}, Good{"5.", 5}, Good{".5", 0.5}}) {
    CAPTURE(text);
    CHECK(parse_number(text) == value);
  }
  for (const char* text :
       {"",     " ",        " 1",    "1 ",     "+1",    "--1",  "-",   ".",   "e",
        "1e",   "1e+",      "1.2.3", "1,5",    "1_000", "0x10", "nan", "NaN", "inf",
        "-inf", "infinity", "1e999", "-1e999", "12a",   "1 2",  "٣"}) {
    CAPTURE(text);
    const Result<double> parsed = parse_number(text);
    REQUIRE_FALSE(parsed.has_value());
    CHECK(parsed.error().message == "\"" + std::string(text) + "\" is not a number");
  }
}

TEST_CASE("a share is written in per cent and lies between 0 and 1") {
  for (const auto& [text, value] :
       {Good{"0 %", 0}, Good{"-0 %", 0}, Good{"92 %", 0.92}, Good{"92%", 0.92},
        Good{" 99.5  % ", 0.995}, Good{"100 %", 1}}) {
    CAPTURE(text);
    CHECK(parse_fraction(text) == value);
  }
}

TEST_CASE("45 is never 45 %") {
  for (const auto& [text, message] :
       {Bad{"45", "\"45\" is not a percentage"}, Bad{"0.45", "\"0.45\" is not a percentage"},
        Bad{"", "\"\" is not a percentage"}, Bad{"% 45", "\"% 45\" is not a percentage"},
        Bad{"45 percent", "\"45 percent\" is not a percentage"},
        Bad{"45 % of it", "\"45 % of it\" is not a percentage"},
        Bad{"%", "\"%\" is not between 0 % and 100 %"},
        Bad{"45 %%", "\"45 %%\" is not between 0 % and 100 %"},
        Bad{"-1 %", "\"-1 %\" is not between 0 % and 100 %"},
        Bad{"100.01 %", "\"100.01 %\" is not between 0 % and 100 %"},
        Bad{"nan %", "\"nan %\" is not between 0 % and 100 %"},
        Bad{"1e999 %", "\"1e999 %\" is not between 0 % and 100 %"},
        Bad{"45 GB %", "\"45 GB %\" is not between 0 % and 100 %"}}) {
    CAPTURE(text);
    const Result<double> parsed = parse_fraction(text);
    REQUIRE_FALSE(parsed.has_value());
    CHECK(parsed.error().message == message);
  }
}

}  // namespace rigor
