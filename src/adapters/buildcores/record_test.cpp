// Members of a record: what is known, what is not, what is noted.
#include "adapters/buildcores/record.hpp"

#include <doctest/doctest.h>

namespace rigor::adapters::buildcores {
namespace {

JsonNode parsed(const std::string& text) {
  Result<JsonNode> root = read_json(text, "r.json");
  REQUIRE(root.has_value());
  return *root;
}

TEST_CASE("0, null and empty texts are unknown, wrong types are noted") {
  struct Case {
    std::string json;
    std::optional<double> number;
    std::string why;  // empty: nothing is noted
  };
  for (const auto& [json, number, why] :
       {Case{"304", 304.0, ""}, Case{"2.5", 2.5, ""}, Case{"null", {}, ""}, Case{"\"\"", {}, ""},
        Case{"\"  \"", {}, ""}, Case{"0", {}, "0, which means unknown there"},
        Case{"0.0", {}, "0, which means unknown there"}, Case{"-3", {}, "less than 0"},
        Case{"NaN", {}, ""}, Case{"\"304 mm\"", {}, "a text where a number is wanted"},
        Case{"true", {}, "true or false where a number is wanted"},
        Case{"[1]", {}, "a list where a number is wanted"},
        Case{"{}", {}, "an object where a number is wanted"}}) {
    CAPTURE(json);
    const JsonNode root = parsed("{\"a\": {\"b\": " + json + "}}");
    Record record(root);
    CHECK(record.number("a.b") == number);
    CHECK(record.number("a.b") == number);  // asked twice, noted once
    REQUIRE(record.left_out().size() == (why.empty() ? 0 : 1));
    if (!why.empty()) CHECK(record.left_out()[0].why == why);
    if (!why.empty()) CHECK(record.left_out()[0].key == "a.b");
  }
}

TEST_CASE("counts are whole and of a size that parts have") {
  const JsonNode root = parsed(R"({"a": 8, "b": 1.5, "c": 1e18, "d": 4.0, "e": 1e300})");
  Record record(root);
  CHECK(record.count("a") == 8);
  CHECK(record.count("b") == std::nullopt);
  CHECK(record.count("c") == std::nullopt);
  CHECK(record.count("d") == 4);
  CHECK(record.count("e") == std::nullopt);
  REQUIRE(record.left_out().size() == 3);
  CHECK(record.left_out()[0].why == "not a whole number");
  CHECK(record.left_out()[1].why == "out of range");
}

TEST_CASE("texts are tidied, hostile ones are unusable") {
  const JsonNode root = parsed(
      "{\"a\": \"  two   words \", \"b\": \"bell\\u0007\", \"c\": \"line\\nbreak\", \"d\": 7,"
      " \"e\": \"" +
      std::string(401, 'x') + "\", \"f\": \"caf\\u00e9\", \"g\": \"../../etc\"}");
  Record record(root);
  CHECK(record.text("a") == "two words");
  CHECK(record.text("b").empty());
  CHECK(record.text("c").empty());
  CHECK(record.text("d").empty());
  CHECK(record.text("e").empty());
  CHECK(record.text("f") == "caf\u00e9");
  CHECK(record.text("g") == "../../etc");  // a name like any other: ids are made elsewhere
  CHECK(record.text("z").empty());
  CHECK(record.text("a.b.c").empty());
  CHECK(record.left_out().size() == 4);
}

TEST_CASE("lists keep their usable texts") {
  const JsonNode root = parsed(R"({"a": ["x ", "", null, 5, "y"], "b": "x", "c": []})");
  Record record(root);
  CHECK(record.texts("a") == std::vector<std::string>{"x", "y"});
  CHECK(record.texts("b").empty());
  CHECK(record.texts("c").empty());
  REQUIRE(record.left_out().size() == 2);
  CHECK(record.left_out()[0].why == "an item that is no plain text");
  CHECK(record.left_out()[1].why == "a text where a list is wanted");
}

TEST_CASE("truth is true, false or unknown") {
  const JsonNode root = parsed(R"({"a": true, "b": false, "c": null, "d": "yes"})");
  Record record(root);
  CHECK(record.truth("a") == true);
  CHECK(record.truth("b") == false);
  CHECK(record.truth("c") == std::nullopt);
  CHECK(record.truth("d") == std::nullopt);
  CHECK(record.left_out().size() == 1);
}

}  // namespace
}  // namespace rigor::adapters::buildcores
