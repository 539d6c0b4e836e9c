// Any training step: networks, tasks, placements and machines made up for the tests of its laws.
// Layer 5.
#pragma once

#include <rapidcheck.h>

#include <cmath>
#include <vector>

#include "estimate/speed/speed_fixture.hpp"
#include "estimate/speed/training_speed.hpp"

namespace rigor::estimate {

namespace training_scene {
using namespace workload;

template <class T>
T any_of(std::vector<T> values) {
  return *rc::gen::elementOf(std::move(values));
}

/// The elements of its operations, layer by layer.
inline Network any_network() {
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

inline FineTune any_task() {
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

/// A step of one machine; a drive and a network are there, and nothing asks for them.
struct Scene {
  Network network = any_network();
  Engine engine = {};
  FineTune finetune = any_task();
  Placement placement = {};
  TrainingRig rig = {.device = any_executor(),
                     .host = any_executor(),
                     .link = BytesPerSecond::from_base(any_between(1e8, 1e12)),
                     .host_link = BytesPerSecond::from_base(any_between(1e8, 1e12)),
                     .network = BytesPerSecond::from_base(any_between(1e7, 1e11)),
                     .read = BytesPerSecond::from_base(any_between(1e7, 1e11)),
                     .write = BytesPerSecond::from_base(any_between(1e7, 1e11))};

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
inline bool no_more(Seconds less, Seconds more) {
  return less <= more * (1 + 1e-9);
}

/// All terms are finite, none is negative, and they sum to the step.
inline void check_terms(const TrainingTime& time) {
  Seconds sum;
  for (const Seconds term : time.terms) {
    RC_ASSERT(term >= Seconds{});
    RC_ASSERT(std::isfinite(term.in(second)));
    sum += term;
  }
  RC_ASSERT(sum == time.total());
}

}  // namespace training_scene
}  // namespace rigor::estimate
