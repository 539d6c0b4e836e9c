// Laws of what a training step moves beyond its machine, and of padding.
#include <doctest/doctest.h>

#include <cmath>

#include "estimate/speed/training_scene.hpp"
#include "estimate/speed/training_traffic.hpp"

namespace rigor::estimate {
namespace {

using namespace workload;
using namespace training_scene;

/// Asks for all of it: machines, a drive, checkpoints, heavy samples.
struct Busy : Scene {
  Busy() {
    finetune.machines = *rc::gen::inRange(1, 9);
    finetune.sync_every = any_of<int>({1, 1, 2, 10, 500});
    finetune.save_every = any_of<int>({0, 1, 100});
    finetune.sample_bytes = any_between(1, 1e9) * byte;
    finetune.sample_tokens = *rc::gen::inRange(0, finetune.sequence + 1);
    finetune.batching = any_of<Batching>({Batching::packed, Batching::padded});
    placement.optimizer = any_of<Offload>({Offload::none, Offload::host, Offload::nvme});
    placement.parameters = any_of<Offload>({Offload::none, Offload::host, Offload::nvme});
  }
  [[nodiscard]] double useful_rate() const {
    const TrainingTime time = step();
    return time.useful * time.tokens_per_s();
  }
};

}  // namespace

TEST_CASE("terms of a step with machines and a drive are not negative and sum to the step") {
  CHECK(rc::check([] {
    const TrainingTime time = Busy().step();
    check_terms(time);
    RC_ASSERT(time.useful > 0);
    RC_ASSERT(time.useful <= 1);
  }));
}

TEST_CASE("a faster drive or network never takes longer") {
  CHECK(rc::check([] {
    Busy scene;
    const Seconds before = scene.total();
    const double factor = any_between(1, 1000);
    switch (*rc::gen::inRange(0, 3)) {
      case 0: scene.rig.read *= factor; break;
      case 1: scene.rig.write *= factor; break;
      default: scene.rig.network *= factor;
    }
    RC_ASSERT(no_more(scene.total(), before));
  }));
}

TEST_CASE("exchanging more seldom never takes longer, nor does saving more seldom") {
  CHECK(rc::check([] {
    Busy scene;
    scene.finetune.machines = *rc::gen::inRange(2, 9);
    scene.finetune.sync_every = *rc::gen::inRange(2, 100);
    scene.finetune.save_every = *rc::gen::inRange(1, 100);
    const Seconds before = scene.total();
    (*rc::gen::arbitrary<bool>() ? scene.finetune.sync_every : scene.finetune.save_every) +=
        *rc::gen::inRange(1, 1000);
    RC_ASSERT(no_more(scene.total(), before));
  }));
}

TEST_CASE("averaging takes no longer than sums that hide behind nothing") {
  CHECK(rc::check([] {
    Busy scene;
    scene.finetune.machines = *rc::gen::inRange(2, 9);
    scene.finetune.recipe = Recipe::mixed;
    scene.finetune.method = Method::full;
    scene.finetune.sync_every = 1;
    scene.rig.device.constants[Factor::train_exposed] = 1;
    const Seconds before = scene.total();
    scene.finetune.sync_every = *rc::gen::inRange(2, 1000);
    RC_ASSERT(no_more(scene.total(), before));
  }));
}

TEST_CASE("machines train no more than as many times one") {
  CHECK(rc::check([] {
    Busy scene;
    scene.finetune.machines = 1;
    const double alone = scene.useful_rate();
    scene.finetune.machines = *rc::gen::inRange(2, 65);
    RC_ASSERT(scene.useful_rate() <= scene.finetune.machines * alone * (1 + 1e-9));
  }));
}

TEST_CASE("padding never learns from more tokens a second than packing") {
  CHECK(rc::check([] {
    Busy scene;
    scene.finetune.attention = Attention::flash;
    // Data that is waited for is the same per token either way; rounding of lengths is not.
    scene.finetune.batching = Batching::padded;
    const double padded = scene.useful_rate();
    scene.finetune.batching = Batching::packed;
    RC_ASSERT(padded <= scene.useful_rate() * (1 + 1e-6));
  }));
}

TEST_CASE("a checkpoint weighs the same however it is sharded and offloaded") {
  CHECK(rc::check([] {
    Busy scene;
    scene.finetune.save_every = 1;
    const Bytes before = scene.step().checkpoint;
    scene.placement = {};
    scene.placement.data = *rc::gen::inRange(1, 17);
    scene.placement.sharding = Sharding::zero3;
    RC_ASSERT(scene.step().checkpoint == before);
  }));
}

}  // namespace rigor::estimate
