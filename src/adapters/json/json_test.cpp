#include <doctest/doctest.h>

#include <string>

#include "adapters/json/json_events.hpp"
#include "adapters/json/json_node.hpp"

namespace rigor::adapters {
namespace {

TEST_CASE("a document becomes a tree") {
  const auto root = read_json(
      R"({"a": [1, -2, 2.5, true, null, "x\u00e9"], "b": {"c": 18446744073709551615}})", "f.json");
  REQUIRE(root.has_value());
  const JsonNode::List& list = *root->find("a")->list();
  REQUIRE(list.size() == 6);
  CHECK(std::get<std::int64_t>(list[0].value) == 1);
  CHECK(std::get<std::int64_t>(list[1].value) == -2);
  CHECK(std::get<double>(list[2].value) == 2.5);
  CHECK(std::get<bool>(list[3].value));
  CHECK(list[4].is_null());
  CHECK(*list[5].text() == "xé");
  CHECK(std::get<double>(root->find("b")->find("c")->value) ==
        doctest::Approx(1.8446744073709552e19));
  CHECK(root->find("z") == nullptr);
  CHECK(list[0].find("a") == nullptr);
  CHECK(root->type_name() == "an object");
}

TEST_CASE("Python's numbers are null, in texts they are text") {
  const auto root =
      read_json(R"({"limit": [0.0, Infinity, -Infinity, NaN], "text": "NaN, Infinity", "next": 7})",
                "f.json");
  REQUIRE(root.has_value());
  const JsonNode::List& list = *root->find("limit")->list();
  for (std::size_t i = 1; i < 4; ++i) CHECK(list[i].is_null());
  CHECK(*root->find("text")->text() == "NaN, Infinity");
  CHECK(std::get<std::int64_t>(root->find("next")->value) == 7);
}

TEST_CASE("an error names its line and column") {
  struct Case {
    std::string text, where;
  };
  for (const auto& [text, where] :
       {Case{"{\n  \"a\": 1,\n  \"b\": }\n", "f.json:3:8"}, Case{"", "f.json:1:1"},
        Case{"{\"a\" 1}", "f.json:1:6"}, Case{"[1, 2", "f.json:1:6"},
        Case{"[\"\\q\"]", "f.json:1:4"}, Case{"{\n\n [1,,2]}", "f.json:3:2"}}) {
    CAPTURE(text);
    const auto root = read_json(text, "f.json");
    REQUIRE(!root.has_value());
    CHECK(root.error().code == ErrorCode::malformed);
    CHECK(root.error().where == where);
  }
}

TEST_CASE("documents that would fill the memory are refused") {
  std::string many = "[";
  for (int i = 0; i < 400000; ++i) many += "0,";
  CHECK(read_json(many + "0]", "f").error().message == "more than 300000 values");
  std::string keys = "{";
  for (int i = 0; i < 100000; ++i) keys += "\"k" + std::to_string(i) + "\":0,";
  CHECK(read_json(keys + "\"last\":0}", "f").has_value());
  CHECK(read_json(keys + "\"k77\":0}", "f").error().message == "the key \"k77\" appears twice");
  CHECK(read_json("\"" + std::string(5 << 20, 'x'), "f").error().code == ErrorCode::limit);
}

}  // namespace
}  // namespace rigor::adapters
