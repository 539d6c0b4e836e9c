#include "catalog/field_reader.hpp"

#include <doctest/doctest.h>

#include <string>

#include "adapters/toml/entry_reader.hpp"

namespace rigor::catalog {
namespace {

constexpr std::string_view kText = R"(name = "Card"
source = { origin = "measured", cite = "me", as_of = 2026-01-31 }
vendor = "NVIDIA"
connectors = ["8-pin", "6-pin"]
empty = []
lanes = [16, 8]
cores = 12
slots = 2.5
ecc = true
share = "92 %"
memory = "24 GiB"
msrp = "429 USD"
bare = 24
idle = ["10 W", "15 W", "30 W"]
peak = ["1.5", "2", "300 %"]
busy = ["25 %", "50 %", "100 %"]
one = "2 kW"
two = ["1 W", "2 W"]
falling = ["2 W", "1 W", "3 W"]
)";

Entry entry() {
  Result<Entry> read = adapters::read_entry(kText, "gpu/card", "card.toml");
  REQUIRE(read.has_value());
  return *read;
}

}  // namespace

TEST_CASE("a reader gives values of the type that is asked for") {
  const Entry card = entry();
  Diagnostics diagnostics;
  FieldReader reader(card, diagnostics);
  CHECK(reader.has("vendor"));
  CHECK(reader.text("vendor") == "NVIDIA");
  CHECK(reader.texts("connectors") == std::vector<std::string>{"8-pin", "6-pin"});
  CHECK(reader.texts("empty").empty());
  CHECK(reader.counts("empty").empty());
  CHECK(reader.counts("lanes") == std::vector<std::int64_t>{16, 8});
  CHECK(reader.count("cores") == 12);
  CHECK(reader.real("slots") == 2.5);
  CHECK(reader.real("cores") == 12.0);
  CHECK(reader.flag("ecc"));
  CHECK(reader.fraction("share") == 0.92);
  CHECK(reader.quantity<Bytes>("memory") == 24 * GiB);
  CHECK(to_text(reader.price("msrp")) == "429 USD");
  CHECK(to_text(diagnostics).empty());
}

TEST_CASE("a range is three texts, or one that is all three") {
  const Entry card = entry();
  Diagnostics diagnostics;
  FieldReader reader(card, diagnostics);
  CHECK(reader.range<Watts>("idle") == Range<Watts>{10 * watt, 15 * watt, 30 * watt});
  CHECK(reader.range<Watts>("one") == exactly(2000 * watt));
  CHECK(reader.range<double>("busy") == Range<double>{0.25, 0.5, 1});
  CHECK(reader.range<Watts>("absent", exactly(1 * watt)) == exactly(1 * watt));
  CHECK(to_text(diagnostics).empty());
  for (const char* wrong : {"two", "falling", "memory", "bare", "connectors"}) {
    CAPTURE(wrong);
    Diagnostics problems;
    FieldReader again(card, problems);
    CHECK(again.range<Watts>(wrong) == Range<Watts>{});
    CHECK(problems.errors() == 1);
  }
  Diagnostics problems;
  FieldReader percent(card, problems);
  CHECK(percent.range<double>("peak") == Range<double>{});  // a percentage goes up to 100
  CHECK(problems.errors() == 1);
}

TEST_CASE("what is absent is the fallback, in silence") {
  const Entry card = entry();
  Diagnostics diagnostics;
  FieldReader reader(card, diagnostics);
  CHECK_FALSE(reader.has("vendors"));
  CHECK(reader.text("a", "x") == "x");
  CHECK(reader.count("a", 7) == 7);
  CHECK(reader.real("a", 0.5) == 0.5);
  CHECK(reader.flag("a", true));
  CHECK(reader.fraction("a", 0.25) == 0.25);
  CHECK(reader.quantity<Watts>("a", 300 * watt) == 300 * watt);
  CHECK(reader.texts("a").empty());
  CHECK(reader.price("a") == Price{});
  CHECK_FALSE(diagnostics.has_errors());
  reader.require("vendor");
  CHECK_FALSE(diagnostics.has_errors());
  reader.require("a");
  CHECK(to_text(diagnostics) == "gpu/card: error: \"a\" is missing\n");
}

TEST_CASE("the wrong type or unit is an error at its place, and the fallback") {
  const Entry card = entry();
  Diagnostics diagnostics;
  FieldReader reader(card, diagnostics);
  CHECK(reader.text("cores", "x") == "x");
  CHECK(reader.texts("vendor").empty());
  CHECK(reader.count("slots", 3) == 3);
  CHECK(reader.counts("connectors").empty());
  CHECK(reader.real("vendor", 1) == 1);
  CHECK(reader.flag("cores", true));
  CHECK(reader.fraction("vendor", 0.5) == 0.5);
  CHECK(reader.fraction("slots", 0.5) == 0.5);
  CHECK(reader.quantity<Watts>("memory", 5 * watt) == 5 * watt);
  CHECK(reader.quantity<Bytes>("bare", GiB) == GiB);
  CHECK(reader.price("memory") == Price{});
  CHECK(to_text(diagnostics) ==
        "card.toml:7:1: error: cores: a text is wanted here\n"
        "card.toml:3:1: error: vendor: a list of texts is wanted here\n"
        "card.toml:8:1: error: slots: a whole number is wanted here\n"
        "card.toml:4:1: error: connectors: a list of whole numbers is wanted here\n"
        "card.toml:3:1: error: vendor: a number is wanted here\n"
        "card.toml:7:1: error: cores: true or false is wanted here\n"
        "card.toml:3:1: error: vendor: \"NVIDIA\" is not a percentage\n"
        "  hint: write it with its sign, such as \"92 %\"\n"
        "card.toml:8:1: error: slots: a percentage such as \"92 %\" is wanted here\n"
        "card.toml:11:1: error: memory: \"24 GiB\" has the wrong kind of unit here\n"
        "  hint: write something like \"24 GiB, 300 W, 1008 GB/s\"\n"
        "card.toml:13:1: error: bare: the number has no unit\n"
        "  hint: write it as a text with its unit, such as \"24 GiB\"\n"
        "card.toml:11:1: error: memory: unknown currency \"GiB\"\n"
        "  hint: write its code, one of: USD, EUR, GBP, ILS, JPY, CNY, CHF, CAD, "
        "AUD, INR, SEK, NOK, DKK, PLN, CZK, BRL, KRW, TWD, SGD, HKD, MXN, ZAR, TRY, NZD\n");
}

}  // namespace rigor::catalog
