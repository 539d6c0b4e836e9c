#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "units/unit_text.hpp"
#include "workload/workload.hpp"

namespace rigor::workload {
namespace {

/// Texts between bars; "" stands for the empty text.
struct Row {
  std::string_view name, good, bad;
};

constexpr std::string_view kNoCount = "|-1|1.5|many|0x10|1e99|nan|inf| 4|4 |4k5|k|٤";
constexpr std::string_view kNoSwitch = "|yes|no|On|1|0|on off";
constexpr std::string_view kNoCache = "|f8|q4_k|int4|q8|16|f16 ";
constexpr std::string_view kNoNumber = "|-1|many|nan|inf|1e99|5 h|5%";

constexpr std::array kRows = {
    Row{"backend", "cuda|rocm|vulkan|metal|cpu|CUDA|ROCm", "|opencl|cuda |gpu"},
    Row{"devices", "0|1|16", "17|-1|1.5|two|"},
    Row{"tensor", "1|2|16", "0|17|two|2x|"},
    Row{"pipeline", "1|8", "0|17|1.5|"},
    Row{"data", "1|8", "0|17|-2|"},
    Row{"power_limit", "300|300 W|0.3 kW|10|2000", "9|2001|300 V|300W/h|-300||much"},
    Row{"expert", "1|8", "0|17|nan|"},
    Row{"context", "1|4096|32k|128K|1e5|0.5k|2097152k", "0|4294967296|2097153k|32kk|32 k"},
    Row{"sequences", "1|4096", "0|4097|100000k"},
    Row{"prompt", "1|8k", "0|2147483648|8kB"},
    Row{"batch", "1|2048|1024k", "0|1025k|2048.5"},
    Row{"ubatch", "1|512", "0|1048577|-512"},
    Row{"answer", "1|8k", "0|2147483648|8kB"},
    Row{"turns", "1|20", "0|100001|-1|1.5|"},
    Row{"prefix_cache", "on|off|true|false", kNoSwitch},
    Row{"draft_tokens", "0|1|64", "65|-1|"},
    Row{"acceptance", "0|0.75|1", "1.01|-0.1|75|75 %|nan|"},
    Row{"draft_model", "qwen3-0.6b|ngram", ""},
    Row{"draft_quantization", "Q8_0|bf16", ""},
    Row{"host_layers", "0|80|1000", "1001|-1|all"},
    Row{"host_experts", "0|60", "1001|-1|all"},
    Row{"replicas", "1|16", "0|17|-4"},
    Row{"sequence", "1|4096|16384k", "0|16385k|4096.5"},
    Row{"micro_batch", "1|64k", "0|65537|auto"},
    Row{"accumulation", "1|64k", "0|65537|auto"},
    Row{"global_batch", "1|16|1024k", "0|1025k|16.5|auto"},
    Row{"rank", "1|16|4096", "0|4097|r16"},
    Row{"flash_attention", "on|off|true|false", kNoSwitch},
    Row{"vision", "on|off|true|false", kNoSwitch},
    Row{"cuda_graphs", "on|off|true|false", kNoSwitch},
    Row{"double_quantization", "on|off|true|false", kNoSwitch},
    Row{"train_embeddings", "on|off|true|false", kNoSwitch},
    Row{"private", "on|off|true|false", kNoSwitch},
    Row{"kv_type", "f16|q8_0|q4_0|fp8|bf16|f32", kNoCache},
    Row{"key_type", "f16|q8_0|iq4_nl", kNoCache},
    Row{"value_type", "f16|q8_0|q5_1", kNoCache},
    Row{"memory_fraction", "0.05|0.9|1", "0|0.04|1.01|90|90 %|nan|"},
    Row{"frozen_share", "0|0.5|0.99", "1|-0.1|50|50 %|nan|"},
    Row{"growth_per_year", "-0.99|0|0.5|100", "-1|101|nan|50 %|"},
    Row{"split", "layer|tensor", "|row|none|Layer"},
    Row{"method", "full|lora|qlora", "|LoRA|dora|adapter"},
    Row{"recipe", "mixed|bf16|amp|fp32", "|fp16|mixed "},
    Row{"optimizer", "adamw|adamw-8bit|paged-adamw-8bit|adafactor|sgd|lion|muon|galore",
        "|Adam|adamw_8bit|adamw-2bit"},
    Row{"attention", "flash|sdpa|eager", "|flash2|sparse"},
    Row{"checkpointing", "none|full|selective|offloaded", "|on|yes|True"},
    Row{"loss", "plain|fused", "|liger|ce"},
    Row{"zero", "0|1|2|3|fsdp|none|zero1|zero2|zero3", "|4|-1|ZeRO-3|2.0"},
    Row{"offload_optimizer", "none|host|cpu|nvme", "|ram|disk|on"},
    Row{"offload_parameters", "none|host|cpu|nvme", "|ram|disk|on"},
    Row{"targets", "all-linear|all|attention|q|q,v|q, v |q,k,v,o,gate,up,down",
        "|q,|,q|qv|Q|q;v|q,,v|mlp|all,q"},
    Row{"sample_tokens", "1|300|2k", "0|-1|1.5|half|"},
    Row{"packing", "on|off|true|false", kNoSwitch},
    Row{"sample_bytes", "1 B|8 kB|2 MiB|1 GB", "|0|8|8 kb|-1 B|2 TB|8 kB/s"},
    Row{"samples", "1|10000|1e9", "0|1e16|all|-1|nan|"},
    Row{"epochs", "1|3|0.5", "0|-1|1e7|nan|"},
    Row{"save_every", "1|500|10k", "0|-1|0.5|never|"},
    Row{"machines", "1|2|4k", "0|-1|1.5|4097|two|"},
    Row{"network", "10 Gbit/s|10GbE|2.5 gbe|1.25 GB/s|400GbE",
        "|0|10|10 Gb/s|10 Gbit|GbE|-1GbE|0GbE|fast|1 kbit/s|20000GbE"},
    Row{"sync_every", "1|500|10k", "0|-1|1.5|never|"},
    Row{"hours_per_month", "0|160|744|0.5", "745|-1|24/7|nan|"},
    Row{"tokens_per_month", "0|1e9|1e15", "1e16|-1|1B|nan|"},
    Row{"target_tokens_per_s", "0|12.5", kNoNumber},
    Row{"target_ttft_s", "0|1.5", kNoNumber},
    Row{"target_hours_per_epoch", "0|8", kNoNumber},
    Row{"quantization", "Q4_K_M|bf16|awq-4bit", ""},
    Row{"engine", "llama.cpp|vllm", ""},
};

std::string problem_with(std::string_view name, std::string_view text) {
  const Setting* setting = find_setting(name);
  REQUIRE(setting != nullptr);
  Workload workload;
  return setting->apply(workload, text);
}

/// The text between two marks; empty when it has none.
std::string_view between(std::string_view text, std::string_view from, std::string_view to) {
  const std::size_t start = text.find(from);
  if (start == std::string_view::npos) return {};
  text.remove_prefix(start + from.size());
  return text.substr(0, text.find(to));
}

}  // namespace

TEST_CASE("every setting accepts what is right and refuses what is not") {
  std::set<std::string_view> tested;
  for (const Row& row : kRows) {
    CAPTURE(row.name);
    CHECK(tested.insert(row.name).second);
    for (const std::string_view good : split(row.good, '|')) {
      CAPTURE(good);
      CHECK(problem_with(row.name, good).empty());
    }
    if (row.bad.empty()) continue;  // names are looked up later, against the catalogue
    for (const std::string_view bad : split(row.bad, '|')) {
      CAPTURE(bad);
      CHECK_FALSE(problem_with(row.name, bad).empty());
    }
  }
  CHECK(tested.size() == settings().size());
}

TEST_CASE("no count is a text, a part of a number or out of this world") {
  for (const char* name : {"context", "sequences", "devices", "rank", "replicas"}) {
    CAPTURE(name);
    for (const std::string_view bad : split(kNoCount, '|')) {
      CAPTURE(bad);
      CHECK_FALSE(problem_with(name, bad).empty());
    }
  }
}

TEST_CASE("names are unique and can be flags and keys") {
  std::set<std::string_view> names;
  for (const Setting& setting : settings()) {
    CAPTURE(setting.name);
    CHECK(names.insert(setting.name).second);
    CHECK(setting.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string_view::npos);
    CHECK(find_setting(setting.name) == &setting);
    std::string flag(setting.name);
    std::replace(flag.begin(), flag.end(), '_', '-');
    CHECK(find_setting(flag) == &setting);
    CHECK_FALSE(setting.value.empty());
    CHECK_FALSE(setting.help.empty());
    CHECK(std::string_view("ifb").find(setting.applies_to) != std::string_view::npos);
  }
  for (const char* unknown : {"", "contxt", "Context", "--context", "context ", "model", "name"}) {
    CHECK(find_setting(unknown) == nullptr);
  }
}

TEST_CASE("the words a setting offers are accepted") {
  for (const Setting& setting : settings()) {
    CAPTURE(setting.name);
    for (const std::string_view word : split(setting.value, '|')) {
      if (lower(word) == word) CHECK(problem_with(setting.name, word).empty());
    }
    const std::string problem = problem_with(setting.name, "?");
    const std::string_view offered = between(problem, "one of: ", "\n");
    if (offered.empty()) continue;
    for (const std::string_view word : split(offered, ',')) {
      CAPTURE(word);
      CHECK(problem_with(setting.name, trim(word)).empty());
    }
  }
}

TEST_CASE("the range a setting states is the range it accepts") {
  int ranges = 0;
  for (const Setting& setting : settings()) {
    const std::string problem = problem_with(setting.name, "?");
    const std::string low(between(problem, " from ", " to "));
    const std::string high(between(problem, " to ", "\n"));
    if (low.empty()) continue;
    CAPTURE(problem);
    ++ranges;
    CHECK(problem_with(setting.name, low).empty());
    CHECK(problem_with(setting.name, high).empty());
    CHECK_FALSE(problem_with(setting.name, fmt::format("{}", *parse_number(low) - 1)).empty());
    CHECK_FALSE(problem_with(setting.name, fmt::format("{}", *parse_number(high) * 2)).empty());
  }
  CHECK(ranges >= 20);
}

TEST_CASE("a message quotes what was written") {
  CHECK(problem_with("context", "0") == "\"0\" is no whole number from 1 to 2147483648");
  CHECK(problem_with("memory_fraction", "90 %") == "\"90 %\" is no number from 0.05 to 1");
  CHECK(problem_with("vision", "yes") == "\"yes\" is neither on nor off");
  CHECK(problem_with("method", "dora") == "\"dora\" is unknown; one of: full, lora, qlora");
  CHECK(problem_with("targets", "q,mlp") ==
        "\"mlp\" is no LoRA target; write all-linear, attention, or some of q,k,v,o,gate,up,down");
  CHECK(
      problem_with("key_type", "int4").starts_with("\"int4\" is no cache type; one of: f32, f16"));
}

TEST_CASE("a setting changes what its name says") {
  Workload w;
  for (const auto& [name, text] :
       {std::pair{"context", "32k"}, std::pair{"kv-type", "q8_0"}, std::pair{"value-type", "q4_0"},
        std::pair{"ubatch", "1024"}, std::pair{"devices", "0"}, std::pair{"zero", "fsdp"},
        std::pair{"host-experts", "12"}, std::pair{"split", "tensor"}, std::pair{"targets", "q, v"},
        std::pair{"private", "on"}}) {
    CHECK(find_setting(name)->apply(w, text).empty());
  }
  CHECK(w.inference.context == 32768);
  CHECK(w.context_is_set);
  CHECK(w.inference.key_type.bytes_per_element == 1.0625);    // (32 + 2) / 32
  CHECK(w.inference.value_type.bytes_per_element == 0.5625);  // (16 + 2) / 32
  CHECK(w.inference.key_type.quantized);
  CHECK(w.inference.micro_batch == 1024);
  CHECK(w.wish.devices == 0);
  CHECK(w.wish.sharding == Sharding::fsdp);
  CHECK(w.wish.host_expert_layers == 12);
  CHECK(w.wish.split == Split::tensor);
  CHECK(w.finetune.targets == std::array<bool, kTargets>{true, false, true});
  CHECK(w.keep_private);
}

TEST_CASE("what a search would vary is remembered once the user fixed it") {
  Workload w;
  CHECK(w.given.empty());
  for (const auto& [name, text] :
       {std::pair{"kv-type", "f16"}, std::pair{"key_type", "q8_0"}, std::pair{"ubatch", "512"},
        std::pair{"micro_batch", "1"}, std::pair{"checkpointing", "full"}}) {
    CHECK(find_setting(name)->apply(w, text).empty());
  }
  for (const char* fixed : {"kv_type", "ubatch", "micro_batch", "checkpointing"})
    CHECK(w.is_given(fixed));  // even where it is what stands there anyway
  CHECK(w.given.size() == 4);
  CHECK_FALSE(w.is_given("accumulation"));
  CHECK_FALSE(find_setting("accumulation")->apply(w, "0").empty());
  CHECK_FALSE(w.is_given("accumulation"));
}

TEST_CASE("what is refused changes nothing") {
  Workload w;
  const Workload untouched;
  for (const char* name :
       {"context", "devices", "memory_fraction", "targets", "kv_type", "split"}) {
    CHECK_FALSE(find_setting(name)->apply(w, "?").empty());
  }
  CHECK(w.inference.context == untouched.inference.context);
  CHECK_FALSE(w.context_is_set);
  CHECK_FALSE(w.wish.devices.has_value());
  CHECK(w.inference.memory_fraction == untouched.inference.memory_fraction);
  CHECK(w.finetune.targets == untouched.finetune.targets);
  CHECK(w.inference.key_type.bytes_per_element == 2.0);
  CHECK_FALSE(w.wish.split.has_value());
}

}  // namespace rigor::workload
