#include "place/rank.hpp"

#include <algorithm>

#include "place/search_fixture.hpp"

namespace rigor::place {
namespace {

using estimate::Fit;
using workload::Kind;

std::vector<Candidate> ranked(const Searched& asked) {
  return rank(asked.question, search_calibration());
}

void check_order(const std::vector<Candidate>& ranking) {
  for (std::size_t i = 2; i < ranking.size(); ++i)
    CHECK(ranking[i - 1].tokens_per_s >= ranking[i].tokens_per_s);
  const auto fastest = std::max_element(
      ranking.begin(), ranking.end(),
      [](const Candidate& a, const Candidate& b) { return a.tokens_per_s < b.tokens_per_s; });
  CHECK(ranking.front().tokens_per_s >= fastest->tokens_per_s / 1.03);
}

}  // namespace

TEST_CASE("all that fit are there, fastest first") {
  Searched asked({"rtx-3090", "rtx-3090", "rtx-3090", "rtx-3090"}, "llama-3.1-8b", "bf16",
                 "engine/vllm");
  asked.question.workload.inference.sequences = 4;
  const std::vector<Candidate> ranking = ranked(asked);
  // 1; 2 as 2x1 and 1x2; 3 as 1x3; 4 as 4x1, 2x2 and 1x4.
  CHECK(ranking.size() == 7);
  for (const Candidate& one : ranking) {
    CHECK(one.answer.verdict.fit == Fit::fits);
    CHECK(problem_with(asked.question, one.answer.placement).empty());
    CHECK(one.tokens_per_s > 0);
  }
  check_order(ranking);
  CHECK(ranking.front().answer.placement.tensor == 4);
}

TEST_CASE("of those as fast the fewest devices are taken, and the front says what more give") {
  Searched asked({"rtx-4090", "rtx-4090"}, "llama-3.1-8b", "q4_k_m", "engine/llama.cpp");
  const std::vector<Candidate> ranking = ranked(asked);
  REQUIRE(ranking.size() == 2);
  check_order(ranking);
  CHECK(ranking[0].answer.placement.devices == 1);
  CHECK(ranking[1].answer.placement.devices == 2);
  CHECK(ranking[1].answer.verdict.headroom > ranking[0].answer.verdict.headroom);
  CHECK(ranking[0].on_front);
  CHECK(ranking[1].on_front);
}

TEST_CASE("the rate is that of one user, of all of them, or of training") {
  Searched asked({"rtx-4090"}, "llama-3.1-8b", "q4_k_m", "engine/llama.cpp");
  const auto speed = [&](const Candidate& one) {
    const estimate::SpeedRig machine = speed_rig(asked.question, search_calibration());
    return inference_speed(asked.question, one.answer.placement, machine, search_calibration());
  };
  Candidate best = ranked(asked).front();
  CHECK(best.tokens_per_s == speed(best).decode.expected);
  asked.question.workload.inference.sequences = 4;
  best = ranked(asked).front();
  CHECK(best.tokens_per_s == speed(best).aggregate.expected);

  Searched training({"rtx-4090"}, "deepseek-coder-1.3b", "bf16", "engine/trl", Kind::finetune);
  training.question.workload.finetune.method = workload::Method::lora;
  best = ranked(training).front();
  CHECK(best.tokens_per_s ==
        training_speed(training.question, best.answer.placement, search_calibration())
            .tokens.expected);
}

TEST_CASE("when nothing fits, the nearest is the only one") {
  Searched asked({"rtx-5060-ti-16gb", "rtx-5060-ti-16gb"}, "llama-3.1-405b", "q4_k_m",
                 "engine/llama.cpp");
  const std::vector<Candidate> ranking = ranked(asked);
  REQUIRE(ranking.size() == 1);
  CHECK(ranking[0].answer.verdict.fit == Fit::does_not_fit);
  CHECK(ranking[0].answer.placement.devices == 2);
}

TEST_CASE("nothing trains without a card") {
  Searched asked({"rtx-3090"}, "llama-3.1-8b", "bf16", "engine/trl", Kind::finetune);
  asked.question.accelerators = {};
  const std::vector<Candidate> ranking = ranked(asked);
  REQUIRE(ranking.size() == 1);
  CHECK(ranking.front().answer.verdict.fit == Fit::does_not_fit);
  CHECK(ranking.front().answer.placement.devices == 0);
  CHECK(ranking.front().tokens_per_s == 0);
}

TEST_CASE("wishes are kept") {
  Searched asked({"rtx-3090", "rtx-3090", "rtx-3090", "rtx-3090"}, "llama-3.1-8b", "bf16",
                 "engine/vllm");
  asked.question.workload.wish.tensor = 2;
  for (const Candidate& one : ranked(asked)) CHECK(one.answer.placement.tensor == 2);
  asked.question.workload.wish = {};
  asked.question.workload.wish.devices = 2;
  for (const Candidate& one : ranked(asked)) CHECK(one.answer.placement.devices <= 2);
}

}  // namespace rigor::place
