// Entries written and read back are the same.
#include "adapters/toml/entry_writer.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "adapters/bytes/plain_text.hpp"
#include "adapters/toml/entry_reader.hpp"

namespace rigor::adapters {
namespace {

using catalog::Entry;
using catalog::Provenance;

const Provenance kSource{catalog::Origin::vendor_spec, "a \"page\"", "2026-08-17", {}, {}};

TEST_CASE("every type of value comes back, with its provenance") {
  const Provenance other{catalog::Origin::derived, "rule", "2026-08", "why", "1000 W"};
  Entry entry{"psu/a/b", "Name \\ \"x\"", {"alias one", "2"}, "psu/a/base", {}};
  entry.fields = {{"text", std::string("a\tb"), kSource, {}},
                  {"count", std::int64_t{-3}, kSource, {}},
                  {"real", 2.0, kSource, {}},
                  {"tiny", 1e-7, kSource, {}},
                  {"flag", true, other, {}},
                  {"texts", std::vector<std::string>{"a", "b\"c"}, other, {}},
                  {"counts", std::vector<std::int64_t>{1, 2}, kSource, {}},
                  {"runtime[0].load", std::string("1 W"), other, {}},
                  {"runtime[0].time", std::string("1 min"), kSource, {}},
                  {"runtime[1].load", std::string("2 W"), kSource, {}}};
  const Result<Entry> back = read_entry(entry_toml(entry, kSource), "psu/a/b", "x.toml");
  REQUIRE_MESSAGE(back.has_value(), entry_toml(entry, kSource));
  CHECK(back->name == entry.name);
  CHECK(back->aliases == entry.aliases);
  CHECK(back->base == entry.base);
  REQUIRE(back->fields.size() == entry.fields.size());
  for (const catalog::Field& field : entry.fields) {
    CAPTURE(field.key);
    const catalog::Field* found = back->find(field.key);
    REQUIRE(found != nullptr);
    CHECK(found->value == field.value);
    CHECK(found->provenance.origin == field.provenance.origin);
    CHECK(found->provenance.cite == field.provenance.cite);
    CHECK(found->provenance.as_of == field.provenance.as_of);
    CHECK(found->provenance.note == field.provenance.note);
  }
}

TEST_CASE("any plain text comes back") {
  CHECK(rc::check([](const std::string& any) {
    const std::string name = "x" + shown(any, 1000);
    const Entry entry{"psu/a/b", name, {}, {}, {{"text", name, kSource, {}}}};
    const Result<Entry> back = read_entry(entry_toml(entry, kSource), "psu/a/b", "x.toml");
    RC_ASSERT(back.has_value());
    RC_ASSERT(back->name == name);
    RC_ASSERT(back->find("text")->value == catalog::Value(name));
  }));
}

}  // namespace
}  // namespace rigor::adapters
