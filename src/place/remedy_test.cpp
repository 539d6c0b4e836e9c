// Solving and ways out, on networks and devices of the catalogue.
#include "place/remedy.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <deque>
#include <map>

#include "adapters/toml/entry_reader.hpp"
#include "catalog/architecture_entry.hpp"
#include "catalog/catalog.hpp"
#include "catalog/engine_entry.hpp"
#include "catalog/parts.hpp"
#include "catalog/quantization_entry.hpp"

namespace rigor::place {
namespace {

using estimate::Fit;

/// Questions about catalogue entries; keeps alive what they point to.
class World {
 public:
  const estimate::Network* network(const std::string& model, const std::string& stored) {
    const std::string key = model + " " + stored;
    const auto found = networks_.find(key);
    if (found != networks_.end()) return &found->second;
    const auto architecture = catalog::to_architecture(**catalog_.find(model, "architecture"));
    const auto quantization = catalog::to_quantization(**catalog_.find(stored, "quantization"));
    return &networks_.emplace(key, estimate::make_network(*architecture, *quantization))
                .first->second;
  }
  Question question(const estimate::Network* network, const std::string& engine,
                    const std::string& card, int count) {
    Diagnostics diagnostics;
    Question question;
    question.network = network;
    question.engine =
        &engines_.emplace_back(catalog::to_engine(**catalog_.find(engine, "engine"), diagnostics));
    cards_.emplace_back(static_cast<std::size_t>(count),
                        catalog::to_accelerator(**catalog_.find(card, "gpu"), diagnostics));
    question.accelerators = cards_.back();
    question.host.memory = 128 * GiB;
    question.workload.kind =
        question.engine->trains() ? workload::Kind::finetune : workload::Kind::inference;
    REQUIRE_FALSE(diagnostics.has_errors());
    return question;
  }

