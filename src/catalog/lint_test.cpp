#include <doctest/doctest.h>

#include <array>
#include <string>
#include <vector>

#include "adapters/toml/entry_reader.hpp"
#include "base/text.hpp"
#include "catalog/schema.hpp"

namespace rigor::catalog {
namespace {

constexpr std::string_view kSource =
    R"(source = { origin = "vendor_spec", cite = "data sheet", as_of = 2026-01-31 })";

/// A sound card; the line whose key `line` repeats is left out, and `line` stands last.
std::string card(std::string_view line) {
  std::string text = "name = \"Card\"\n";
  const std::string_view key = line.substr(0, line.find(' '));
  for (const std::string_view sound :
       {kSource, std::string_view(R"(vendor = "NVIDIA")"),
        std::string_view(R"(architecture = "Ada")"), std::string_view(R"(memory = "24 GiB")"),
        std::string_view(R"(memory_bandwidth = "1008 GB/s")"),
        std::string_view(R"(board_power = "450 W")"),
        std::string_view(R"(fp32 = "82.6 TFLOP/s")")}) {
    if (!sound.starts_with(std::string(key) + " ")) text += std::string(sound) + "\n";
  }
  return text + std::string(line) + "\n";
}

/// What lint says about the text of an entry, as a person sees it.
std::string linted(const std::string& id, const std::string& text) {
  const Result<Entry> entry = adapters::read_entry(text, id, "x.toml");
  REQUIRE_MESSAGE(entry.has_value(), entry.error().message);
  Diagnostics diagnostics;
  lint(*entry, diagnostics);
  lint_physics(*entry, diagnostics);
  return to_text(diagnostics);
}

struct Case {
  std::string_view line, complaint;
};

// A line that repeats a key of the card is its 8th, another one its 9th.
constexpr std::array kGood = {
    std::string_view(R"(memory_usable = "24564 MiB")"),
    std::string_view(R"(memory_bus = "384 bit")"),
    std::string_view(R"(released = 2022-10-12)"),
    std::string_view(R"(released = "2022-10")"),
    std::string_view(R"(released = "2022")"),
    std::string_view(R"(power_connectors = [])"),
    std::string_view(R"(power_connectors = ["16-pin"])"),
    std::string_view(R"(slots = 3)"),
    std::string_view(R"(slots = 2.5)"),
    std::string_view(R"(msrp = "1599 USD")"),
    std::string_view(R"(bf16_tensor = "165.2 TFLOP/s")"),
    std::string_view(R"(memory = { value = "24 GiB", note = "ECC off" })"),
};

constexpr std::array kUnits = {
    Case{R"(memory = "24 gb")",
         "x.toml:8:1: error: memory: unknown unit \"gb\" in \"24 gb\"\n"
         "  hint: did you mean \"GB\" or \"GiB\" or \"PB\"?\n"},
    Case{R"(memory = "24")",
         "x.toml:8:1: error: memory: \"24\" has no unit\n"
         "  hint: write the unit after the number, such as \"24 GiB\"\n"},
    Case{R"(memory = "24 GB/s")",
         "x.toml:8:1: error: memory: \"24 GB/s\" has the wrong kind of unit here\n"
         "  hint: write something like \"24 GiB\"\n"},
    Case{"memory = 24",
         "x.toml:8:1: error: memory: a text with its unit is wanted here\n"
         "  hint: write it like \"24 GiB\"\n"},
    Case{"memory = 24.0",
         "x.toml:8:1: error: memory: a text with its unit is wanted here\n"
         "  hint: write it like \"24 GiB\"\n"},
    Case{R"(memory = ["24 GiB"])",
         "x.toml:8:1: error: memory: a text with its unit is wanted here\n"
         "  hint: write it like \"24 GiB\"\n"},
    Case{R"(memory = "")",
         "x.toml:8:1: error: memory: \"\" is not a quantity\n"
         "  hint: write a number and its unit, such as \"24 GiB\"\n"},
    Case{R"(msrp = "1599")",
         "x.toml:9:1: error: msrp: \"1599\" is not a price\n"
         "  hint: write the amount and its currency, such as \"2225 ILS\"\n"},
    Case{R"(msrp = "0 USD")", "x.toml:9:1: error: msrp: a price is positive\n"},
    Case{R"(msrp = "-5 USD")", "x.toml:9:1: error: msrp: a price is positive\n"},
};

constexpr std::array kTypes = {
    Case{R"(pcie_lanes = "16")",
         "x.toml:9:1: error: pcie_lanes: a whole number is wanted here\n"
         "  hint: write it like \"8\"\n"},
    Case{"pcie_lanes = 16.0",
         "x.toml:9:1: error: pcie_lanes: a whole number is wanted here\n"
         "  hint: write it like \"8\"\n"},
    Case{R"(slots = "2.5")",
         "x.toml:9:1: error: slots: a number is wanted here\n"
         "  hint: write it like \"2.5\"\n"},
    Case{"cooling = true", "x.toml:9:1: error: cooling: a text is wanted here\n"},
    Case{"cooling = 3", "x.toml:9:1: error: cooling: a text is wanted here\n"},
    Case{R"(cooling = ["open"])", "x.toml:9:1: error: cooling: a text is wanted here\n"},
    Case{R"(power_connectors = "16-pin")",
         "x.toml:9:1: error: power_connectors: a list of texts is wanted here\n"},
    Case{"power_connectors = [16]",
         "x.toml:9:1: error: power_connectors: a list of texts is wanted here\n"},
    Case{"released = 2022",
         "x.toml:9:1: error: released: a date such as 2025-04 or 2025-04-16 is "
         "wanted here\n"},
    Case{R"(released = "autumn")",
         "x.toml:9:1: error: released: a date such as 2025-04 or "
         "2025-04-16 is wanted here\n"},
    Case{R"(released = "2022-13")",
         "x.toml:9:1: error: released: a date such as 2025-04 or "
         "2025-04-16 is wanted here\n"},
    Case{R"(released = "2022-10-00")",
         "x.toml:9:1: error: released: a date such as 2025-04 or "
         "2025-04-16 is wanted here\n"},
    Case{R"(released = "12-10-2022")",
         "x.toml:9:1: error: released: a date such as 2025-04 or "
         "2025-04-16 is wanted here\n"},
};

constexpr std::array kRanges = {
    Case{R"(memory = "24 MB")",
         "x.toml:8:1: error: memory: 24 MB is not plausible (expected 2 GiB to 1024 GiB)\n"},
    Case{R"(memory = "-24 GiB")",
         "x.toml:8:1: error: memory: -24 GiB is not plausible (expected 2 GiB to 1024 GiB)\n"},
    Case{R"(memory = "24 TiB")",
         "x.toml:8:1: error: memory: 24 TiB is not plausible (expected 2 GiB to 1024 GiB)\n"},
    Case{R"(board_power = "450 kW")",
         "x.toml:8:1: error: board_power: 450 kW is not plausible (expected 20 W to 2000 W)\n"},
    Case{R"(length = "304 m")",
         "x.toml:9:1: error: length: 304 m is not plausible (expected 50 mm to 600 mm)\n"},
    Case{R"(memory_bandwidth = "936 B/s")",
         "x.toml:8:1: error: memory_bandwidth: 936 B/s is not plausible (expected 30 GB/s to 30000 "
         "GB/s)\n"},
    Case{R"(memory_bus = "3 bit")",
         "x.toml:9:1: error: memory_bus: 3 bit is not plausible (expected 32 bit to 16384 bit)\n"
         "x.toml:9:1: error: memory_bus: bandwidth and bus width give an impossible transfer "
         "rate\n"},
    Case{R"(int8_tensor = "1 FLOP/s")",
         "x.toml:9:1: error: int8_tensor: 1 FLOP/s is not plausible (expected 1 TFLOP/s to 20000 "
         "TFLOP/s)\n"},
    Case{"pcie_lanes = 32",
         "x.toml:9:1: error: pcie_lanes: 32 is not plausible (expected 1 to 16)\n"},
    Case{"pcie_lanes = 0",
         "x.toml:9:1: error: pcie_lanes: 0 is not plausible (expected 1 to 16)\n"},
    Case{"slots = 9.5", "x.toml:9:1: error: slots: 9.5 is not plausible (expected 0.5 to 5)\n"},
    Case{"slots = nan", "x.toml:9:1: error: slots: nan is not plausible (expected 0.5 to 5)\n"},
};

constexpr std::array kKeys = {
    Case{R"(memory_bandwith = "1 TB/s")",
         "x.toml:9:1: error: unknown key \"memory_bandwith\"\n"
         "  hint: did you mean \"memory_bandwidth\"?\n"},
    Case{R"(Memory = "24 GiB")",
         "x.toml:9:1: error: unknown key \"Memory\"\n"
         "  hint: did you mean \"memory\" or \"memory_usable\" or "
         "\"memory_type\"?\n"},
    Case{R"(colour = "black")", "x.toml:9:1: error: unknown key \"colour\"\n"},
    Case{R"(memory = { size = "24 GiB" })",
         "x.toml:8:12: error: unknown key \"memory.size\"\n"
         "gpu/test/card: error: \"memory\" is missing\n"},
};

template <std::size_t N>
void check_complaints(const std::array<Case, N>& cases) {
  for (const auto& [line, complaint] : cases) {
    CAPTURE(line);
    CHECK(linted("gpu/test/card", card(line)) == complaint);
  }
}

}  // namespace

TEST_CASE("a sound card is not complained about") {
  for (const std::string_view line : kGood) {
    CAPTURE(line);
    CHECK(linted("gpu/test/card", card(line)).empty());
  }
}

TEST_CASE("every number has its unit") {
  check_complaints(kUnits);
}
TEST_CASE("every value has its type") {
  check_complaints(kTypes);
}
TEST_CASE("every value is plausible") {
  check_complaints(kRanges);
}
TEST_CASE("every key is known") {
  check_complaints(kKeys);
}

TEST_CASE("what every card must state is missed") {
  const std::string text = "name = \"Card\"\n" + std::string(kSource) + "\n";
  CHECK(linted("gpu/test/card", text) ==
        "gpu/test/card: error: \"vendor\" is missing\n"
        "gpu/test/card: error: \"architecture\" is missing\n"
        "gpu/test/card: error: \"memory\" is missing\n"
        "gpu/test/card: error: \"memory_bandwidth\" is missing\n"
        "gpu/test/card: error: \"board_power\" is missing\n");
}

TEST_CASE("an entry of an unknown kind is refused") {
  CHECK(linted("gpus/test/card", card("")) == "gpus/test/card: error: unknown kind \"gpus\"\n");
}

TEST_CASE("every value has a source and a date") {
  struct Source {
    std::string_view source, complaint;
  };
  for (const auto& [source, complaint] :
       {Source{R"(cite = "page", as_of = "2026-01")", ""},
        Source{R"(cite = "page")", "vendor: no date (as_of) is given for the value"},
        Source{R"(cite = "page", as_of = "today")",
               "vendor: no date (as_of) is given for the value"},
        Source{R"(cite = "page", as_of = 2026)", "vendor: no date (as_of) is given for the value"},
        Source{R"(cite = "", as_of = 2026-01-31)", "vendor: no source is cited"},
        Source{R"(as_of = 2026-01-31)", "vendor: no source is cited"},
        Source{R"(url = "page", as_of = 2026-01-31)", "vendor: no source is cited"}}) {
    CAPTURE(source);
    const std::string text =
        "name = \"Lane\"\nsource = { " + std::string(source) + " }\n" + "vendor = \"NVIDIA\"\n";
    const std::string said = linted("architecture/test", text);
    CHECK(said == (complaint.empty() ? "" : "x.toml:3:1: error: " + std::string(complaint) + "\n"));
  }
}

TEST_CASE("a sound level is written in dBA") {
  const auto cooler = [](std::string_view noise) {
    return "name = \"Fan\"\n" + std::string(kSource) + "\nvendor = \"Noctua\"\nkind = \"air\"\n" +
           "max_noise = " + std::string(noise) + "\n";
  };
  for (const char* noise : {"\"24.8 dBA\"", "\"24.8dBA\"", "\"24.8 dB(A)\""}) {
    CAPTURE(noise);
    CHECK(linted("cooler/test/fan", cooler(noise)).empty());
  }
  CHECK(linted("cooler/test/fan", cooler("\"200 dBA\"")) ==
        "x.toml:5:1: error: max_noise: 200 dBA is not plausible (expected 5 dBA to 120 dBA)\n");
  for (const char* noise : {"\"24.8\"", "\"24.8 dB\"", "\"24.8 dBA max\"", "24.8", "\"loud dBA\"",
                            "\"200 dBA\"", "\"-3 dBA\"", "\" dBA\""}) {
    CAPTURE(noise);
    CHECK(linted("cooler/test/fan", cooler(noise)).starts_with("x.toml:5:1: error: max_noise: "));
  }
}

TEST_CASE("all problems of an entry are reported in one go") {
  const std::string text =
      card("memory = 24\nmemory_buss = \"384 bit\"\npcie_lanes = 99\nreleased = \"soon\"");
  CHECK(split(linted("gpu/test/card", text), '\n').size() == 4 + 2 + 1);  // 4 errors, 2 hints
}

}  // namespace rigor::catalog
