#include <doctest/doctest.h>

#include <array>
#include <string>
#include <vector>

#include "apps/cli/command.hpp"

namespace rigor::apps {
namespace {

using Words = std::vector<std::string>;

constexpr std::array kOptions = {
    Option{"context", "TOKENS", "tokens one sequence may hold"},
    Option{"kv-type", "TYPE", "how the cache is stored"},
    Option{"json", "", "one JSON object instead of text"},
};
const Command kFit = {"fit", "RIG MODEL", 2, 3, "does it fit?", kOptions, nullptr};
const Command kBare = {"devices", "", 0, 0, "what this machine has", {}, nullptr};

struct Bad {
  Words words;
  std::string_view message, hint;
};

constexpr std::string_view kFlags = "rigor fit --help lists the flags";
constexpr std::string_view kUsage = "usage: rigor fit RIG MODEL";
constexpr std::string_view kQuotes =
    "usage: rigor fit RIG MODEL; put quotes round a name of several words";
constexpr std::string_view kContext = "--context TOKENS: tokens one sequence may hold";

void check_refused(const Command& command, const Bad& bad) {
  const Result<Arguments> arguments = parse_arguments(command, bad.words);
  REQUIRE_FALSE(arguments.has_value());
  CHECK(arguments.error().code == ErrorCode::usage);
  CHECK(arguments.error().message == bad.message);
  CHECK(arguments.error().hint == bad.hint);
}

Result<long long> number(const std::string& text, long long low, long long high) {
  Arguments arguments;
  arguments.values["n"] = text;
  return arguments.number("n", -7, low, high);
}

}  // namespace

TEST_CASE("words and flags may stand in any order") {
  for (const Words& words :
       {Words{"a", "b", "--context", "32k", "--json"}, Words{"--json", "a", "--context=32k", "b"},
        Words{"--context", "1", "a", "b", "--context", "32k", "--json"}}) {
    const Result<Arguments> arguments = parse_arguments(kFit, words);
    REQUIRE(arguments.has_value());
    CHECK(arguments->positional == Words{"a", "b"});
    CHECK(arguments->text("context").value_or("none") == "32k");
    CHECK(arguments->has("json"));
    CHECK_FALSE(arguments->has("kv-type"));
    CHECK_FALSE(arguments->text("kv-type").has_value());
  }
}

TEST_CASE("values are taken as they are written") {
  const Result<Arguments> arguments =
      parse_arguments(kFit, {"2x rtx 3090", "b", "", "--context", " 4", "--kv-type", "q8_0 f16"});
  REQUIRE(arguments.has_value());
  CHECK(arguments->positional == Words{"2x rtx 3090", "b", ""});
  CHECK(arguments->text("kv-type").value_or("none") == "q8_0 f16");
  CHECK(arguments->text("context").value_or("none") == " 4");
  CHECK_FALSE(parse_arguments(kFit, {"a", "b", "--json=false"})->has("json"));
}

TEST_CASE("after -- every word is a word") {
  const Result<Arguments> arguments = parse_arguments(kFit, {"a", "--", "--json"});
  REQUIRE(arguments.has_value());
  CHECK(arguments->positional == Words{"a", "--json"});
  CHECK_FALSE(arguments->has("json"));
}

TEST_CASE("a wrong command line is refused with what to write") {
  const std::vector<Bad> cases = {
      {{}, "RIG and MODEL are missing", kUsage},
      {{"a"}, "MODEL is missing", kUsage},
      {{"a", "b", "c", "d"}, "\"d\" is one word too many", kQuotes},
      {{"a", "b", "c", "d", "e f"}, "\"d\" and \"e f\" are too many words", kQuotes},
      {{"a", "b", "c", "d", "e", "f", "g"},
       "\"d\", \"e\", \"f\" and 1 more are too many words",
       kQuotes},
      {{"", "b"}, "RIG is empty", kUsage},
      {{"a", " "}, "MODEL is empty", kUsage},
      {{"a", "--json"}, "MODEL is missing", kUsage},
      {{"a", "b", "--contxt", "5"}, "unknown flag --contxt", "did you mean \"--context\"?"},
      {{"a", "b", "--contxt=5"}, "unknown flag --contxt=5", "did you mean \"--context\"?"},
      {{"a", "b", "--kv_type", "f16"}, "unknown flag --kv_type", "did you mean \"--kv-type\"?"},
      {{"a", "b", "--JSON"}, "unknown flag --JSON", "did you mean \"--json\"?"},
      {{"a", "b", "--zzz"}, "unknown flag --zzz", kFlags},
      {{"--zzz"}, "unknown flag --zzz", kFlags},
      {{"a", "b", "-x"}, "unknown flag -x", kFlags},
      {{"a", "b", "-json"}, "unknown flag -json", "did you mean \"--json\"?"},
      {{"a", "b", "--context"}, "--context needs a value", kContext},
      {{"a", "b", "--context", ""}, "--context needs a value", kContext},
      {{"a", "b", "--context=", "5"}, "--context needs a value", kContext},
      {{"a", "b", "--contxt=", "5"}, "unknown flag --contxt=", "did you mean \"--context\"?"},
      {{"a", "b", "--json=", "5"}, "--json takes no value", ""},
      {{"a", "b", "--json=maybe"}, "--json takes no value", ""},
  };
  for (const Bad& bad : cases) {
    CAPTURE(bad.message);
    check_refused(kFit, bad);
  }
}

TEST_CASE("a verb without words takes none") {
  CHECK(parse_arguments(kBare, {}).has_value());
  check_refused(kBare, {{"a"}, "\"a\" is one word too many", "usage: rigor devices"});
  check_refused(kBare, {{"--json"}, "unknown flag --json", "rigor devices --help lists the flags"});
}

TEST_CASE("a missing choice is named by what may stand there") {
  const Command show = {"catalog", "list|show|lint [KIND]", 1, 2, "what there is", {}, nullptr};
  check_refused(
      show, {{}, "list, show or lint is missing", "usage: rigor catalog list|show|lint [KIND]"});
}

TEST_CASE("a number is whole, complete and within its range") {
  CHECK(number("0", 0, 10) == 0);
  CHECK(number("-3", -5, 5) == -3);
  CHECK(number("32k", 1, 1 << 20) == 32768);
  CHECK(number("1K", 0, 1024) == 1024);
  CHECK(Arguments{}.number("n", -7, 0, 10) == -7);
  for (const char* text : {"", "k", "x", "1.5", "1e3", "0x10", "5 ", "5kk", "5M", "--5", "11", "-1",
                           "1k", "nan", "9223372036854775808", "9223372036854775807k",
                           "-9223372036854775808k", "-9007199254740993k"}) {
    CAPTURE(text);
    const Result<long long> parsed = number(text, 0, 10);
    REQUIRE_FALSE(parsed.has_value());
    CHECK(parsed.error().where == "--n");
    CHECK(parsed.error().message ==
          "\"" + std::string(text) + "\" is no whole number from 0 to 10");
  }
}

}  // namespace rigor::apps