 private:
  catalog::Catalog catalog_{catalog::packed_catalogue(), &adapters::read_entry};
  std::map<std::string, estimate::Network> networks_;
  std::deque<workload::Engine> engines_;
  std::deque<std::vector<hardware::Accelerator>> cards_;
};

struct Case {
  std::string model, stored, engine, card;
  int count;
};

const std::vector<Case>& cases() {
  static const std::vector<Case> list = {
      {"llama-3.1-8b", "Q4_K_M", "llama.cpp", "rtx 3060 12gb", 1},
      {"llama-3.1-70b", "Q4_K_M", "llama.cpp", "rtx 3090", 2},
      {"llama-3.1-70b", "Q8_0", "llama.cpp", "rtx 3090", 4},
      {"gemma-3-27b", "Q4_K_M", "llama.cpp", "rtx 4090", 1},
      {"qwen3-30b-a3b", "Q4_K_M", "llama.cpp", "rtx 5090", 1},
      {"qwen3-next-80b-a3b", "Q4_K_M", "llama.cpp", "gpu/nvidia/rtx-pro-6000-blackwell-max-q", 1},
      {"deepseek-v3", "Q4_K_M", "llama.cpp", "gpu/nvidia/rtx-pro-6000-blackwell-max-q", 8},
      {"llama-3.1-8b", "bf16", "vllm", "rtx 4090", 1},
      {"llama-3.1-70b", "awq-4bit-g128", "vllm", "rtx 3090", 4},
      {"llama-3.1-8b", "bf16", "trl", "rtx 4090", 1},
  };
  return list;
}

bool fits(const Question& question) {
  return choose(question).verdict.fit == Fit::fits;
}

void set_context(Question& question, std::int64_t context) {
  question.workload.inference.context = context;
  question.workload.finetune.sequence = static_cast<int>(context);
}

}  // namespace

TEST_CASE("a solved context fits and one step more does not") {
  World world;
  for (const Case& c : cases()) {
    CAPTURE(c.model);
    CAPTURE(c.engine);
    Question question = world.question(world.network(c.model, c.stored), c.engine, c.card, c.count);
    if (question.engine->trains()) question.workload.finetune.method = workload::Method::qlora;
    const auto context = largest_context(question);
    REQUIRE(context.has_value());
    set_context(question, *context);
    CHECK(fits(question));
    if (*context + kContextStep > question.network->architecture.context)
      continue;  // the network's own limit
    set_context(question, *context + kContextStep);
    CHECK_FALSE(fits(question));
  }
}

TEST_CASE("a solved batch fits and one more does not; a solved count of devices is the fewest") {
  World world;
  Question question =
      world.question(world.network("llama-3.1-8b", "Q4_K_M"), "llama.cpp", "rtx 4090", 1);
  question.workload.inference.context = 8192;
  const auto sequences = largest_batch(question);
  REQUIRE(sequences.has_value());
  question.workload.inference.sequences = static_cast<int>(*sequences);
  CHECK(fits(question));
  question.workload.inference.sequences += 1;
  CHECK_FALSE(fits(question));

  Question large =
      world.question(world.network("llama-3.1-70b", "Q8_0"), "llama.cpp", "rtx 3090", 16);
  const auto fewest = fewest_devices(large, large.accelerators[0]);
  REQUIRE(fewest.has_value());
  CHECK(*fewest >= 4);  // 75 GB of weights on 24 GiB cards
  large.accelerators = large.accelerators.first(static_cast<std::size_t>(*fewest));
  CHECK(fits(large));
  large.accelerators = large.accelerators.first(static_cast<std::size_t>(*fewest) - 1);
  CHECK_FALSE(fits(large));
}

TEST_CASE("ways out are offered only when needed, and each one that says fits does fit") {
  World world;
  Question question =
      world.question(world.network("llama-3.1-70b", "Q4_K_M"), "llama.cpp", "rtx 4090", 1);
  question.workload.inference.context = 8192;
  Alternatives alternatives;
  alternatives.quantizations = {"Q8_0", "Q4_K_M", "IQ2_XXS"};
  alternatives.network = [&](const std::string& name) {
    return world.network("llama-3.1-70b", name);
  };
  const Answer answer = choose(question);
  CHECK(answer.verdict.fit == Fit::does_not_fit);
  const std::vector<Remedy> ways = remedies(question, answer, alternatives, 10);
  REQUIRE_FALSE(ways.empty());
  CHECK(ways.front().fit == Fit::fits);
  const auto offers = [&](const std::string& words) {
    return std::any_of(ways.begin(), ways.end(),
                       [&](const Remedy& w) { return w.change.find(words) != std::string::npos; });
  };
  CHECK(offers("--quantization IQ2_XXS"));
  CHECK(offers("--host-layers"));
  CHECK(offers("in all"));
  question.network = world.network("llama-3.1-70b", "IQ2_XXS");
  CHECK(fits(question));
  CHECK(remedies(question, choose(question), alternatives).empty());
}

TEST_CASE("more context, sequences or ubatch never needs less") {
  World world;
  rc::check("monotonic", [&] {
    const Case c = *rc::gen::elementOf(cases());
    Question question = world.question(world.network(c.model, c.stored), c.engine, c.card, c.count);
    if (question.engine->trains()) return;
    workload::Inference& inference = question.workload.inference;
    inference.context = *rc::gen::inRange<std::int64_t>(1, 200000);
    inference.sequences = *rc::gen::inRange(1, 8);
    inference.micro_batch = *rc::gen::inRange(1, 2048);
    question.workload.wish.devices = c.count;
    const Answer before = choose(question);
    inference.context += *rc::gen::inRange<std::int64_t>(0, 50000);
    inference.sequences += *rc::gen::inRange(0, 3);
    inference.micro_batch += *rc::gen::inRange(0, 512);
    const Answer after = evaluate(question, before.placement);
    const auto total = [](const Answer& a) {
      Bytes sum = a.memory.host.total().expected;
      for (int d = 0; d < a.memory.devices; ++d)
        sum += a.memory.device[static_cast<std::size_t>(d)].total().expected;
      return sum;
    };
    RC_ASSERT(total(after) >= total(before) * (1 - 1e-12));
  });
}

TEST_CASE("an estimate's terms sum to its totals, low below expected below high") {
  World world;
  for (const Case& c : cases()) {
    const Question question =
        world.question(world.network(c.model, c.stored), c.engine, c.card, c.count);
    const Answer answer = choose(question);
    for (int d = 0; d < answer.memory.devices; ++d) {
      const estimate::DeviceMemory& memory = answer.memory.device[static_cast<std::size_t>(d)];
      estimate::Interval sum;
      for (int t = 0; t < estimate::kTerms; ++t) {
        const auto name = static_cast<estimate::Term>(t);
        const estimate::Interval& term = memory[name];
        CAPTURE(c.model);
        CAPTURE(estimate::to_text(name));
        // A preallocated pool is what the other terms leave: the larger they are, the smaller it
        // is.
        const bool rest = name == estimate::Term::cache_pool;
        CHECK((rest ? term.high : term.low) <= term.expected);
        CHECK(term.expected <= (rest ? term.low : term.high));
        sum += term;
      }
      CHECK(sum == memory.total());
    }
  }
}

}  // namespace rigor::place
