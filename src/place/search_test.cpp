#include "place/search.hpp"

#include <algorithm>
#include <set>

#include "place/rank.hpp"
#include "place/search_fixture.hpp"

namespace rigor::place {
namespace {

using doctest::Approx;
using workload::Checkpointing;
using workload::Kind;
using workload::Method;
using workload::Offload;
using workload::Sharding;

const std::vector<std::string> kPair = {"rtx-5060-ti-16gb", "rtx-5060-ti-16gb"};

}  // namespace

TEST_CASE("the pace of a choice is the speed that is printed for it") {
  for (const int sequences : {1, 8}) {
    Searched asked({"rtx-3090", "rtx-4090"}, "llama-3.1-8b", "q4_k_m", "engine/llama.cpp");
    asked.question.workload.inference.sequences = sequences;
    for (const std::optional<Watts> limit : {std::optional<Watts>{}, std::optional(250 * watt)}) {
      asked.question.workload.power_limit = limit;
      const SearchSpace space = asked.space();
      const Found found = asked.found();
      REQUIRE(found.choices.size() > 20);
      for (std::size_t i = 0; i < found.choices.size(); i += 7) {
        const Choice& c = found.choices[i];
        const Question q = with_settings(asked.question, space, c);
        const estimate::SpeedRig machine = speed_rig(q, search_calibration());
        const InferenceSpeed speed = inference_speed(q, c.placement, machine, search_calibration());
        CHECK(c.tokens_per_s == Approx(speed.aggregate.expected).epsilon(1e-12));
      }
    }
  }
  Searched asked(kPair, "deepseek-coder-1.3b", "bf16", "engine/deepspeed", Kind::finetune);
  asked.question.workload.finetune.accumulation = 8;
  const SearchSpace space = asked.space();
  for (const Choice& c : asked.found().choices) {
    const Question q = with_settings(asked.question, space, c);
    const TrainingSpeed speed = training_speed(q, c.placement, search_calibration());
    CHECK(c.tokens_per_s == Approx(speed.tokens.expected).epsilon(1e-12));
  }
}

TEST_CASE("what the user fixed stays, and what he left open is tried") {
  Searched asked({"rtx-4090"}, "llama-3.1-8b", "q4_k_m", "engine/llama.cpp");
  SearchSpace space = asked.space();
  CHECK(space.caches.size() == 3);
  CHECK(space.computed_tokens == std::vector<int>{128, 256, 512, 1024, 2048, 4096});
  asked.question.workload.given = {"kv_type", "ubatch"};
  asked.question.workload.inference.key_type = {1.0625, true};
  asked.question.workload.inference.micro_batch = 384;
  space = asked.space();
  REQUIRE(space.caches.size() == 1);
  CHECK(space.caches[0].key.bytes_per_element == 1.0625);
  CHECK(space.caches[0].value.bytes_per_element == 2);
  CHECK(space.computed_tokens.empty());
  const Found found = asked.found();
  REQUIRE(found.choices.size() == 1);
  CHECK(found.choices[0].computed_tokens == 384);
  CHECK(found.choices[0].changed == 0);
  asked.question.workload.given = {};
  asked.question.workload.inference.flash_attention = false;  // no quantized values then
  CHECK(asked.space().caches.size() == 1);
  asked.question.workload.inference.micro_batch = 512;
  asked.question.workload.inference.context = 300;
  CHECK(asked.space().computed_tokens == std::vector<int>{128, 256, 512});
  asked.question.workload.inference.context = 100;  // 512 stands there and is no change
  CHECK(asked.space().computed_tokens == std::vector<int>{128, 512});
  CHECK(asked.found().choices.front().computed_tokens == 512);
  Searched served({"rtx-4090"}, "llama-3.1-8b", "bf16", "engine/vllm");
  served.question.workload.inference.context = 2048;
  CHECK(served.found().choices.front().computed_tokens == 0);  // the engine's default
  CHECK(served.found().choices.front().changed == 0);
}

TEST_CASE("nothing goes to the host where devices hold it all, else no more than must") {
  Searched small({"rtx-4090"}, "llama-3.1-8b", "q4_k_m", "engine/llama.cpp");
  for (const Choice& c : small.found().choices) CHECK(c.placement.host_layers == 0);
  Searched large({"rtx-4090"}, "llama-3.1-70b", "q4_k_m", "engine/llama.cpp");
  const Found found = large.found(), all = large.found(Pruning::off);
  REQUIRE_FALSE(found.choices.empty());
  CHECK(found.choices.size() == all.choices.size());
  CHECK(10 * found.evaluated < all.evaluated);  // the first thirty steps and more are not tried
  for (const Choice& c : found.choices) {
    CHECK(c.placement.host_layers > 30);
    workload::Placement fewer = c.placement;
    --fewer.host_layers;
    split_layers(large.question, fewer);
    const Question q = with_settings(large.question, large.space(), c);
    CHECK(evaluate(q, fewer).verdict.fit != estimate::Fit::fits);
  }
  Searched routed({"rtx-4090"}, "qwen3-30b-a3b", "q8_0", "engine/llama.cpp");
  const Choice best = routed.found().choices.front();
  CHECK(best.placement.host_expert_layers > 0);
  CHECK(best.placement.host_layers == 0);
}

TEST_CASE("of unequal cards every set is tried, and layers by memory and by bandwidth") {
  Searched asked({"rtx-5060-ti-16gb", "rtx-4090"}, "llama-3.1-8b", "q4_k_m", "engine/llama.cpp");
  std::set<std::vector<int>> sets;
  std::set<int> firsts;
  for (const detail::Layout& layout : detail::layouts(asked.question, asked.space())) {
    std::vector<int> set;
    for (int d = 0; d < layout.placement.devices; ++d) set.push_back(layout.placement.device[d]);
    sets.insert(set);
    if (set.size() == 2) firsts.insert(layout.placement.layers[0]);
  }
  CHECK(sets == std::set<std::vector<int>>{{0}, {1}, {0, 1}});
  // 33 pieces: 448 of 448 + 1008 GB/s are 10.2; 15.9 of 15.9 + 24 GB of memory about 13.2.
  CHECK(firsts == std::set<int>{11, 14});
  // The faster card alone: the first in the rig is not the one to take.
  CHECK(asked.found().choices.front().placement.device[0] == 1);
  CHECK(asked.found().choices.front().placement.devices == 1);
}

TEST_CASE("a loss of quality has to be worth it") {
  Choice plain{.tokens_per_s = 100}, lossy{.tokens_per_s = 149, .loss = 0.01};
  CHECK(worth(plain) == 100);
  CHECK(worth(lossy) == Approx(149 / 1.5));
  Searched asked({"rtx-4090"}, "llama-3.1-8b", "q4_k_m", "engine/llama.cpp");
  asked.question.workload.inference.context = 131072;
  const SearchSpace space = asked.space();
  // 16 GiB of cache beside 4.6 GiB of weights in f16: fits. With one half more it does not.
  CHECK(asked.found().choices.front().loss == 0);
  asked.question.workload.inference.sequences = 2;
  const Choice best = asked.found().choices.front();
  CHECK(space.caches[best.cache].name == "q8_0");
  CHECK(best.placement.host_layers == 0);
}

TEST_CASE("micro-batch, accumulation and devices make up the global batch") {
  Searched asked(kPair, "deepseek-coder-1.3b", "bf16", "engine/deepspeed", Kind::finetune);
  workload::Workload& w = asked.question.workload;
  w.finetune.method = Method::lora;
  w.finetune.sequence = 512;  // eight of them fit one card
  w.finetune.accumulation = 4;
  CHECK(asked.space().global_batch == 8);
  std::set<std::pair<int, int>> one, two;
  for (const Choice& c : asked.found().choices) {
    CHECK(c.micro_batch * c.accumulation * c.placement.data == 8);
    (c.placement.data == 1 ? one : two).insert({c.micro_batch, c.accumulation});
  }
  CHECK(one == std::set<std::pair<int, int>>{{1, 8}, {2, 4}, {4, 2}, {8, 1}});
  CHECK(two == std::set<std::pair<int, int>>{{1, 4}, {2, 2}, {4, 1}});
  w.given = {"micro_batch"};
  for (const Choice& c : asked.found().choices) CHECK(c.micro_batch == 1);
  w.given = {"accumulation"};
  for (const Choice& c : asked.found().choices) CHECK(c.accumulation == 4);
  w.given = {};
  w.wish.data = 2;
  for (const Choice& c : asked.found().choices) CHECK(c.placement.data == 2);
}

TEST_CASE("a stated global batch sets the accumulation, or says why it cannot") {
  Searched asked(kPair, "deepseek-coder-1.3b", "bf16", "engine/deepspeed", Kind::finetune);
  workload::Workload& w = asked.question.workload;
  CHECK_FALSE(states_batch(w));
  CHECK(usual_global_batch(asked.question) == 16);
  w.global_batch = 24;
  CHECK(states_batch(w));
  CHECK(apply_global_batch(asked.question).empty());
  CHECK(w.finetune.accumulation == 12);
  w.global_batch = 7;
  CHECK(apply_global_batch(asked.question) ==
        "global_batch 7 is no multiple of micro_batch 1 x 2 copies");
  w.global_batch = 8;
  w.given = {"accumulation"};
  w.finetune.accumulation = 3;
  CHECK_FALSE(apply_global_batch(asked.question).empty());
  w.finetune.accumulation = 4;
  CHECK(apply_global_batch(asked.question).empty());
}

TEST_CASE("sharding is chosen where it pays, and offload where it must be") {
  Searched asked(kPair, "deepseek-coder-6.7b", "bf16", "engine/deepspeed", Kind::finetune);
  asked.question.workload.finetune.method = Method::qlora;
  asked.question.workload.finetune.accumulation = 8;
  // 3.6 GiB of weights fit each card: dividing them only sends them around.
  CHECK(asked.found().choices.front().placement.sharding == Sharding::none);
  asked.question.workload.finetune.method = Method::full;
  asked.question.host.memory = 256 * GiB;
  const Found full = asked.found();
  REQUIRE_FALSE(full.choices.empty());
  for (const Choice& c : full.choices) CHECK(c.placement.optimizer == Offload::host);
  CHECK(full.choices.front().placement.sharding == Sharding::zero3);
}

TEST_CASE("a search that finds nothing says so") {
  Searched asked({"rtx-5060-ti-16gb"}, "llama-3.1-405b", "q4_k_m", "engine/llama.cpp");
  const Found found = asked.found();
  CHECK(found.choices.empty());
  CHECK(found.evaluated > 0);
}

}  // namespace rigor::place
