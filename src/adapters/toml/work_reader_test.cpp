#include "adapters/toml/work_reader.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>

namespace rigor::adapters {
namespace {

using workload::Kind;
using workload::Workload;

std::string problems(std::string_view text) {
  Diagnostics diagnostics;
  read_work(text, "w.toml", diagnostics);
  return to_text(diagnostics);
}

struct Case {
  std::string_view text, complaint;
};

constexpr std::string_view kNone =
    "w.toml:1:1: error: the file has no [[workload]]\n  hint: add one with name, kind and model\n";

constexpr std::array kFiles = {
    Case{"",
         "w.toml: error: the file is empty\n"
         "  hint: a work file has [[workload]] tables with name, kind and model\n"},
    Case{"\n \t\n",
         "w.toml: error: the file is empty\n"
         "  hint: a work file has [[workload]] tables with name, kind and model\n"},
    Case{"[[workload]",
         "w.toml:1:12: error: this is not valid TOML: table header: encountered end-of-file\n"
         "  hint: a header stands alone on its line, like [site] or [[part]]\n"},
    Case{"# nothing", kNone},
    Case{"workload = []", kNone},
    Case{"workload = \"x\"", kNone},
    Case{"[workload]\nname = \"x\"",
         "w.toml:1:2: error: the file has no [[workload]]\n"
         "  hint: write [[workload]] with two brackets, since there may be several\n"},
    Case{"name = \"x\"\n[[part]]\nref = \"rtx 3090\"",
         "w.toml: error: this is a rig file, a work file is wanted\n"
         "  hint: a work file has [[workload]] tables with name, kind and model\n"},
    Case{"[[workload]]\nname = \"\"\nmodel = \" \"",
         "w.toml:2:1: error: name: a text is wanted, this is empty\n"
         "w.toml:3:1: error: model: a text is wanted, this is empty\n"},
    Case{"workload = [\"x\", 3]",
         "w.toml:1:13: error: a [[workload]] is a table\n"
         "w.toml:1:18: error: a [[workload]] is a table\n"},
    Case{"[[worklod]]\nname = \"x\"",
         "w.toml:1:1: error: the file has no [[workload]]\n"
         "  hint: add one with name, kind and model\n"
         "w.toml:1:3: error: unknown key \"worklod\" in the work file\n"
         "  hint: did you mean \"workload\"?\n"},
    Case{"[[workload]]",
         "w.toml:1:1: error: [[workload]] has no \"name\"\n"
         "w.toml:1:1: error: [[workload]] has no \"model\"\n"},
};

// The lines below stand after name and model: the first is the 4th line of the file.
constexpr std::array kSettings = {
    Case{"kind = \"training\"",
         "w.toml:4:1: error: kind: \"training\" is unknown\n"
         "  hint: one of: inference, finetune\n"},
    Case{"kind = 1", "w.toml:4:1: error: kind: a word is wanted, this is a whole number\n"},
    Case{"contxt = 4096",
         "w.toml:4:1: error: unknown key \"contxt\" in [[workload]]\n"
         "  hint: did you mean \"context\"?\n"},
    Case{"flash-attention = true",
         "w.toml:4:1: error: unknown key \"flash-attention\" in "
         "[[workload]]\n  hint: did you mean \"flash_attention\"?\n"},
    Case{"context = -1",
         "w.toml:4:1: error: context: \"-1\" is no whole number from 1 to "
         "2147483648\n"},
    Case{"context = 4096.5",
         "w.toml:4:1: error: context: \"4096.5\" is no whole number from 1 to "
         "2147483648\n"},
    Case{"context = 1e30",
         "w.toml:4:1: error: context: \"1e+30\" is no whole number from 1 to "
         "2147483648\n"},
    Case{"context = \"long\"",
         "w.toml:4:1: error: context: \"long\" is no whole number from 1 to "
         "2147483648\n"},
    Case{"context = true",
         "w.toml:4:1: error: context: \"on\" is no whole number from 1 to "
         "2147483648\n"},
    Case{"context = [4096]",
         "w.toml:4:1: error: context: one value is wanted, this is a list\n"
         "  hint: tokens one sequence may hold (32k = 32768)\n"},
    Case{"context = {}",
         "w.toml:4:1: error: context: one value is wanted, this is a table\n"
         "  hint: tokens one sequence may hold (32k = 32768)\n"},
    Case{"context = 2026-01-31",
         "w.toml:4:1: error: context: one value is wanted, this is a date\n"
         "  hint: tokens one sequence may hold (32k = 32768)\n"},
    Case{"vision = 1", "w.toml:4:1: error: vision: \"1\" is neither on nor off\n"},
    Case{"quantization = \"\"",
         "w.toml:4:1: error: quantization: one value is wanted, this is empty\n"
         "  hint: how the weights are stored: Q4_K_M, bf16, awq-4bit, …\n"},
    Case{"rank = 16",
         "w.toml:4:1: error: rank is for fine-tuning only\n"
         "  hint: leave it out, or write kind = \"finetune\"\n"},
    Case{"kind = \"finetune\"\ncontext = 4096",
         "w.toml:5:1: error: context is for inference only\n"
         "  hint: leave it out, or write kind = \"inference\"\n"},
    Case{"kind = \"finetune\"\nmethod = \"dora\"",
         "w.toml:5:1: error: method: \"dora\" is unknown; one of: full, lora, qlora\n"},
    Case{"kind = \"finetune\"\nzero = 4",
         "w.toml:5:1: error: zero: \"4\" is unknown; one of: 0, 1, "
         "2, 3, fsdp\n"},
    Case{"kind = \"finetune\"\ntargets = [\"q\", \"v\"]",
         "w.toml:5:1: error: targets: one value is wanted, this is a list\n"
         "  hint: LoRA targets: all-linear, attention, or some of q,k,v,o,gate,up,down\n"},
};

}  // namespace

TEST_CASE("workloads are read in the order of the file, with what they set") {
  Diagnostics diagnostics;
  const std::vector<Workload> work = read_work(R"([[workload]]
name = "chat"
model = "llama-3.1-70b"
quantization = "Q4_K_M"
context = "32k"
flash_attention = false
memory_fraction = 0.85
[[workload]]
name = "tune"
kind = "finetune"
model = "./model"
method = "qlora"
zero = 3
private = true
)",
                                               "w.toml", diagnostics);
  CHECK(to_text(diagnostics).empty());
  REQUIRE(work.size() == 2);
  CHECK(work[0].name == "chat");
  CHECK(work[0].kind == Kind::inference);
  CHECK(work[0].model == "llama-3.1-70b");
  CHECK(work[0].quantization == "Q4_K_M");
  CHECK(work[0].inference.context == 32768);
  CHECK_FALSE(work[0].inference.flash_attention);
  CHECK(work[0].inference.memory_fraction == 0.85);
  CHECK(work[1].kind == Kind::finetune);
  CHECK(work[1].model == "./model");
  CHECK(work[1].finetune.method == workload::Method::qlora);
  CHECK(work[1].wish.sharding == workload::Sharding::zero3);
  CHECK(work[1].keep_private);
}

