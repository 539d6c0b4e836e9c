// Drafts, conversations and refusals of questions against what is built in.
#include "place/drafting.hpp"

#include <doctest/doctest.h>

#include "catalog/drafting_entry.hpp"
#include "catalogue_scene.hpp"
#include "place/conversation.hpp"
#include "place/refusal.hpp"
#include "place/speed.hpp"

namespace rigor::place {
namespace {

using doctest::Approx;
using scene::calibration;
using scene::catalogue;
using scene::library;
using workload::Drafter;

struct Asked {
  std::vector<hardware::Accelerator> cards;
  Question question;
  workload::Placement placement;
  workload::Inference& inference;

  Asked(const char* device, const char* network, const char* quantization, const char* engine)
      : inference(question.workload.inference) {
    cards.assign(1, *library().device(device));
    question.network = library().network(network, quantization);
    question.engine = library().engine(engine);
    REQUIRE(question.network != nullptr);
    REQUIRE(question.engine != nullptr);
    question.accelerators = cards;
    question.host = *library().processor("cpu/amd/ryzen-9-7950x");
    const auto table = catalog::draft_table(catalogue());
    REQUIRE(table.has_value());
    question.drafts = *table;
    inference.context = 8192;
    placement.devices = placement.pipeline = 1;
    placement.layers[0] = static_cast<std::int16_t>(question.network->layers.size());
  }
  Asked(const Asked&) = delete;
  Asked& operator=(const Asked&) = delete;

