#include "adapters/toml/table_reader.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <string>

namespace rigor::adapters {
namespace {

/// What a reader says when it reads `text` as `read` does.
std::string complaints(const std::string& text, const std::function<void(TableReader&)>& read) {
  const Result<TomlNode> root = parse_toml(text, "f.toml");
  REQUIRE_MESSAGE(root.has_value(), root.error().message);
  Diagnostics diagnostics;
  TableReader table(*root, "[part]", diagnostics);
  read(table);
  return to_text(diagnostics);
}

void read_name(TableReader& t) {
  t.text("name");
}
void read_required(TableReader& t) {
  t.required_text("name");
}
void read_slots(TableReader& t) {
  t.texts("slot");
}
void read_count(TableReader& t) {
  t.count("count", 1, 1, 64);
}
void read_share(TableReader& t) {
  t.real("share", 0, 1);
}
void read_flag(TableReader& t) {
  t.flag("on");
}
void read_price(TableReader& t) {
  t.price("price");
}
void read_power(TableReader& t) {
  t.quantity("power", "250 W", 20 * watt, 2000 * watt);
}
void read_kind(TableReader& t) {
  t.choice("kind", {"inference", "finetune"}, "inference");
}

struct Case {
  std::string text;
  void (*read)(TableReader&);
  std::string_view complaint;  // after "f.toml:1:1: error: "
};

}  // namespace

TEST_CASE("values that are there are read, absent ones are the fallback") {
  const Result<TomlNode> root = parse_toml(R"(name = "x"
day = 2026-01-31
slot = ["A", "B"]
one = "A"
count = 64
share = 1
half = 0.5
on = true
price = "2225 ILS"
power = "250 W"
kind = "finetune"
)",
                                           "f.toml");
  Diagnostics diagnostics;
  TableReader t(*root, "[part]", diagnostics);
  CHECK(t.required_text("name") == "x");
  CHECK(t.text("day") == "2026-01-31");
  CHECK(t.texts("slot") == std::vector<std::string>{"A", "B"});
  CHECK(t.texts("one") == std::vector<std::string>{"A"});
  CHECK(t.count("count", 1, 1, 64) == 64);
  CHECK(t.real("share", 0, 1) == 1.0);
  CHECK(t.real("half", 0, 1) == 0.5);
  CHECK(t.flag("on"));
  CHECK(to_text(*t.price("price")) == "2225 ILS");
  CHECK(t.quantity("power", "250 W", 20 * watt, 2000 * watt) == 250 * watt);
  CHECK(t.choice("kind", {"inference", "finetune"}, "inference") == "finetune");
  CHECK(t.text("a", "fallback") == "fallback");
  CHECK(t.texts("b").empty());
  CHECK(t.count("c", 7, 1, 9) == 7);
  CHECK_FALSE(t.real("d", 0, 1).has_value());
  CHECK(t.flag("e", true));
  CHECK_FALSE(t.price("f").has_value());
  CHECK_FALSE(t.quantity("g", "250 W", 20 * watt, 2000 * watt).has_value());
  CHECK(t.choice("h", {"x"}, "x") == "x");
  t.finish();
  CHECK(to_text(diagnostics).empty());
}

TEST_CASE("a value of the wrong type or size is an error at its place") {
  constexpr std::string_view kPrice = "  hint: write it like \"2225 ILS\"\n";
  constexpr std::string_view kPower = "  hint: write it like \"250 W\"\n";
  for (const auto& [text, read, complaint] :
       {Case{"name = 5", read_name, "name: a text is wanted, this is a whole number\n"},
        Case{"name = [\"x\"]", read_name, "name: a text is wanted, this is a list\n"},
        Case{"name = {}", read_required, "name: a text is wanted, this is a table\n"},
        Case{"name = \" \"", read_required, "name: a text is wanted, this is empty\n"},
        Case{"other = 5", read_required, "[part] has no \"name\"\n"},
        Case{"slot = 3", read_slots, "slot: a text or a list of texts is wanted\n"},
        Case{"slot = [\"A\", 3]", read_slots, "slot: a text or a list of texts is wanted\n"},
        Case{"slot = {a = 1}", read_slots, "slot: a text or a list of texts is wanted\n"},
        Case{"count = 0", read_count, "count: 0 is not between 1 and 64\n"},
        Case{"count = -1", read_count, "count: -1 is not between 1 and 64\n"},
        Case{"count = 65", read_count, "count: 65 is not between 1 and 64\n"},
        Case{"count = 9223372036854775807", read_count,
             "count: 9223372036854775807 is not between 1 and 64\n"},
        Case{"count = \"4\"", read_count, "count: a whole number is wanted, this is a text\n"},
        Case{"count = 4.0", read_count,
             "count: a whole number is wanted, this is a decimal number\n"},
        Case{"share = 1.5", read_share, "share: a number from 0 to 1 is wanted\n"},
        Case{"share = -1", read_share, "share: a number from 0 to 1 is wanted\n"},
        Case{"share = nan", read_share, "share: a number from 0 to 1 is wanted\n"},
        Case{"share = \"1\"", read_share, "share: a number from 0 to 1 is wanted\n"},
        Case{"on = 1", read_flag, "on: true or false is wanted, this is a whole number\n"},
        Case{"on = \"yes\"", read_flag, "on: true or false is wanted, this is a text\n"}}) {
    CAPTURE(text);
    CHECK(complaints(text, read) == "f.toml:1:1: error: " + std::string(complaint));
  }
  for (const auto& [text, read, complaint] :
       {Case{"price = 2225", read_price, "price: a price needs its currency\n"},
        Case{"price = 22.25", read_price, "price: a price needs its currency\n"}}) {
    CAPTURE(text);
    CHECK(complaints(text, read) ==
          "f.toml:1:1: error: " + std::string(complaint) + std::string(kPrice));
  }
  for (const auto& [text, read, complaint] :
       {Case{"power = 250", read_power, "power: the number has no unit\n"},
        Case{"power = 2.5", read_power, "power: the number has no unit\n"}}) {
    CAPTURE(text);
    CHECK(complaints(text, read) ==
          "f.toml:1:1: error: " + std::string(complaint) + std::string(kPower));
  }
}

