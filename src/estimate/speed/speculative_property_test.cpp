// Laws of speculative decoding, for every network, machine and drafter.
#include <doctest/doctest.h>

#include <cmath>

#include "estimate/speed/speculative.hpp"
#include "estimate/speed/speed_fixture.hpp"

namespace rigor::estimate {
namespace {

/// A network and a drafter on one machine; the cases point into the scene.
struct Scene {
  Operations operations = any_operations(), drafting = any_operations();
  Executor executor = any_executor();
  SpeedCase target;
  Draft draft;
  double sequences = *rc::gen::inRange(1, 100);
  double depth = *rc::gen::inRange(0, 100000);

  Scene() {
    target.operations = &operations;
    target.stages = 1;
    target.stage[0] = {.executor = &executor, .ways = *rc::gen::inRange(1, 5)};
    target.link = BytesPerSecond::from_base(any_between(1e8, 1e12));
    draft.tokens = *rc::gen::inRange(1, 17);
    draft.acceptance = *rc::gen::inRange(0, 1001) / 1000.0;
    if (*rc::gen::inRange(0, 3) == 0) return;  // drafts that cost nothing
    draft.stages = target;
    draft.stages.operations = &drafting;
  }
  Scene(const Scene&) = delete;
  Scene& operator=(const Scene&) = delete;
};

}  // namespace

TEST_CASE("tokens per step: the closed form, one without acceptance and all with it") {
  CHECK(rc::check([] {
    const int n = *rc::gen::inRange(0, 65);
    const double a = *rc::gen::inRange(0, 1000) / 1000.0;
    const double closed = (1 - std::pow(a, n + 1)) / (1 - a);
    RC_ASSERT(std::abs(tokens_per_step(a, n) - closed) < 1e-9 * closed);
    RC_ASSERT(tokens_per_step(0, n) == 1);
    RC_ASSERT(tokens_per_step(1, n) == n + 1);
  }));
}

TEST_CASE("terms of draft and check are finite, not negative, and sum to the step") {
  CHECK(rc::check([] {
    const Scene scene;
    const SpeculativeStep step =
        speculative_step(scene.target, scene.draft, scene.sequences, scene.depth);
    Seconds sum;
    for (const StepTime* part : {&step.draft, &step.verify}) {
      for (const Seconds term : part->terms) {
        RC_ASSERT(term >= Seconds{});
        RC_ASSERT(std::isfinite(term.in(second)));
        sum += term;
      }
    }
    RC_ASSERT(std::abs(sum / step.total() - 1) < 1e-9);
    RC_ASSERT(std::abs(step.tokens * step.per_token() / step.total() - 1) < 1e-9);
  }));
}

TEST_CASE("drafts that nobody accepts are never faster than none") {
  CHECK(rc::check([] {
    Scene scene;
    scene.draft.acceptance = 0;
    const Seconds plain = decode_step(scene.target, scene.sequences, scene.depth).total();
    const SpeculativeStep step =
        speculative_step(scene.target, scene.draft, scene.sequences, scene.depth);
    RC_ASSERT(step.per_token() >= plain);
  }));
}

TEST_CASE("a higher acceptance is never slower") {
  CHECK(rc::check([] {
    Scene scene;
    const auto token = [&](double acceptance) {
      scene.draft.acceptance = acceptance;
      return speculative_step(scene.target, scene.draft, scene.sequences, scene.depth).per_token();
    };
    const double a = *rc::gen::inRange(0, 1001) / 1000.0;
    const double b = *rc::gen::inRange(0, 1001) / 1000.0;
    RC_ASSERT(token(std::max(a, b)) <= token(std::min(a, b)));
    const Round round{scene.sequences, 100, 100};
    scene.draft.acceptance = std::min(a, b);
    const Seconds longer = round_time(scene.target, scene.draft, round);
    scene.draft.acceptance = std::max(a, b);
    RC_ASSERT(round_time(scene.target, scene.draft, round) <= longer);
  }));
}

TEST_CASE("no drafts: plain decoding, to the last bit") {
  CHECK(rc::check([] {
    Scene scene;
    scene.draft.tokens = 0;
    const Seconds plain = decode_step(scene.target, scene.sequences, scene.depth).total();
    const SpeculativeStep step =
        speculative_step(scene.target, scene.draft, scene.sequences, scene.depth);
    RC_ASSERT(step.per_token() == plain);
    const Round round{scene.sequences, 300, 200};
    RC_ASSERT(round_time(scene.target, scene.draft, round) == round_time(scene.target, round));
  }));
}

TEST_CASE("a check reads the cache once, whatever the drafts") {
  CHECK(rc::check([] {
    const Scene scene;
    const StepTime one = decode_step(scene.target, scene.sequences, scene.depth);
    const StepTime many = verify_step(scene.target, scene.sequences, 9, scene.depth);
    RC_ASSERT(one[TimeTerm::cache] == many[TimeTerm::cache]);
    RC_ASSERT(one[TimeTerm::launch] == many[TimeTerm::launch]);
  }));
}

}  // namespace rigor::estimate
