#include "catalog/catalog.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>

#include "adapters/toml/entry_reader.hpp"
#include "catalog/value_text.hpp"

namespace rigor::catalog {
namespace {

#define SOURCE "source = { origin = \"measured\", cite = \"me\", as_of = 2026-01-31 }\n"

// Sorted by id, as the packer writes them. An alias ends with a new line.
constexpr std::array kPacked = {
    PackedEntry{"cpu/acme/9000", "Acme 9000", "", "",
                "name = \"Acme 9000\"\n" SOURCE "cores = 8\n"},
    PackedEntry{"cpu/acme/9000-ti", "Acme 9000 Ti", "", "",
                "name = \"Acme 9000 Ti\"\n" SOURCE "cores = 16\n"},
    PackedEntry{"gpu/acme/broken", "Broken", "", "", "name = \"Broken\n"},
    PackedEntry{"gpu/acme/card-16gb", "Acme Card 16GB", "AC16\n", "",
                "name = \"Acme Card 16GB\"\naliases = [\"AC16\"]\n" SOURCE
                "memory = \"16 GiB\"\nboard_power = \"200 W\"\n"},
    PackedEntry{"gpu/acme/card-24gb", "Acme Card 24GB", "", "",
                "name = \"Acme Card 24GB\"\n" SOURCE "memory = \"24 GiB\"\n"},
    PackedEntry{"gpu/acme/card-8gb", "Acme Card 8GB", "", "gpu/acme/card-16gb",
                "name = \"Acme Card 8GB\"\nbase = \"gpu/acme/card-16gb\"\n" SOURCE
                "memory = \"8 GiB\"\n"},
    PackedEntry{"gpu/acme/card-super", "Acme Card Super", "", "gpu/acme/card-8gb",
                "name = \"Acme Card Super\"\nbase = \"gpu/acme/card-8gb\"\n" SOURCE
                "board_power = \"250 W\"\n"},
    PackedEntry{"gpu/acme/loop-a", "Loop A", "", "gpu/acme/loop-b",
                "name = \"Loop A\"\nbase = \"gpu/acme/loop-b\"\n" SOURCE},
    PackedEntry{"gpu/acme/loop-b", "Loop B", "", "gpu/acme/loop-a",
                "name = \"Loop B\"\nbase = \"gpu/acme/loop-a\"\n" SOURCE},
    PackedEntry{"gpu/acme/orphan", "Orphan", "", "gpu/acme/gone",
                "name = \"Orphan\"\nbase = \"gpu/acme/gone\"\n" SOURCE},
    PackedEntry{"gpu/acme/self", "Self", "", "gpu/acme/self",
                "name = \"Self\"\nbase = \"gpu/acme/self\"\n" SOURCE},
};
#undef SOURCE

Catalog small() {
  return Catalog(kPacked, &adapters::read_entry);
}

std::string value(const Catalog& catalog, std::string_view id, std::string_view key) {
  const Result<const Entry*> entry = catalog.entry(id);
  REQUIRE(entry.has_value());
  const Field* field = (*entry)->find(key);
  return field != nullptr ? catalog::to_text(field->value) : "";
}

Entry own(const std::string& id, const std::string& name, const std::string& memory) {
  Entry entry{id, name, {"My Own"}, {}, {}};
  entry.fields.push_back({"memory", memory, {}, {}});
  return entry;
}

}  // namespace

TEST_CASE("an entry takes from its base what it does not state") {
  const Catalog catalog = small();
  CHECK(value(catalog, "gpu/acme/card-8gb", "memory") == "8 GiB");
  CHECK(value(catalog, "gpu/acme/card-8gb", "board_power") == "200 W");
  CHECK(value(catalog, "gpu/acme/card-super", "memory") == "8 GiB");
  CHECK(value(catalog, "gpu/acme/card-super", "board_power") == "250 W");
  CHECK(value(catalog, "gpu/acme/card-16gb", "memory") == "16 GiB");
  CHECK(value(catalog, "gpu/acme/card-16gb", "cooling").empty());
}

TEST_CASE("bases that do not exist or go in a circle are errors") {
  struct Case {
    std::string_view id, message;
  };
  const Catalog catalog = small();
  for (const auto& [id, message] :
       {Case{"gpu/acme/orphan", "gpu/acme/orphan has the unknown base \"gpu/acme/gone\""},
        Case{"gpu/acme/self", "the base entries of gpu/acme/self go in a circle"},
        Case{"gpu/acme/loop-a", "the base entries of gpu/acme/loop-a go in a circle"},
        Case{"gpu/acme/loop-b", "the base entries of gpu/acme/loop-b go in a circle"},
        Case{"gpu/acme/gone", "no catalogue entry \"gpu/acme/gone\""},
        Case{"", "no catalogue entry \"\""}}) {
    CAPTURE(id);
    const Result<const Entry*> entry = catalog.entry(id);
    REQUIRE_FALSE(entry.has_value());
    CHECK(entry.error().message == message);
  }
}

TEST_CASE("an entry that cannot be read names its file and place") {
  const Result<const Entry*> entry = small().entry("gpu/acme/broken");
  REQUIRE_FALSE(entry.has_value());
  CHECK(entry.error().where.starts_with("catalog/gpu/acme/broken.toml:1:"));
}

TEST_CASE("an entry is parsed once and its pointer stays") {
  const Catalog catalog = small();
  const Entry* first = *catalog.entry("gpu/acme/card-8gb");
  CHECK(catalog.entry("gpu/acme/card-16gb").has_value());
  CHECK(*catalog.entry("gpu/acme/card-8gb") == first);
  CHECK(*catalog.find("card 8gb") == first);
}

TEST_CASE("names are found by what people type") {
  struct Case {
    std::string_view typed, kind, id;
  };
  const Catalog catalog = small();
  for (const auto& [typed, kind, id] :
       {Case{"gpu/acme/card-8gb", "", "gpu/acme/card-8gb"},
        Case{"acme/card-8gb", "", "gpu/acme/card-8gb"},
        Case{"card-8gb", "gpu", "gpu/acme/card-8gb"},
        Case{"Acme CARD 8gb", "", "gpu/acme/card-8gb"}, Case{"card8", "", "gpu/acme/card-8gb"},
        Case{"8gb card", "", "gpu/acme/card-8gb"}, Case{"ac16", "", "gpu/acme/card-16gb"},
        Case{"super", "", "gpu/acme/card-super"}, Case{"9000 cpu", "", "cpu/acme/9000"},
        Case{"9000", "", "cpu/acme/9000"}, Case{"ti 9000", "", "cpu/acme/9000-ti"},
        Case{"acme 9000", "cpu", "cpu/acme/9000"}}) {
    CAPTURE(typed);
    CHECK(catalog.resolve(typed, kind).value_or("none") == id);
  }
}

TEST_CASE("an unknown or ambiguous name says what there is") {
  struct Case {
    std::string_view typed, kind;
    ErrorCode code;
    std::string_view message, hint;
  };
  constexpr std::string_view kCards = "write one of: gpu/acme/card-16gb, gpu/acme/card-24gb";
  constexpr std::string_view kList = "rigor catalog list shows what there is";
  const Catalog catalog = small();
  for (const auto& [typed, kind, code, message, hint] :
       {Case{"acme gb", "", ErrorCode::ambiguous, "\"acme gb\" could be several entries", kCards},
        Case{"card", "gpu", ErrorCode::ambiguous, "\"card\" could be several gpu entries", kCards},
        Case{"crad-8gb", "", ErrorCode::not_found, "unknown entry \"crad-8gb\"",
             "did you mean \"card-8gb\"?"},
        Case{"gpu/acme/card-8g", "", ErrorCode::not_found, "unknown entry \"gpu/acme/card-8g\"",
             "did you mean \"gpu/acme/card-8gb\" or \"gpu/acme/card-16gb\" or "
             "\"gpu/acme/card-24gb\"?"},
        Case{"zzz", "", ErrorCode::not_found, "unknown entry \"zzz\"", kList},
        Case{"9000", "gpu", ErrorCode::not_found, "unknown gpu \"9000\"",
             "rigor catalog list gpu shows what there is"},
        Case{"cpu/acme/9000", "gpu", ErrorCode::not_found, "unknown gpu \"cpu/acme/9000\"",
             "rigor catalog list gpu shows what there is"},
        Case{"9000", "cp", ErrorCode::not_found, "unknown cp \"9000\"",
             "rigor catalog list cp shows what there is"},
        Case{"", "", ErrorCode::not_found, "unknown entry \"\"", kList},
        Case{" -/ ", "cpu", ErrorCode::not_found, "unknown cpu \" -/ \"",
             "rigor catalog list cpu shows what there is"},
        Case{"µ", "", ErrorCode::not_found, "unknown entry \"µ\"", kList}}) {
    CAPTURE(typed);
    const Result<std::string> id = catalog.resolve(typed, kind);
    REQUIRE_FALSE(id.has_value());
    CHECK(id.error().code == code);
    CHECK(id.error().message == message);
    CHECK(id.error().hint == hint);
  }
}

TEST_CASE("the user's entries replace and add") {
  Catalog catalog = small();
  catalog.overlay(own("gpu/acme/card-16gb", "My Card", "17 GiB"));
  catalog.overlay(own("gpu/zeta/new", "Zeta New", "3 GiB"));
  catalog.overlay(own("gpu/aaa/first", "First", "4 GiB"));
  CHECK(value(catalog, "gpu/acme/card-16gb", "memory") == "17 GiB");
  CHECK(catalog.resolve("my card") == std::string("gpu/acme/card-16gb"));
  CHECK_FALSE(catalog.resolve("ac16").has_value());
  CHECK(catalog.resolve("zeta") == std::string("gpu/zeta/new"));
  CHECK(value(catalog, "gpu/aaa/first", "memory") == "4 GiB");
  CHECK(value(catalog, "gpu/acme/card-8gb", "memory") == "8 GiB");
  CHECK(value(catalog, "gpu/acme/card-8gb", "board_power").empty());  // its base has changed
  CHECK(catalog.list().size() == kPacked.size() + 2);
}

TEST_CASE("an overlay is seen after the entry was loaded, and the last one wins") {
  Catalog catalog = small();
  CHECK(value(catalog, "gpu/acme/card-16gb", "memory") == "16 GiB");
  catalog.overlay(own("gpu/acme/card-16gb", "My Card", "17 GiB"));
  catalog.overlay(own("gpu/acme/card-16gb", "My Card", "18 GiB"));
  CHECK(value(catalog, "gpu/acme/card-16gb", "memory") == "18 GiB");
  CHECK(catalog.list("gpu", "my card").size() == 1);
}

TEST_CASE("an overlay may build on an entry of the catalogue") {
  Catalog catalog = small();
  Entry mine = own("gpu/me/tuned", "Tuned", "16 GiB");
  mine.base = "gpu/acme/card-super";
  catalog.overlay(mine);
  CHECK(value(catalog, "gpu/me/tuned", "memory") == "16 GiB");
  CHECK(value(catalog, "gpu/me/tuned", "board_power") == "250 W");
}

TEST_CASE("lists are sorted by id and filtered by kind and words") {
  const Catalog catalog = small();
  CHECK(catalog.list().size() == kPacked.size());
  CHECK(catalog.list("cpu").size() == 2);
  CHECK(catalog.list("gpu", "card").size() == 4);
  CHECK(catalog.list("gpu", "16 acme").size() == 1);
  CHECK(catalog.list("gpu", "ac16").size() == 1);
  CHECK(catalog.list("gp").empty());
  CHECK(catalog.list("gpu", "card zeta").empty());
  CHECK(catalog.list("gpu", "acme")[1].id == "gpu/acme/card-16gb");
}

}  // namespace rigor::catalog
