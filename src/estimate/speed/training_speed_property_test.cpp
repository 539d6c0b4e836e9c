// Laws of training steps that hold for every network, task and placement.
#include <doctest/doctest.h>

#include <cmath>

#include "estimate/speed/training_scene.hpp"

namespace rigor::estimate {
namespace {

using namespace workload;
using namespace training_scene;

}  // namespace

TEST_CASE("terms of a step are finite, not negative, and sum to the step") {
  CHECK(rc::check([] {
    const TrainingTime time = Scene().step();
    check_terms(time);
    RC_ASSERT(time.tokens_per_s() > 0);
    RC_ASSERT(time.flop_per_token > 0);
  }));
}

TEST_CASE("a faster device, host or link never takes longer for a step") {
  CHECK(rc::check([] {
    Scene scene;
    const Seconds before = scene.total();
    const double factor = any_between(1, 100);
    switch (*rc::gen::inRange(0, 6)) {
      case 0: scene.rig.device.bandwidth *= factor; break;
      case 1: scene.rig.device.peak *= factor; break;
      case 2: scene.rig.device.plain *= factor; break;
      case 3: scene.rig.host.bandwidth *= factor; break;
      case 4: scene.rig.link *= factor; break;
      default: scene.rig.host_link *= factor;
    }
    RC_ASSERT(no_more(scene.total(), before));
  }));
}

TEST_CASE("larger micro-batches, and more of them in a step, never train fewer tokens a second") {
  CHECK(rc::check([] {
    Scene scene;
    const TrainingTime before = scene.step();
    const bool larger = *rc::gen::arbitrary<bool>();
    (larger ? scene.finetune.micro_batch : scene.finetune.accumulation) += *rc::gen::inRange(1, 9);
    RC_ASSERT(scene.step().tokens_per_s() >= before.tokens_per_s() * (1 - 1e-9));
    RC_ASSERT(no_more(before.total(), scene.total()));
  }));
}

TEST_CASE("a longer sequence never takes a shorter step") {
  CHECK(rc::check([] {
    Scene scene;
    const Seconds before = scene.total();
    scene.finetune.sequence += *rc::gen::inRange(1, 5000);
    RC_ASSERT(no_more(before, scene.total()));
  }));
}

TEST_CASE("recomputing more never takes less, and a quantized base no less than a plain one") {
  CHECK(rc::check([] {
    Scene scene;
    Seconds before;
    for (const Checkpointing kept :
         {Checkpointing::none, Checkpointing::selective, Checkpointing::full}) {
      scene.finetune.checkpointing = kept;
      RC_ASSERT(no_more(before, scene.total()));
      before = scene.total();
    }
    // What is sent and fetched is smaller.
    scene.placement = {};
    scene.finetune.method = Method::lora;
    before = scene.total();
    scene.finetune.method = Method::qlora;
    RC_ASSERT(no_more(before, scene.total()));
  }));
}

TEST_CASE("copies that share nothing train no more than as many machines") {
  CHECK(rc::check([] {
    Scene scene;
    scene.placement.sharding = Sharding::none;
    scene.placement.data = 1;
    const double alone = scene.step().tokens_per_s();
    scene.placement.data = *rc::gen::inRange(2, 17);
    RC_ASSERT(scene.step().tokens_per_s() <= scene.placement.data * alone * (1 + 1e-9));
  }));
}

TEST_CASE("sharding weights never sends less than sharding gradients") {
  CHECK(rc::check([] {
    Scene scene;
    scene.finetune.method = Method::full;
    scene.placement.sharding = Sharding::zero2;
    const Seconds zero2 = scene.step()[StepTerm::communication];
    for (const Sharding all : {Sharding::zero3, Sharding::fsdp}) {
      scene.placement.sharding = all;
      RC_ASSERT(no_more(zero2, scene.step()[StepTerm::communication]));
    }
  }));
}

TEST_CASE("what lies on the host crosses the link") {
  CHECK(rc::check([] {
    Scene scene;
    scene.placement.optimizer = scene.placement.parameters = Offload::none;
    RC_ASSERT(scene.step()[StepTerm::transfer] == Seconds{});
    (*rc::gen::arbitrary<bool>() ? scene.placement.optimizer : scene.placement.parameters) =
        Offload::host;
    RC_ASSERT(scene.step()[StepTerm::transfer] > Seconds{});
  }));
}

}  // namespace rigor::estimate
