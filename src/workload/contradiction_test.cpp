// Settings that cannot hold together.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "workload/workload.hpp"

namespace rigor::workload {
namespace {

struct Set {
  std::string_view name, text;
};

/// What contradicts itself in a fine-tuning task with these settings.
std::string of(const std::vector<Set>& sets) {
  Workload workload{.kind = Kind::finetune};
  for (const auto& [name, text] : sets) {
    CAPTURE(name);
    const Setting* setting = find_setting(name);
    REQUIRE(setting != nullptr);
    REQUIRE(setting->apply(workload, text).empty());
  }
  return contradiction(workload);
}

bool says(const std::string& text, std::string_view words) {
  return text.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("training needs a device, and a rank needs adapters") {
  CHECK(says(of({{"devices", "0"}}), "without an accelerator"));
  CHECK(of({{"devices", "1"}}).empty());
  CHECK(says(of({{"method", "full"}, {"rank", "8"}}), "rank is for the methods lora and qlora"));
  CHECK(says(of({{"rank", "16"}}), "rank is for"));  // full is the default
  CHECK(of({{"method", "full"}}).empty());
  CHECK(of({{"method", "full"}, {"rank", "8"}, {"optimizer", "galore"}}).empty());
  CHECK(of({{"method", "lora"}, {"rank", "8"}}).empty());
  CHECK(of({{"rank", "8"}, {"method", "qlora"}}).empty());
}

TEST_CASE("samples fit their sequence; several machines need to be said") {
  CHECK(says(of({{"sequence", "1024"}, {"sample_tokens", "1025"}}), "more than the sequence"));
  CHECK(of({{"sequence", "1024"}, {"sample_tokens", "1024"}}).empty());
  CHECK(says(of({{"sync_every", "2"}}), "add machines"));
  CHECK(says(of({{"network", "10GbE"}}), "add machines"));
  CHECK(of({{"sync_every", "1"}}).empty());
  CHECK(of({{"sync_every", "500"}, {"machines", "2"}, {"network", "1 Gbit/s"}}).empty());
}

TEST_CASE("serving without devices is no contradiction") {
  Workload workload;
  workload.wish.devices = 0;
  CHECK(contradiction(workload).empty());
}

TEST_CASE("drafts are counted, or not described at all") {
  const auto served = [](const std::vector<Set>& sets) {
    Workload workload;
    for (const auto& [name, text] : sets) {
      CAPTURE(name);
      REQUIRE(find_setting(name)->apply(workload, text).empty());
    }
    return contradiction(workload);
  };
  CHECK(says(served({{"draft_model", "qwen3-0.6b"}}), "needs draft_tokens"));
  CHECK(says(served({{"acceptance", "0.7"}}), "add draft_tokens"));
  CHECK(served({{"acceptance", "0.7"}, {"draft_tokens", "4"}}).empty());
  CHECK(served({{"draft_model", "ngram"}, {"draft_tokens", "4"}}).empty());
  Workload workload;
  CHECK_FALSE(find_setting("acceptance")->apply(workload, "1.1").empty());
  CHECK_FALSE(find_setting("acceptance")->apply(workload, "-0.1").empty());
  CHECK(find_setting("acceptance")->apply(workload, "1").empty());
  CHECK(find_setting("draft_model")->apply(workload, "ngram").empty());
  CHECK(workload.inference.drafter == Drafter::ngram);
}

TEST_CASE("a conversation says what a turn is, and lies in its context") {
  const auto talk = [](int turns, int prompt, int answer, int context) {
    Workload workload;
    workload.inference.turns = turns;
    workload.inference.prompt = prompt;
    workload.inference.answer = answer;
    workload.inference.context = context;
    return contradiction(workload);
  };
  CHECK(says(talk(3, 0, 100, 4096), "needs prompt and answer"));
  CHECK(says(talk(3, 100, 0, 4096), "needs prompt and answer"));
  CHECK(talk(8, 256, 256, 4096).empty());
  const std::string outgrown = talk(10, 256, 256, 4096);
  CHECK(says(outgrown, "hold 5120 tokens"));
  CHECK(says(outgrown, "--context 5120"));
  CHECK(says(outgrown, "8 turns"));
  Workload workload;
  workload.inference.prefix_cache = false;
  CHECK(says(contradiction(workload), "add turns"));
}

TEST_CASE("network rates are bits or bytes per second, or Ethernet's name") {
  const auto in_gbits = [](std::string_view text) {
    const Result<BytesPerSecond> rate = parse_line_rate(text);
    REQUIRE(rate.has_value());
    return *rate / BytesPerSecond::from_base(1.25e8);
  };
  CHECK(in_gbits("10 Gbit/s") == doctest::Approx(10));
  CHECK(in_gbits("10GbE") == doctest::Approx(10));
  CHECK(in_gbits("2.5 GbE") == doctest::Approx(2.5));
  CHECK(in_gbits("1.25 GB/s") == doctest::Approx(10));
}

}  // namespace rigor::workload