TEST_CASE("units, currencies and words are judged with a hint") {
  for (const auto& [text, read, complaint] :
       {Case{"price = \"2225\"", read_price,
             "price: \"2225\" is not a price\n"
             "  hint: write the amount and its currency, such as \"2225 ILS\"\n"},
        Case{"price = \"5 ISL\"", read_price,
             "price: unknown currency \"ISL\"\n  hint: did you mean \"ILS\"?\n"},
        Case{"price = \"-5 USD\"", read_price, "price: a price is not negative\n"},
        Case{"price = \"1.999 USD\"", read_price,
             "price: \"1.999 USD\" has more than 2 digits after the point\n"},
        Case{"power = \"250\"", read_power,
             "power: \"250\" has no unit\n"
             "  hint: write the unit after the number, such as \"250 W\"\n"},
        Case{"power = \"250 watts\"", read_power,
             "power: unknown unit \"watts\" in \"250 watts\"\n"
             "  hint: write something like \"250 W\"\n"},
        Case{"power = \"250 V\"", read_power,
             "power: \"250 V\" has the wrong kind of unit here\n"
             "  hint: write something like \"250 W\"\n"},
        Case{"power = \"-250 W\"", read_power,
             "power: \"-250 W\" is not between 20 W and 2000 W\n"},
        Case{"power = \"250 kW\"", read_power,
             "power: \"250 kW\" is not between 20 W and 2000 W\n"},
        Case{"power = \"0\"", read_power, "power: \"0\" is not between 20 W and 2000 W\n"},
        Case{"kind = \"finetun\"", read_kind,
             "kind: \"finetun\" is unknown\n  hint: did you mean \"finetune\"?\n"},
        Case{"kind = \"chat\"", read_kind,
             "kind: \"chat\" is unknown\n  hint: one of: inference, finetune\n"},
        Case{"kind = \"Inference\"", read_kind,
             "kind: \"Inference\" is unknown\n  hint: did you mean \"inference\"?\n"},
        Case{"kind = 1", read_kind, "kind: a word is wanted, this is a whole number\n"}}) {
    CAPTURE(text);
    CHECK(complaints(text, read) == "f.toml:1:1: error: " + std::string(complaint));
  }
}

TEST_CASE("every key that nobody asked for is an error") {
  const std::string text = "name = \"x\"\nnmae = \"y\"\ncuont = 3\nzzzz = 1\n";
  CHECK(complaints(text,
                   [](TableReader& t) {
                     t.text("name");
                     t.count("count", 1, 1, 9);
                     t.finish({"slot"});
                   }) ==
        "f.toml:2:1: error: unknown key \"nmae\" in [part]\n"
        "  hint: did you mean \"name\"?\n"
        "f.toml:3:1: error: unknown key \"cuont\" in [part]\n"
        "  hint: did you mean \"count\"?\n"
        "f.toml:4:1: error: unknown key \"zzzz\" in [part]\n"
        "  hint: [part] may have: name, count, slot\n");
}

TEST_CASE("the rest is handed over once") {
  CHECK(complaints("a = 1\nb = 2\nc = 3", [](TableReader& t) {
          t.take("b");
          CHECK(t.rest().size() == 2);
          CHECK(t.rest().empty());
          t.finish();
        }).empty());
}

}  // namespace rigor::adapters