  [[nodiscard]] InferenceSpeed speed() const {
    return inference_speed(question, placement, speed_rig(question, calibration()), calibration());
  }
  [[nodiscard]] Conversation talk() const {
    const estimate::SpeedRig rig = speed_rig(question, calibration());
    return conversation(question, placement, rig,
                        inference_speed(question, placement, rig, calibration()));
  }
  void draft_with(const char* network, const char* quantization, int tokens) {
    question.draft = library().network(network, quantization);
    REQUIRE(question.draft != nullptr);
    inference.drafter = Drafter::network;
    inference.draft_tokens = tokens;
  }
};

Asked mtp() {
  return {"gpu/nvidia/rtx-5090", "qwen3.8-27b", "ud-q4_k_xl", "engine/llama.cpp"};
}

Asked large() {
  return {"gpu/nvidia/rtx-5090", "qwen2.5-32b", "q4_k_m", "engine/llama.cpp"};
}

}  // namespace

TEST_CASE("an MTP layer at the measured acceptance speeds up one user, with a wider interval") {
  Asked asked = mtp();
  const InferenceSpeed plain = asked.speed();
  asked.inference.draft_tokens = 2;
  const InferenceSpeed drafted = asked.speed();
  const Speculation& s = drafted.speculation;
  CHECK(plain.speculation.drafted == 0);
  CHECK(s.drafted == 2);
  CHECK(s.drafter == "its own MTP layer");
  CHECK_FALSE(s.stated);
  CHECK(s.plain.expected == plain.decode.expected);
  CHECK(drafted.decode.expected == Approx(plain.decode.expected * s.speed_up.expected));
  CHECK(s.speed_up.expected > 1.2);
  CHECK(s.speed_up.expected < s.tokens.expected);
  CHECK(s.tokens.expected / (s.draft.total() + s.verify.total()).in(second) ==
        Approx(drafted.decode.expected));
  CHECK(drafted.decode.high / drafted.decode.low > plain.decode.high / plain.decode.low);
  CHECK(drafted.prompt_time.total() > plain.prompt_time.total());
  CHECK(s.pays_up_to >= 1);
  asked.inference.acceptance = s.acceptance.expected;
  const InferenceSpeed stated = asked.speed();
  CHECK(stated.speculation.stated);
  CHECK(stated.decode.expected == Approx(drafted.decode.expected));
  CHECK(stated.decode.high / stated.decode.low < drafted.decode.high / drafted.decode.low);
}

TEST_CASE("acceptance 0 is never faster than no drafts, and 1 is the fastest") {
  for (const int users : {1, 4, 64}) {
    Asked asked = mtp();
    asked.inference.sequences = users;
    const double plain = asked.speed().aggregate.expected;
    asked.inference.draft_tokens = 4;
    double before = 0;
    for (const double acceptance : {0.0, 0.3, 0.6, 0.9, 1.0}) {
      CAPTURE(users);
      CAPTURE(acceptance);
      asked.inference.acceptance = acceptance;
      const double now = asked.speed().aggregate.expected;
      CHECK(now >= before);
      if (acceptance == 0) CHECK(now <= plain);
      before = now;
    }
  }
}

TEST_CASE("a draft network takes memory and time, and n-grams take neither") {
  Asked asked = large();
  const Answer alone = evaluate(asked.question, asked.placement);
  const double plain = asked.speed().decode.expected;
  asked.draft_with("qwen2.5-0.5b", "q8_0", 4);
  const Answer both = evaluate(asked.question, asked.placement);
  const auto draft = both.memory.device[0][estimate::Term::draft];
  CHECK(alone.memory.device[0][estimate::Term::draft].expected == Bytes{});
  CHECK(draft.expected > 0.5 * asked.question.draft->weights());
  CHECK((both.memory.device[0].total().expected - alone.memory.device[0].total().expected) ==
        draft.expected);
  asked.inference.acceptance = 0.8;
  const InferenceSpeed drafted = asked.speed();
  CHECK(drafted.decode.expected > plain);
  CHECK(drafted.speculation.draft.total() > Seconds{});
  asked.question.draft = nullptr;
  asked.inference.drafter = Drafter::ngram;
  const InferenceSpeed guessed = asked.speed();
  CHECK(guessed.decode.expected > drafted.decode.expected);
  CHECK(guessed.speculation.draft.total() == Seconds{});
  CHECK(evaluate(asked.question, asked.placement).memory.device[0].total().expected ==
        alone.memory.device[0].total().expected);
}

TEST_CASE("under vLLM a draft network takes its part of the pool") {
  Asked asked{"gpu/nvidia/h100-sxm-80gb", "qwen2.5-32b", "fp8", "engine/vllm"};
  asked.placement.tensor = 1;
  asked.placement.split = workload::Split::tensor;
  asked.inference.draft_tokens = 4;  // further graphs, whoever drafts
  asked.inference.drafter = Drafter::ngram;
  const auto before = evaluate(asked.question, asked.placement).memory.device[0];
  asked.draft_with("qwen2.5-0.5b", "bf16", 4);
  const auto after = evaluate(asked.question, asked.placement).memory.device[0];
  using estimate::Term;
  CHECK(after[Term::draft].expected > Bytes{});
  CHECK((after[Term::draft].expected + after[Term::cache_pool].expected).in(byte) ==
        Approx(before[Term::cache_pool].expected.in(byte)));
  CHECK(after.total().expected.in(byte) == Approx(before.total().expected.in(byte)));
}

TEST_CASE("what the network or the engine does not have is refused, with a way out") {
  const auto says = [](const Question& q, const char* words) {
    const std::string text = problem_with_network(q);
    CAPTURE(text);
    return text.find(words) != std::string::npos;
  };
  Asked asked = large();
  CHECK(problem_with_network(asked.question).empty());
  asked.inference.draft_tokens = 2;
  CHECK(says(asked.question, "no MTP layer"));
  asked.draft_with("llama-3.2-1b", "q8_0", 2);
  CHECK(says(asked.question, "vocabulary"));
  asked.draft_with("qwen2.5-0.5b", "awq-4bit-g128", 2);  // 151,936 of 152,064: padding
  CHECK(says(asked.question, "cannot load"));
  asked.draft_with("qwen2.5-0.5b", "q8_0", 2);
  CHECK(problem_with_network(asked.question).empty());
  asked.inference.vision = true;
  CHECK(says(asked.question, "no vision tower"));
  asked.inference.vision = false;
  REQUIRE(workload::find_setting("kv_type")->apply(asked.question.workload, "fp8").empty());
  CHECK(says(asked.question, "cache"));
  asked.question.engine = library().engine("engine/vllm");
  CHECK(problem_with_network(asked.question).empty());
  for (const char* form : {"gptq-4bit-g128", "exl3-4.0bpw", "awq-4bit-g128"}) {
    Asked other{"gpu/nvidia/rtx-5090", "qwen2.5-32b", form, "engine/llama.cpp"};
    CHECK(says(other.question, "cannot load"));
  }
}

TEST_CASE("a conversation: later turns wait longer, and longer still without a prefix cache") {
  Asked asked = mtp();
  CHECK(asked.talk().turns == 0);
  asked.inference.turns = 6;
  asked.inference.prompt = 600;
  asked.inference.answer = 300;
  const Conversation c = asked.talk();
  CHECK(c.held == 5400);
  CHECK(c.wall.low < c.wall.expected);
  CHECK(c.wall.expected < c.wall.high);
  CHECK(c.first.expected < c.last.expected);
  CHECK(c.rate.expected == Approx(1800 / c.wall.expected));
  asked.inference.prefix_cache = false;
  const Conversation anew = asked.talk();
  CHECK(anew.first.expected == Approx(c.first.expected));
  CHECK(anew.last.expected > 3 * c.last.expected);
  CHECK(anew.wall.expected > c.wall.expected);
  asked.inference.turns = 1;
  const Conversation one = asked.talk();
  const InferenceSpeed speed = asked.speed();
  const double seconds = speed.prompt_time.total().in(second) + 300 / speed.decode.expected;
  CHECK(one.wall.expected == Approx(seconds));
  asked.inference.draft_tokens = 2;
  CHECK(asked.talk().wall.expected < one.wall.expected);
}

TEST_CASE("the stated answer replaces the usual one") {
  Asked asked = mtp();
  const InferenceSpeed usual = asked.speed();
  CHECK(usual.answer == 512);
  asked.inference.answer = 64;
  const InferenceSpeed brief = asked.speed();
  CHECK(brief.depth == 512 + 32);
  CHECK(brief.aggregate.expected < usual.aggregate.expected);
}

}  // namespace rigor::place
