// The search against trying everything.
#include <rapidcheck.h>

#include "place/front.hpp"
#include "place/search_fixture.hpp"

namespace rigor::place {
namespace {

using workload::Kind;
using workload::Method;

template <class T>
T any_of(std::vector<T> values) {
  return *rc::gen::elementOf(std::move(values));
}

std::vector<std::string> any_cards() {
  std::vector<std::string> cards;
  for (int left = *rc::gen::inRange(1, 4); left > 0; --left)
    cards.push_back(any_of<std::string>({"rtx-5060-ti-16gb", "rtx-3090", "rtx-4090"}));
  return cards;
}

struct Served {
  const char *network, *quantization, *engine;
};

void any_machine(Searched& asked) {
  asked.question.host.memory = any_of<double>({0, 8, 32, 64, 256}) * GiB;
  asked.question.display_device = any_of<int>({-1, 0});
  asked.question.display_reserve = 0.7 * GiB;
}

void any_serving(Searched& asked) {
  workload::Workload& w = asked.question.workload;
  w.inference.context = any_of<int>({100, 4096, 40000, 131072});
  w.inference.sequences = any_of<int>({1, 1, 6});
  w.inference.prompt = any_of<int>({0, 3000});
  w.inference.flash_attention = any_of<int>({0, 1, 1}) > 0;
  if (any_of<int>({0, 0, 1}) > 0) w.given.emplace_back("kv_type");
  if (any_of<int>({0, 0, 1}) > 0) w.given.emplace_back("ubatch");
  if (any_of<int>({0, 0, 0, 1}) > 0) w.wish.host_layers = 5;
  if (any_of<int>({0, 0, 0, 1}) > 0) w.wish.devices = 1;
}

void any_training(Searched& asked) {
  workload::Workload& w = asked.question.workload;
  workload::FineTune& task = w.finetune;
  task.method = any_of<Method>({Method::full, Method::lora, Method::qlora});
  task.recipe = any_of<workload::Recipe>({workload::Recipe::mixed, workload::Recipe::bf16});
  task.optimizer =
      any_of<workload::Optimizer>({workload::Optimizer::adamw, workload::Optimizer::adamw_8bit});
  task.attention = any_of<workload::Attention>(
      {workload::Attention::flash, workload::Attention::flash_repeated});
  task.batching =
      any_of<workload::Batching>({workload::Batching::packed, workload::Batching::padded});
  task.sequence = any_of<int>({256, 2048, 16384});
  task.accumulation = *rc::gen::inRange(1, 25);
  task.micro_batch = any_of<int>({1, 1, 2});
  if (any_of<int>({0, 0, 1}) > 0) w.given.emplace_back("checkpointing");
  if (any_of<int>({0, 0, 1}) > 0) w.given.emplace_back("micro_batch");
  if (any_of<int>({0, 0, 0, 1}) > 0) w.wish.optimizer = workload::Offload::host;
}

bool same(const Choice& a, const Choice& b) {
  return a.placement.devices == b.placement.devices && a.placement.device == b.placement.device &&
         a.placement.layers == b.placement.layers && a.placement.tensor == b.placement.tensor &&
         a.placement.data == b.placement.data && a.placement.sharding == b.placement.sharding &&
         a.placement.optimizer == b.placement.optimizer &&
         a.placement.parameters == b.placement.parameters &&
         a.placement.host_layers == b.placement.host_layers &&
         a.placement.host_expert_layers == b.placement.host_expert_layers && a.cache == b.cache &&
         a.computed_tokens == b.computed_tokens && a.micro_batch == b.micro_batch &&
         a.accumulation == b.accumulation && a.checkpointing == b.checkpointing &&
         a.headroom == b.headroom && a.tokens_per_s == b.tokens_per_s && a.loss == b.loss &&
         a.changed == b.changed && a.on_front == b.on_front;
}

void check_exact(const Searched& asked) {
  const Found pruned = asked.found(), all = asked.found(Pruning::off);
  RC_ASSERT(pruned.evaluated <= all.evaluated);
  RC_ASSERT(pruned.choices.size() == all.choices.size());
  for (std::size_t i = 0; i < all.choices.size(); ++i)
    RC_ASSERT(same(pruned.choices[i], all.choices[i]));
}

/// What is said of a choice holds for the question with its settings.
void check_honest(const Searched& asked) {
  const SearchSpace space = asked.space();
  const Found found = asked.found();
  std::vector<FrontPoint> points;
  for (const Choice& c : found.choices)
    points.push_back({c.tokens_per_s, c.headroom.in(byte), c.loss});
  for (std::size_t i = 0; i < found.choices.size(); ++i) {
    const Choice& c = found.choices[i];
    const Question question = with_settings(asked.question, space, c);
    const Answer answer = evaluate(question, c.placement);
    RC_ASSERT(answer.verdict.fit == estimate::Fit::fits);
    RC_ASSERT(answer.verdict.headroom == c.headroom);
    bool beaten = false;
    for (const FrontPoint& other : points) beaten = beaten || dominates(other, points[i]);
    RC_ASSERT(c.on_front == !beaten);
    if (question.workload.kind == Kind::finetune)
      RC_ASSERT(c.micro_batch * c.accumulation * c.placement.data == space.global_batch);
  }
}

}  // namespace

TEST_CASE("serving: pruned search finds what trying everything finds") {
  CHECK(rc::check([] {
    const Served what = any_of<Served>({{"llama-3.2-1b", "q8_0", "engine/llama.cpp"},
                                        {"llama-3.1-8b", "gguf-bf16", "engine/llama.cpp"},
                                        {"qwen2.5-32b", "q4_k_m", "engine/llama.cpp"},
                                        {"gpt-oss-20b", "mxfp4_moe", "engine/llama.cpp"},
                                        {"qwen3-30b-a3b", "q8_0", "engine/llama.cpp"},
                                        {"llama-3.1-8b", "bf16", "engine/vllm"},
                                        {"llama-3.1-8b", "exl3-6.0bpw", "engine/exllamav3"}});
    Searched asked(any_cards(), what.network, what.quantization, what.engine);
    any_machine(asked);
    any_serving(asked);
    check_exact(asked);
  }));
}

TEST_CASE("training: pruned search finds what trying everything finds") {
  CHECK(rc::check([] {
    const char* network = any_of<const char*>({"deepseek-coder-1.3b", "deepseek-coder-6.7b"});
    const char* engine =
        any_of<const char*>({"engine/deepspeed", "engine/fsdp", "engine/trl", "engine/unsloth"});
    Searched asked(any_cards(), network, "bf16", engine, Kind::finetune);
    any_machine(asked);
    any_training(asked);
    check_exact(asked);
  }));
}

TEST_CASE("every choice fits as it says, keeps the global batch, and is on the front or beaten") {
  CHECK(rc::check([] {
    const bool trains = *rc::gen::arbitrary<bool>();
    Searched asked(any_cards(), trains ? "deepseek-coder-1.3b" : "llama-3.1-8b",
                   trains ? "bf16" : "q8_0", trains ? "engine/deepspeed" : "engine/llama.cpp",
                   trains ? Kind::finetune : Kind::inference);
    any_machine(asked);
    if (trains) {
      any_training(asked);
    } else {
      any_serving(asked);
    }
    check_honest(asked);
  }));
}

}  // namespace rigor::place
