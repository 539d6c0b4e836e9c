#include "adapters/toml/document.hpp"

#include <doctest/doctest.h>

#include <string>

namespace rigor::adapters {
namespace {

using Type = TomlNode::Type;

std::string repeated(const std::string& piece, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) text += piece;
  return text;
}

std::string place(const TomlNode* node) {
  return node != nullptr ? to_text(node->where) : "none";
}

}  // namespace

TEST_CASE("a document keeps types, order and places") {
  const Result<TomlNode> root = parse_toml(R"(name = "x"
count = 3
share = 0.5
on = true
day = 2026-01-31
list = [1, "two"]
[part.inner]
b = 1
a = 2
)",
                                           "f.toml");
  REQUIRE(root.has_value());
  CHECK(root->type == Type::table);
  CHECK(root->find("name")->text == "x");
  CHECK(root->find("count")->integer == 3);
  CHECK(root->find("share")->real == 0.5);
  CHECK(root->find("on")->boolean);
  CHECK(root->find("day")->type == Type::date);
  CHECK(root->find("day")->text == "2026-01-31");
  CHECK(root->find("list")->items[1].text == "two");
  CHECK(place(root->find("list")) == "f.toml:6:1");
  CHECK(place(&root->find("list")->items[1]) == "f.toml:6:12");
  const TomlNode* inner = root->find("part")->find("inner");
  REQUIRE(inner != nullptr);
  CHECK(inner->members[0].key == "b");
  CHECK(place(inner->find("a")) == "f.toml:9:1");
  CHECK(inner->find("c") == nullptr);
  CHECK(root->find("name")->find("c") == nullptr);
}

TEST_CASE("types have names for people") {
  const Result<TomlNode> root =
      parse_toml("a={}\nb=[]\nc=''\nd=1\ne=1.0\nf=true\ng=2026-01-31\nh=07:32:00", "f.toml");
  REQUIRE(root.has_value());
  std::string names;
  for (const auto& [key, node] : root->members) names += std::string(node.type_name()) + "; ";
  CHECK(
      names ==
      "a table; a list; a text; a whole number; a decimal number; true or false; a date; a date; ");
}

TEST_CASE("an empty document is an empty table") {
  for (const char* text : {"", "\n\n", "# only a remark\n"}) {
    const Result<TomlNode> root = parse_toml(text, "f.toml");
    REQUIRE(root.has_value());
    CHECK(root->members.empty());
    CHECK(place(&*root) == "f.toml:1:1");
  }
}

TEST_CASE("a syntax error names its line and column") {
  struct Case {
    std::string_view text, where;
  };
  for (const auto& [text, where] :
       {Case{"name = ", "f.toml:1:8"}, Case{"name", "f.toml:1:5"}, Case{"= 3", "f.toml:1:1"},
        Case{"a = 1\nb = \"x\nc = 2", "f.toml:2:7"}, Case{"a = 1\na = 2", "f.toml:2:5"},
        Case{"a = 1\n[a]", "f.toml:2:1"}, Case{"[a\nb = 1", "f.toml:1:3"},
        Case{"a = [1, 2", "f.toml:1:10"}, Case{"a = {b = 1", "f.toml:1:11"},
        Case{"a = 1 b = 2", "f.toml:1:7"}, Case{"a = 1e999", "f.toml:1:10"},
        Case{"a = 99999999999999999999", "f.toml:1:25"}, Case{"a = 2026-02-30", "f.toml:1:15"},
        Case{"a = yes", "f.toml:1:5"}, Case{"a = 24 GiB", "f.toml:1:8"},
        Case{"a = \"\\q\"", "f.toml:1:7"}, Case{"a = \"\xFF\"", "f.toml:1:5"},
        Case{std::string_view("a = \"\0\"", 8), "f.toml:1:6"}, Case{"{\"a\": 1}", "f.toml:1:1"}}) {
    CAPTURE(text);
    const Result<TomlNode> root = parse_toml(text, "f.toml");
    REQUIRE_FALSE(root.has_value());
    CHECK(root.error().code == ErrorCode::malformed);
    CHECK_FALSE(root.error().message.empty());
    CHECK(root.error().where == where);
  }
}

TEST_CASE("nesting is bounded, however it is written") {
  CHECK(parse_toml("a = " + repeated("[", 30) + repeated("]", 30), "f.toml").has_value());
  CHECK(parse_toml("a" + repeated(".a", 30) + " = 1", "f.toml").has_value());
  for (const std::string& deep :
       {"a = " + repeated("[", 40) + repeated("]", 40),
        "a = " + repeated("{a = ", 40) + "1" + repeated("}", 40), "a" + repeated(".a", 40) + " = 1",
        "[a" + repeated(".a", 40) + "]", "[[a" + repeated(".a", 40) + "]]"}) {
    CAPTURE(deep);
    const Result<TomlNode> root = parse_toml(deep, "f.toml");
    REQUIRE_FALSE(root.has_value());
    CHECK(root.error().code == ErrorCode::limit);
    CHECK(root.error().message == "nested deeper than 32 levels");
    CHECK(root.error().where.starts_with("f.toml:1:"));
  }
}

TEST_CASE("hostile nesting ends in an error, not on the stack") {
  const std::string key = "a" + repeated(".a", 30);
  for (const std::string& hostile :
       {"a = " + repeated("[", 100'000), "a = " + repeated("{a = ", 100'000),
        "a" + repeated(".a", 100'000) + " = 1", "[a" + repeated(" . a", 100'000) + "]",
        "a" + repeated(".\"x\"", 100'000) + " = 1", "a" + repeated(".'.'", 100'000) + " = 1",
        "x = \"\"\"a \"it's\"\"\"\"\"\na" + repeated(".a", 100'000) + " = 1",
        "x = '\\'\na" + repeated(".a", 100'000) + " = 1", repeated(key + " = {", 60),
        repeated(key + " = [{", 10'000)}) {
    CAPTURE(hostile.substr(0, 40));
    CHECK_FALSE(parse_toml(hostile, "f.toml").has_value());
  }
}

TEST_CASE("dots in texts, numbers and remarks are no nesting") {
  const std::string dots(100, '.');
  for (const std::string& text :
       {"a = \"" + dots + "\"", "a = '" + dots + "'", "# " + dots, "a = 1 # " + dots,
        "a = \"\"\"\n" + dots + "\n\"\"\"", "a = '''\n" + dots + "'''", "a = \"\\\"" + dots + "\"",
        "a = [" + repeated("1.5, ", 100) + "]", "a = [" + repeated("'1.5', ", 100) + "]",
        repeated("x.", 30) + "y = 1"}) {
    CAPTURE(text);
    CHECK(parse_toml(text, "f.toml").has_value());
  }
}

}  // namespace rigor::adapters
