#include "adapters/toml/entry_reader.hpp"

#include <doctest/doctest.h>

#include <string>

#include "catalog/value_text.hpp"

namespace rigor::adapters {
namespace {

using catalog::Entry;
using catalog::Field;
using catalog::Origin;

constexpr std::string_view kHead = R"(name = "Part"
source = { origin = "vendor_spec", cite = "sheet", as_of = 2026-01-31 }
)";

Entry read(std::string_view body) {
  Result<Entry> entry = read_entry(std::string(kHead) + std::string(body), "board/b", "b.toml");
  REQUIRE_MESSAGE(entry.has_value(), entry.error().message);
  return *entry;
}

/// "key=value" of every field, in the order of the file.
std::string flat(const Entry& entry) {
  std::string text;
  for (const Field& field : entry.fields) {
    text += field.key + "=" + catalog::to_text(field.value) + "\n";
  }
  return text;
}

}  // namespace

TEST_CASE("name, base and aliases are not fields") {
  const Entry entry = read("base = \"board/a\"\naliases = [\"x\", \"y\"]\nbmc = false\n");
  CHECK(entry.id == "board/b");
  CHECK(entry.name == "Part");
  CHECK(entry.base == "board/a");
  CHECK(entry.aliases == std::vector<std::string>{"x", "y"});
  CHECK(flat(entry) == "bmc=no\n");
  CHECK(entry.kind() == "board");
}

TEST_CASE("tables are flattened, lists of one type are values") {
  const Entry entry = read(R"(nics = ["10 Gbit/s", "2.5 Gbit/s"]
layers = [3, 4]
empty = []
moe.experts = 8
[[lanes]]
lanes = 16
modes = [{ "PCIEX16(G5)_1" = 16 }, { "M.2_1" = 4 }]
[[lanes]]
lanes = 4
)");
  CHECK(flat(entry) ==
        "nics=10 Gbit/s, 2.5 Gbit/s\n"
        "layers=3 4\n"
        "empty=\n"
        "moe.experts=8\n"
        "lanes[0].lanes=16\n"
        "lanes[0].modes[0].PCIEX16(G5)_1=16\n"
        "lanes[0].modes[1].M.2_1=4\n"
        "lanes[1].lanes=4\n");
}

TEST_CASE("a list of mixed types is flattened item by item") {
  CHECK(flat(read("a = [1, \"two\", [3]]")) == "a[0]=1\na[1]=two\na[2]=3\n");
}

TEST_CASE("a value has the source of the nearest table that states one") {
  const Entry entry = read(R"(plain = 1
own = { value = 2, origin = "measured", cite = "me", as_of = "2026-02", note = "hot", vendor = "3" }
part = { value = 4, note = "half" }
[[lanes]]
cite = "manual"
lanes = 16
modes = [{ A = 16 }]
)");
  const auto provenance = [&](std::string_view key) { return entry.find(key)->provenance; };
  CHECK(provenance("plain").origin == Origin::vendor_spec);
  CHECK(provenance("plain").cite == "sheet");
  CHECK(provenance("plain").as_of == "2026-01-31");
  CHECK(provenance("plain").note.empty());
  CHECK(provenance("own").origin == Origin::measured);
  CHECK(provenance("own").cite == "me");
  CHECK(provenance("own").as_of == "2026-02");
  CHECK(provenance("own").note == "hot");
  CHECK(provenance("own").vendor == "3");
  CHECK(provenance("part").origin == Origin::vendor_spec);
  CHECK(provenance("part").cite == "sheet");
  CHECK(provenance("part").note == "half");
  CHECK(provenance("lanes[0].lanes").cite == "manual");
  CHECK(provenance("lanes[0].modes[0].A").cite == "manual");
  CHECK(provenance("lanes[0].modes[0].A").as_of == "2026-01-31");
  CHECK(entry.fields.size() == 5);
}

TEST_CASE("fields know their place") {
  const Entry entry = read("a = 1\nb = { value = 2 }\n[c]\n  d = 3\n");
  CHECK(to_text(entry.find("a")->where) == "b.toml:3:1");
  CHECK(to_text(entry.find("b")->where) == "b.toml:4:7");
  CHECK(to_text(entry.find("c.d")->where) == "b.toml:6:3");
}

TEST_CASE("an entry that breaks the form is refused with its place") {
  struct Case {
    std::string_view text, where, message;
  };
  constexpr std::string_view kSource = "b.toml:2:12";
  for (const auto& [text, where, message] :
       {Case{"", "b.toml", "the entry has no source"},
        Case{"name = \"x\"", "b.toml", "the entry has no source"},
        Case{"source = {}", "b.toml", "the entry has no name"},
        Case{"source = {}\nname = \"\"", "b.toml", "the entry has no name"},
        Case{"source = {}\nname = 5", "b.toml:2:1",
             "name: a text is wanted, this is a whole number"},
        Case{"source = {}\nname = \"x\"\nbase = [\"y\"]", "b.toml:3:1",
             "base: a text is wanted, this is a list"},
        Case{"source = {}\nname = \"x\"\naliases = \"y\"", "b.toml:3:1",
             "aliases: a list of texts is wanted, this is a text"},
        Case{"source = {}\nname = \"x\"\naliases = [1]", "b.toml:3:1",
             "aliases: a list of texts is wanted, this is a list"},
        Case{"name = \"x\"\nsource = { origin = \"rumour\" }", kSource,
             "unknown origin \"rumour\""},
        Case{"name = \"x\"\nsource = { origin = 3 }", kSource, "unknown origin \"\""},
        Case{"source = {}\nname = \"x\"\na = { value = 1, origin = \"\" }", "b.toml:3:18",
             "unknown origin \"\""},
        Case{"source = {}\nname = \"x\"\n[[a]]\nb = { value = 1, origin = \"?\" }", "b.toml:4:18",
             "unknown origin \"?\""},
        Case{"source = {}\nname = \"x", "b.toml:2:10",
             "this is not valid TOML: string: encountered "
             "end-of-file"}}) {
    CAPTURE(text);
    const Result<Entry> entry = read_entry(text, "board/b", "b.toml");
    REQUIRE_FALSE(entry.has_value());
    CHECK(entry.error().where == where);
    CHECK(entry.error().message == message);
  }
}

}  // namespace rigor::adapters
