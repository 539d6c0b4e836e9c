#include "catalog/schema.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

#include "units/money.hpp"
#include "units/unit_text.hpp"

namespace rigor::catalog {
namespace {

const FieldSpec* field_of(std::string_view kind, std::string_view key) {
  const KindSpec* spec = find_kind(kind);
  REQUIRE(spec != nullptr);
  return find_field(*spec, key);
}

}  // namespace

TEST_CASE("indices and names of modes are matched, other keys are not") {
  for (const char* key : {"socket", "connector[0].name", "connector[12].size", "lanes[0].lanes",
                          "lanes[0].modes[1].M.2_1", "lanes[3].modes[0].PCIEX16(G5)_1"}) {
    CAPTURE(key);
    CHECK(field_of("board", key) != nullptr);
  }
  for (const char* key :
       {"", "sockets", "socke", "connector", "connector.name", "connector[0]", "connector[0]name",
        "connector[0.name", "connector[].", "connector[0].name.x", "connector[0].nam",
        "lanes[0].modes", "lanes[0].modes[1]", "lanes[0].modes[1].", "lanes[0].modes[1].A[2]",
        "lanes[0].modes.A", "memory"}) {
    CAPTURE(key);
    CHECK(field_of("board", key) == nullptr);
  }
}

TEST_CASE("kinds are known by their exact name") {
  CHECK(find_kind("gpu") != nullptr);
  for (const char* kind : {"", "GPU", "gpus", "gp", "gpu/", "boards"}) {
    CAPTURE(kind);
    CHECK(find_kind(kind) == nullptr);
  }
}

TEST_CASE("kinds and keys stand once, ranges are ranges, examples are right") {
  std::set<std::string_view> names;
  for (const KindSpec& kind : kinds()) {
    CHECK(names.insert(kind.kind).second);
    CHECK_FALSE(kind.title.empty());
    std::set<std::string_view> keys;
    for (const FieldSpec& field : kind.fields) {
      CAPTURE(field.key);
      CHECK(keys.insert(field.key).second);
      CHECK(find_field(kind, field.key) == &field);
      CHECK(field.low <= field.high);
      if (field.type != FieldType::quantity) continue;
      CHECK(field.low < field.high);
      const Result<double> example = parse_as(field.example, field.dimension, "");
      REQUIRE(example.has_value());
      CHECK(*example > 0);
    }
  }
}

}  // namespace rigor::catalog
