#include "catalog/engine_entry.hpp"

#include <doctest/doctest.h>

#include "adapters/toml/entry_reader.hpp"
#include "catalog/catalog.hpp"

namespace rigor::catalog {
namespace {

using workload::Constant;
using workload::EngineFamily;

constexpr const char* kHead =
    "name = \"X\"\nsource = { origin = \"assumed\", cite = \"test\", as_of = 2026-01-01 }\n";

Result<workload::Engine> read(const std::string& body) {
  const Result<Entry> entry = adapters::read_entry(kHead + body, "engine/x", "x.toml");
  REQUIRE(entry.has_value());
  return to_engine(*entry);
}

}  // namespace

TEST_CASE("constants carry units, numbers or percentages") {
  const auto engine = read(
      "family = \"vllm\"\nversion = \"0.18\"\nnon_torch = \"0.25 GiB\"\nlogit_bytes = \"15.4 B\"\n"
      "activation_widths = { value = 4, note = \"n\" }\nmemory_fraction = \"92 %\"\nhost_copies = "
      "2.5\n");
  REQUIRE(engine.has_value());
  CHECK(engine->id == "engine/x");
  CHECK(engine->family == EngineFamily::vllm);
  CHECK(engine->version == "0.18");
  CHECK(engine->bytes(Constant::non_torch) == 0.25 * GiB);
  CHECK(engine->number(Constant::logit_bytes) == 15.4);
  CHECK(engine->number(Constant::activation_widths) == 4);
  CHECK(engine->number(Constant::memory_fraction) == doctest::Approx(0.92));
  CHECK(engine->number(Constant::host_copies) == 2.5);
  CHECK(engine->number(Constant::slack) == 0);
}

TEST_CASE("what is wrong is refused where it stands") {
  struct Case {
    const char* body;
    const char* message;
    const char* hint;
  };
  for (const auto& [body, message, hint] : {
           Case{"version = \"1\"", "\"family\" is missing", ""},
           Case{"family = \"vlm\"", "family: unknown family \"vlm\"", "did you mean \"vllm\"?"},
           Case{"family = \"mlx\"\nslak = \"1 GiB\"", "slak: an engine has no such key",
                "did you mean \"slack\"?"},
           Case{"family = \"mlx\"\nslack = 3", "slack: the number has no unit",
                "write it as a text with its unit, such as \"0.25 GiB\""},
           Case{"family = \"mlx\"\nslack = \"3 W\"",
                "slack: \"3 W\" has the wrong kind of unit here",
                "write something like \"0.25 GiB\""},
           Case{"family = \"mlx\"\nslack = \"-1 GiB\"", "slack: a constant is not negative", ""},
           Case{"family = \"mlx\"\nmargin_exact = \"2\"", "margin_exact: \"2\" is not a percentage",
                "write it with its sign, such as \"92 %\""},
           Case{"family = \"mlx\"\nmargin_exact = true", "margin_exact: a number is wanted here",
                ""},
       }) {
    CAPTURE(body);
    const auto engine = read(body);
    REQUIRE_FALSE(engine.has_value());
    CHECK(engine.error().message == message);
    CHECK(engine.error().hint == hint);
  }
}

TEST_CASE("every engine of the catalogue can be read and states its margins") {
  const Catalog catalog(packed_catalogue(), &adapters::read_entry);
  int inference = 0;
  for (const Catalog::Row& row : catalog.list("engine")) {
    CAPTURE(std::string(row.id));
    const auto entry = catalog.entry(row.id);
    REQUIRE(entry.has_value());
    const auto engine = to_engine(**entry);
    REQUIRE_MESSAGE(engine.has_value(), engine.error().message);
    CHECK_FALSE(engine->version.empty());
    if (engine->trains()) continue;
    ++inference;
    for (const Constant margin : {Constant::margin_exact, Constant::margin_model}) {
      CHECK(engine->number(margin) > 0);
      CHECK(engine->number(margin) < 1);
    }
  }
  CHECK(inference >= 10);
}

TEST_CASE("an older epoch states only what differs") {
  const Catalog catalog(packed_catalogue(), &adapters::read_entry);
  const auto now = to_engine(**catalog.entry("engine/vllm"));
  const auto old = to_engine(**catalog.entry("engine/vllm/0.16"));
  REQUIRE(now.has_value());
  REQUIRE(old.has_value());
  CHECK(now->bytes(Constant::logit_bytes) == 15.4 * byte);
  CHECK(old->bytes(Constant::logit_bytes) == 39 * byte);
  CHECK(old->bytes(Constant::graphs) == now->bytes(Constant::graphs));
  CHECK(old->bytes(Constant::non_torch) < now->bytes(Constant::non_torch));
}

}  // namespace rigor::catalog
