// Laws of training steps that hold for every network, task and placement.
#include <doctest/doctest.h>

#include <cmath>

#include "estimate/speed/speed_fixture.hpp"
#include "estimate/speed/training_speed.hpp"

namespace rigor::estimate {
namespace {

using namespace workload;

template <class T>
T any_of(std::vector<T> values) {
  return *rc::gen::elementOf(std::move(values));
}

/// The elements of its operations, layer by layer.
Network any_network() {
  Network n;
  n.operations = any_operations();
  const Operations& o = n.operations;
  n.architecture.hidden = static_cast<int>(o.hidden);
  n.architecture.vocabulary = static_cast<int>(o.vocabulary);
  double matrices = -o.of(Operation::head).elements;
  for (const Matrices& m : o.matrices) matrices += m.elements;
  NetworkLayer layer;
  layer.linear_elements = matrices / o.layers;
  layer.expert_elements = o.of(Operation::experts).elements / o.layers;
  layer.small_elements = 2 * o.hidden;
  n.layers.assign(static_cast<std::size_t>(o.layers), layer);
  n.architecture.layers.assign(n.layers.size(), llm::Layer{.heads = 8, .kv_heads = 8});
  n.embedding_elements = o.of(Operation::head).elements;
  n.head_elements = *rc::gen::arbitrary<bool>() ? n.embedding_elements : 0.0;
  derive(n);
  return n;
}

FineTune any_task() {
  FineTune f;
  f.method = any_of<Method>({Method::full, Method::lora, Method::qlora});
  f.recipe = any_of<Recipe>({Recipe::mixed, Recipe::bf16, Recipe::amp, Recipe::fp32});
  f.optimizer = static_cast<Optimizer>(*rc::gen::inRange(0, static_cast<int>(Optimizer::galore)));
  f.step = any_of<Step>({Step::foreach, Step::fused, Step::in_backward});
  f.sequence = *rc::gen::inRange(1, 40000);
  f.micro_batch = *rc::gen::inRange(1, 20);
  f.accumulation = *rc::gen::inRange(1, 5);
  f.adapter_parameters = any_between(1e4, 1e8);
  f.frozen_share = any_of<double>({0.0, 0.5});
  f.train_embeddings = *rc::gen::arbitrary<bool>();
  f.attention = any_of<Attention>({Attention::flash, Attention::flash_repeated, Attention::eager});
  f.checkpointing = static_cast<Checkpointing>(*rc::gen::inRange(0, 4));
  return f;
}

struct Scene {
  Network network = any_network();
  Engine engine = {};
  FineTune finetune = any_task();
  Placement placement = {};
  TrainingRig rig = {.device = any_executor(),
                     .host = any_executor(),
                     .link = BytesPerSecond::from_base(any_between(1e8, 1e12)),
                     .host_link = BytesPerSecond::from_base(any_between(1e8, 1e12))};

  Scene() {
    for (const Constant c : {Constant::adapter_bytes, Constant::unquantized_bytes})
      engine.constants[static_cast<std::size_t>(c)] = any_of<double>({2.0, 4.0});
    placement.data = *rc::gen::inRange(1, 17);
    placement.tensor = any_of<int>({1, 2, 4});
    placement.pipeline = any_of<int>({1, 2});
    placement.context = any_of<int>({1, 2});
    placement.sharding = static_cast<Sharding>(*rc::gen::inRange(0, 5));
    placement.optimizer = any_of<Offload>({Offload::none, Offload::host});
    placement.parameters = any_of<Offload>({Offload::none, Offload::host});
  }
  [[nodiscard]] TrainingTime step() const {
    const hardware::Host host;
    return training_step({network, engine, finetune, placement, {}, host}, rig);
  }
  [[nodiscard]] Seconds total() const { return step().total(); }
};

/// Sums of doubles in another order differ in the last bits.
bool no_more(Seconds less, Seconds more) {
  return less <= more * (1 + 1e-9);
}

}  // namespace

TEST_CASE("terms of a step are finite, not negative, and sum to the step") {
  CHECK(rc::check([] {
    const TrainingTime time = Scene().step();
    Seconds sum;
    for (const Seconds term : time.terms) {
      RC_ASSERT(term >= Seconds{});
      RC_ASSERT(std::isfinite(term.in(second)));
      sum += term;
    }
    RC_ASSERT(sum == time.total());
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
