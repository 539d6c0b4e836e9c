// What lint finds between the values of one entry, and between entries.
#include <doctest/doctest.h>

#include <array>
#include <string>
#include <vector>

#include "adapters/toml/entry_reader.hpp"
#include "catalog/schema.hpp"

namespace rigor::catalog {
namespace {

Entry read(const std::string& id, const std::string& body) {
  const std::string text = "name = \"" + id + "\"\n" +
                           R"(source = { origin = "measured", cite = "me", as_of = 2026-01-31 })" +
                           "\n" + body;
  const Result<Entry> entry = adapters::read_entry(text, id, "x.toml");
  REQUIRE_MESSAGE(entry.has_value(), entry.error().message);
  return *entry;
}

std::string physics(const Entry& entry) {
  Diagnostics diagnostics;
  lint_physics(entry, diagnostics);
  return to_text(diagnostics);
}

std::string all(const std::vector<Entry>& entries) {
  std::vector<const Entry*> pointers;
  for (const Entry& entry : entries) pointers.push_back(&entry);
  Diagnostics diagnostics;
  lint_all(pointers, diagnostics);
  return to_text(diagnostics);
}

struct Case {
  std::string_view body, complaint;
};

constexpr std::string_view kSlots =
    "connector = [{ name = \"A\", size = 16 }, { name = \"B\", size = 8 }]\n";

// 16 lanes, as x16 for one slot or x8 for each of two.
constexpr std::array kLanes = {
    Case{"lanes = [{ lanes = 16, modes = [{ A = 16 }, { A = 8, B = 8 }] }]", ""},
    Case{"lanes = [{ lanes = 16, modes = [{ A = 16 }] }, { lanes = 4, modes = [{ B = 4 }] }]", ""},
    Case{"lanes = [{ lanes = 16, modes = [{ A = 16, B = 0 }] }]", ""},
    Case{"lanes = [{ lanes = 16, modes = [{ A = 16, B = 8 }] }]",
         "board/b: error: lanes[0].modes[0] hands out 24 lanes, the group has 16\n"},
    Case{"lanes = [{ lanes = 16, modes = [{ A = 16 }, { A = 8, B = 9 }] }]",
         "board/b: error: lanes[0].modes[1] hands out 17 lanes, the group has 16\n"},
    Case{"lanes = [{ modes = [{ A = 8, B = 8 }] }]",
         "board/b: error: lanes[0].modes[0] hands out 16 lanes, the group has 0\n"},
    Case{"lanes = [{ lanes = 16, modes = [{ A = 16 }] }]",
         "board/b: error: \"B\" stands in no lane group\n"},
    Case{"lanes = [{ lanes = 16, modes = [{ A = 8, B = 4, C = 4 }] }]",
         "board/b: error: lanes name the unknown connector \"C\"\n"},
    Case{"lanes = [{ lanes = 16, modes = [{ A = 8, B = 8 }] }, { lanes = 4, modes = [{ B = 4 }] }]",
         "board/b: error: \"B\" stands in several lane groups\n"},
    Case{"",
         "board/b: error: \"A\" stands in no lane group\n"
         "board/b: error: \"B\" stands in no lane group\n"},
    Case{"lanes = [{ lanes = 16, modes = [{ A = 8, B = 8 }] }, 4]", ""},
    Case{"lanes = 16",
         "board/b: error: \"A\" stands in no lane group\n"
         "board/b: error: \"B\" stands in no lane group\n"},
};

// An RTX 4090: 384 bit at 21 GT/s are 1008 GB/s; 82.6 TFLOP/s vector, 165.2 dense bf16.
constexpr std::array kCards = {
    Case{"", ""},
    Case{"memory_usable = \"24 GiB\"", ""},
    Case{"memory_bus = \"384 bit\"\nbf16_tensor = \"165.2 TFLOP/s\"\nfp8_tensor = \"330 TFLOP/s\"",
         ""},
    Case{"memory_usable = \"25 GiB\"",
         "x.toml:6:1: error: memory_usable: more than the memory there is\n"},
    Case{"memory_usable = \"24577 MiB\"",
         "x.toml:6:1: error: memory_usable: more than the memory there is\n"},
    Case{"memory_bus = \"2048 B\"",
         "x.toml:6:1: error: memory_bus: bandwidth and bus width give an impossible transfer "
         "rate\n"},
    Case{"memory_bus = \"64 bit\"",
         "x.toml:6:1: error: memory_bus: bandwidth and bus width give an impossible transfer "
         "rate\n"},
    Case{"bf16_tensor = \"20 TFLOP/s\"",
         "x.toml:6:1: error: bf16_tensor: less than half the vector rate\n"},
    Case{"bf16_tensor = \"3400 TFLOP/s\"",
         "x.toml:6:1: error: bf16_tensor: more than 40 times the "
         "vector rate: sparsity or a slip\n"},
    Case{"bf16_tensor = \"165.2 TFLOP/s\"\nfp8_tensor = \"660.6 TFLOP/s\"",
         "x.toml:7:1: error: fp8_tensor: more than twice the bf16 rate: sparsity or a slip\n"},
};

}  // namespace

TEST_CASE("a board's lanes add up and every connector hangs on one group") {
  for (const auto& [lanes, complaint] : kLanes) {
    CAPTURE(lanes);
    CHECK(physics(read("board/b", std::string(kSlots) + std::string(lanes))) == complaint);
  }
}

TEST_CASE("a connector has a name of its own") {
  const Entry board = read("board/b",
                           "connector = [{ name = \"A\" }, { name = \"A\" }]\n"
                           "lanes = [{ lanes = 16, modes = [{ A = 16 }] }]");
  CHECK(physics(board) == "x.toml:3:32: error: \"A\" names two connectors\n");
}

TEST_CASE("a card's figures agree with each other") {
  for (const auto& [body, complaint] : kCards) {
    CAPTURE(body);
    const std::string text =
        "memory = \"24 GiB\"\nmemory_bandwidth = \"1008 GB/s\"\nfp32 = \"82.6 TFLOP/s\"\n";
    CHECK(physics(read("gpu/g", text + std::string(body))) == complaint);
  }
}

TEST_CASE("physics is judged only where there is something to judge") {
  CHECK(physics(read("gpu/g", "memory = 24\nmemory_usable = \"24\"")).empty());
  CHECK(physics(read("gpu/g", "bf16_tensor = \"165 TFLOP/s\"")).empty());
  CHECK(physics(read("gpu/g", "fp8_tensor = \"660 TFLOP/s\"")).empty());
  CHECK(physics(read("psu/p", "memory_usable = \"24 GiB\"")).empty());
}

TEST_CASE("a supply gives no more at low line") {
  const std::string body = "power = \"750 W\"\npower_low_line = ";
  CHECK(physics(read("psu/p", body + "\"650 W\"")).empty());
  CHECK(physics(read("psu/p", body + "\"750 W\"")).empty());
  CHECK(physics(read("psu/p", body + "\"751 W\"")) ==
        "x.toml:4:1: error: power_low_line: more than the supply gives at 200 V and above\n");
}

TEST_CASE("a name belongs to one entry of a kind") {
  CHECK(all({}).empty());
  CHECK(all({read("gpu/a", "aliases = [\"Card A\", \"card-a\"]"), read("gpu/b", "")}).empty());
  CHECK(
      all({read("gpu/a", "aliases = [\"9000\"]"), read("cpu/b", "aliases = [\"9000\"]")}).empty());
  CHECK(
      all({read("gpu/a", "aliases = [\"RTX 9000\"]"), read("gpu/b", "aliases = [\"rtx-9000\"]")}) ==
      "gpu/b: error: \"rtx-9000\" also names gpu/a\n");
  CHECK(all({read("gpu/a", ""), read("gpu/b", "aliases = [\"GPU A\"]")}) ==
        "gpu/b: error: \"GPU A\" also names gpu/a\n");
  CHECK(all({read("gpu/a", ""), read("gpu/a", "")}) ==
        "gpu/a: error: \"gpu/a\" also names gpu/a\n");
}

}  // namespace rigor::catalog
