// Laws that hold for every network, machine and request.
#include <doctest/doctest.h>

#include <cmath>

#include "estimate/speed/inference_speed.hpp"
#include "estimate/speed/speed_fixture.hpp"

namespace rigor::estimate {
namespace {

/// Sums of doubles in another order differ in the last bits.
bool no_more(Seconds less, Seconds more) {
  return less <= more * (1 + 1e-9);
}

/// A network over one to four stages of its own machines; the case points into the scene.
struct Scene {
  Operations operations = any_operations();
  std::vector<Executor> executors;
  SpeedCase input;

  Scene() {
    input.operations = &operations;
    input.stages = *rc::gen::inRange(1, 5);
    for (int i = 0; i < input.stages; ++i) executors.push_back(any_executor());
    for (int i = 0; i < input.stages; ++i) {
      SpeedStage& stage = input.stage[static_cast<std::size_t>(i)];
      stage.executor = &executors[static_cast<std::size_t>(i)];
      stage.layers = stage.experts = 1.0 / input.stages;
      stage.has_head = i == input.stages - 1;
      stage.ways = *rc::gen::inRange(1, 5);
    }
    SpeedStage& last = input.stage[static_cast<std::size_t>(input.stages - 1)];
    if (*rc::gen::inRange(0, 4) == 0)
      last.fetched_over = BytesPerSecond::from_base(any_between(1e9, 1e11));
    input.key_bytes = any_between(0.5, 4);
    input.value_bytes = any_between(0.5, 4);
    input.micro_batch = *rc::gen::inRange(1, 5000);
    input.link = BytesPerSecond::from_base(any_between(1e8, 1e12));
    input.overlaps = *rc::gen::arbitrary<bool>();
    input.splits_rows = *rc::gen::arbitrary<bool>();
    input.flash_attention = *rc::gen::arbitrary<bool>();
  }
  Scene(const Scene&) = delete;
  Scene& operator=(const Scene&) = delete;
};

void check_terms(const StepTime& time) {
  Seconds sum;
  for (const Seconds term : time.terms) {
    RC_ASSERT(term >= Seconds{});
    RC_ASSERT(std::isfinite(term.in(second)));
    sum += term;
  }
  RC_ASSERT(sum == time.total());
  RC_ASSERT(sum > Seconds{});
}

double any_depth() {
  return *rc::gen::inRange(0, 200000);
}
double any_tokens() {
  return *rc::gen::inRange(1, 50000);
}

}  // namespace

TEST_CASE("terms are finite, not negative, and sum to the total") {
  CHECK(rc::check([] {
    const Scene scene;
    check_terms(decode_step(scene.input, *rc::gen::inRange(1, 300), any_depth()));
    check_terms(prefill(scene.input, any_tokens(), any_depth()));
  }));
  for (int i = 0; i < kTimeTerms; ++i) CHECK_FALSE(to_text(static_cast<TimeTerm>(i)).empty());
}

TEST_CASE("more of anything that moves or computes is never slower") {
  CHECK(rc::check([] {
    Scene scene;
    const double sequences = *rc::gen::inRange(1, 300), depth = any_depth();
    const double tokens = any_tokens();
    const Seconds step = decode_step(scene.input, sequences, depth).total();
    const Seconds prompt = prefill(scene.input, tokens, depth).total();
    const double factor = any_between(1, 100);
    SpeedStage& last = scene.input.stage[static_cast<std::size_t>(scene.input.stages - 1)];
    for (Executor& e : scene.executors) {
      switch (*rc::gen::inRange(0, 4)) {
        case 0: e.bandwidth *= factor; break;
        case 1: e.peak *= factor; break;
        case 2: e.plain *= factor; break;
        default: scene.input.link *= factor; last.fetched_over *= factor;
      }
    }
    RC_ASSERT(no_more(decode_step(scene.input, sequences, depth).total(), step));
    RC_ASSERT(no_more(prefill(scene.input, tokens, depth).total(), prompt));
  }));
}

TEST_CASE("a greater depth is never faster, and nor are more requests at a time") {
  CHECK(rc::check([] {
    const Scene scene;
    const double sequences = *rc::gen::inRange(1, 300), depth = any_depth();
    const double deeper = depth + *rc::gen::inRange(0, 100000);
    const Seconds step = decode_step(scene.input, sequences, depth).total();
    RC_ASSERT(no_more(step, decode_step(scene.input, sequences, deeper).total()));
    const double more = sequences + *rc::gen::inRange(0, 300);
    RC_ASSERT(no_more(step, decode_step(scene.input, more, depth).total()));
    const double tokens = any_tokens();
    RC_ASSERT(no_more(prefill(scene.input, tokens, depth).total(),
                      prefill(scene.input, tokens, deeper).total()));
  }));
}

TEST_CASE("a longer prompt never takes less time") {
  CHECK(rc::check([] {
    const Scene scene;
    const double tokens = any_tokens(), depth = any_depth();
    const double longer = tokens + *rc::gen::inRange(1, 5000);
    RC_ASSERT(no_more(prefill(scene.input, tokens, depth).total(),
                      prefill(scene.input, longer, depth).total()));
  }));
}

TEST_CASE("requests served together never get less done than one after the other") {
  CHECK(rc::check([] {
    const Scene scene;
    Round alone{.sequences = 1,
                .prompt = static_cast<double>(*rc::gen::inRange(0, 5000)),
                .answer = static_cast<double>(*rc::gen::inRange(1, 5000))};
    Round together = alone;
    together.sequences = *rc::gen::inRange(2, 500);
    RC_ASSERT(no_more(round_time(scene.input, together),
                      together.sequences * round_time(scene.input, alone)));
  }));
}

TEST_CASE("cutting matrices over a link that costs nothing is never slower") {
  CHECK(rc::check([] {
    Scene scene;
    scene.input.stages = 1;
    scene.input.stage[0].layers = scene.input.stage[0].experts = 1;
    scene.input.stage[0].has_head = true;
    scene.input.stage[0].ways = 1;
    scene.input.stage[0].fetched_over = {};
    scene.executors[0].constants[Factor::reduce] = 0;
    scene.input.link = BytesPerSecond::from_base(1e30);
    const double sequences = *rc::gen::inRange(1, 300), depth = any_depth();
    const double tokens = any_tokens();
    const Seconds step = decode_step(scene.input, sequences, depth).total();
    const Seconds prompt = prefill(scene.input, tokens, depth).total();
    for (const int ways : {2, 4, 8}) {
      scene.input.stage[0].ways = ways;
      RC_ASSERT(no_more(decode_step(scene.input, sequences, depth).total(), step));
      RC_ASSERT(no_more(prefill(scene.input, tokens, depth).total(), prompt));
    }
  }));
}

TEST_CASE("a prompt in pieces over several stages takes no longer than its pieces in turn") {
  CHECK(rc::check([] {
    Scene scene;
    const double tokens = any_tokens(), depth = any_depth();
    scene.input.overlaps = true;
    const Seconds overlapped = prefill(scene.input, tokens, depth).total();
    scene.input.overlaps = false;
    RC_ASSERT(no_more(overlapped, prefill(scene.input, tokens, depth).total()));
  }));
}

TEST_CASE("a round is its prompts and its common steps") {
  CHECK(rc::check([] {
    const Scene scene;
    const Round round{.sequences = static_cast<double>(*rc::gen::inRange(1, 100)),
                      .prompt = static_cast<double>(*rc::gen::inRange(1, 5000)),
                      .answer = static_cast<double>(*rc::gen::inRange(0, 5000))};
    const Seconds prompts = round.sequences * prefill(scene.input, round.prompt, 0).total();
    const double depth = round.prompt + round.answer / 2;
    const Seconds steps = round.answer * decode_step(scene.input, round.sequences, depth).total();
    RC_ASSERT(no_more(round_time(scene.input, round), prompts + steps));
    RC_ASSERT(no_more(prompts + steps, round_time(scene.input, round)));
  }));
}

}  // namespace rigor::estimate