TEST_CASE("a file that holds no work says so") {
  for (const auto& [text, complaint] : kFiles) {
    CAPTURE(text);
    CHECK(problems(text) == complaint);
  }
}

TEST_CASE("a setting of the wrong name, kind, type or size is an error at its place") {
  for (const auto& [text, complaint] : kSettings) {
    CAPTURE(text);
    CHECK(problems("[[workload]]\nname = \"x\"\nmodel = \"y\"\n" + std::string(text)) == complaint);
  }
}

TEST_CASE("a setting is taken where it applies and refused elsewhere") {
  for (const workload::Setting& setting : workload::settings()) {
    for (const char kind : {'i', 'f'}) {
      CAPTURE(setting.name);
      const std::string said = problems("[[workload]]\nname = \"x\"\nmodel = \"y\"\nkind = \"" +
                                        std::string(kind == 'i' ? "inference" : "finetune") +
                                        "\"\n" + std::string(setting.name) + " = \"\\u0001\"\n");
      const bool applies = setting.applies_to == 'b' || setting.applies_to == kind;
      CHECK((said.find(" only\n") == std::string::npos) == applies);
    }
  }
}

TEST_CASE("all problems of a file are reported in one go") {
  CHECK(problems("[[workload]]\nmodel = 3\nrank = 16\n[[workload]]\nname = \"x\"\nmodel = \"y\"\n"
                 "context = 0\nvison = true\n") ==
        "w.toml:1:1: error: [[workload]] has no \"name\"\n"
        "w.toml:2:1: error: model: a text is wanted, this is a whole number\n"
        "w.toml:3:1: error: rank is for fine-tuning only\n"
        "  hint: leave it out, or write kind = \"finetune\"\n"
        "w.toml:7:1: error: context: \"0\" is no whole number from 1 to 2147483648\n"
        "w.toml:8:1: error: unknown key \"vison\" in [[workload]]\n"
        "  hint: did you mean \"vision\"?\n");
}

}  // namespace rigor::adapters
