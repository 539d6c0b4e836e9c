// Laws that hold for every network, task and placement.
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <vector>

#include "estimate/memory/training_memory.hpp"
#include "estimate/memory/training_peaks.hpp"
#include "estimate/memory/training_states.hpp"

namespace rigor::estimate {
namespace {

using namespace workload;

template <class T>
T any_of(std::vector<T> values) {
  return *rc::gen::elementOf(std::move(values));
}

llm::Architecture any_architecture() {
  llm::Architecture a;
  a.vocabulary = *rc::gen::inRange(100, 60000);
  a.hidden = 64 * *rc::gen::inRange(1, 64);
  a.gated = *rc::gen::arbitrary<bool>();
  a.fused_qkv = *rc::gen::arbitrary<bool>();
  llm::Layer layer;
  layer.kv_heads = *rc::gen::inRange(1, 9);
  layer.heads = layer.kv_heads * *rc::gen::inRange(1, 5);
  layer.head_dim = 64;
  layer.width = *rc::gen::inRange(64, 16000);
  if (*rc::gen::arbitrary<bool>()) {
    a.experts = llm::Experts{.count = 8, .used = 2, .width = *rc::gen::inRange(64, 4000)};
    layer.feed_forward = llm::FeedForward::experts;
    layer.width = 0;
  }
  a.layers.assign(static_cast<std::size_t>(*rc::gen::inRange(1, 40)), layer);
  return a;
}

Network any_network() {
  Network n;
  n.architecture = any_architecture();
  const llm::Architecture& a = n.architecture;
  const auto hidden = static_cast<double>(a.hidden);
  n.embedding_elements = hidden * a.vocabulary;
  n.head_elements = *rc::gen::arbitrary<bool>() ? n.embedding_elements : 0.0;
  for (const llm::Layer& layer : a.layers) {
    NetworkLayer one;
    one.expert_elements = a.experts ? 3.0 * hidden * a.experts->width * a.experts->count : 0.0;
    one.linear_elements = one.expert_elements + 4 * hidden * hidden + 3.0 * hidden * layer.width;
    one.small_elements = 2 * hidden;
    n.layers.push_back(one);
  }
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
  f.rank = *rc::gen::inRange(1, 300);
  for (bool& target : f.targets) target = *rc::gen::arbitrary<bool>();
  f.double_quantization = *rc::gen::arbitrary<bool>();
  f.train_embeddings = *rc::gen::arbitrary<bool>();
  f.dropout = any_of<double>({0.0, 0.1});
  f.attention = any_of<Attention>({Attention::flash, Attention::flash_repeated, Attention::eager});
  f.checkpointing = static_cast<Checkpointing>(*rc::gen::inRange(0, 4));
  f.loss = any_of<Loss>({Loss::plain, Loss::fused});
  f.norms = any_of<Kernels>({Kernels::eager, Kernels::fused});
  f.feed_forward = any_of<Kernels>({Kernels::eager, Kernels::fused, Kernels::tiled});
  f.batching = any_of<Batching>({Batching::packed, Batching::padded});
  return f;
}

Engine any_engine() {
  Engine e;
  const auto set = [&](Constant constant, double value) {
    e.constants[static_cast<std::size_t>(constant)] = value;
  };
  set(Constant::cuda_context_training, 5e8);
  set(Constant::nccl_buffers, 5e8);
  set(Constant::bucket_bytes, 8e8);
  set(Constant::live_parameters, 2e9);
  set(Constant::fsdp_version, *rc::gen::inRange(1, 3));
  set(Constant::gather_layers, *rc::gen::inRange(1, 3));
  set(Constant::reserved_share, 0.06);
  set(Constant::unused_share, *rc::gen::inRange(0, 100) / 100.0);
  set(Constant::length_growth, 1.6);
  set(Constant::loss_vocabulary_bytes, *rc::gen::inRange(4, 18));
  set(Constant::loss_hidden_bytes, 6);
  set(Constant::loss_chunk, 2048);
  set(Constant::adapter_bytes, any_of<double>({2.0, 4.0}));
  set(Constant::unquantized_bytes, any_of<double>({2.0, 4.0}));
  set(Constant::quantized_hidden_bytes, any_of<double>({2.0, 4.0}));
  set(Constant::step_copies, *rc::gen::inRange(0, 3));
  set(Constant::host_factor, 1.5);
  set(Constant::margin_fixed, 5e8);
  set(Constant::margin_exact, 0.02);
  set(Constant::margin_model, 0.3);
  return e;
}

Placement any_placement() {
  Placement p;
  p.devices = 1;
  p.data = *rc::gen::inRange(1, 17);
  p.tensor = any_of<int>({1, 2, 4});
  p.pipeline = any_of<int>({1, 2});
  p.sharding = static_cast<Sharding>(*rc::gen::inRange(0, 5));
  p.optimizer = any_of<Offload>({Offload::none, Offload::host});
  p.parameters = any_of<Offload>({Offload::none, Offload::host});
  return p;
}

struct Scene {
  Network network = any_network();
  Engine engine = any_engine();
  FineTune finetune = any_task();
  Placement placement = any_placement();
  Bytes capacity = *rc::gen::inRange(0, 200) * GiB;

  [[nodiscard]] MemoryEstimate memory() const {
    const hardware::Accelerator card{.memory = capacity, .usable = capacity};
    const hardware::Host host;
    MemoryEstimate result;
    training_memory({network, engine, finetune, placement, std::span(&card, 1), host}, result);
    return result;
  }
  [[nodiscard]] TrainingStates states() const {
    const hardware::Host host;
    return training_states({network, engine, finetune, placement, {}, host});
  }
};

/// Sums of doubles in another order differ in the last bits.
bool no_less(Bytes more, Bytes less) {
  return more >= less * (1 - 1e-12) - 1e-3 * byte;
}

void check_no_less(const MemoryEstimate& more, const MemoryEstimate& less) {
  RC_ASSERT(no_less(more.device[0].total().expected, less.device[0].total().expected));
  RC_ASSERT(no_less(more.host.total().expected, less.host.total().expected));
}

}  // namespace

TEST_CASE("a longer sequence, a larger batch and a larger rank never need less") {
  CHECK(rc::check([] {
    Scene scene;
    const MemoryEstimate before = scene.memory();
    switch (*rc::gen::inRange(0, 4)) {
      case 0: scene.finetune.sequence += *rc::gen::inRange(1, 5000); break;
      case 1: scene.finetune.micro_batch += *rc::gen::inRange(1, 5); break;
      case 2: scene.finetune.rank += *rc::gen::inRange(1, 64); break;
      default: scene.finetune.accumulation += 1;
    }
    check_no_less(scene.memory(), before);
  }));
}

TEST_CASE("sharding over more devices never increases a device's share of states") {
  CHECK(rc::check([] {
    Scene scene;
    const TrainingStates before = scene.states();
    scene.placement.data += *rc::gen::inRange(1, 16);
    const TrainingStates after = scene.states();
    RC_ASSERT(no_less(before.weights, after.weights));
    RC_ASSERT(no_less(before.adapter, after.adapter));
    RC_ASSERT(no_less(before.gradients, after.gradients));
    RC_ASSERT(no_less(before.optimizer, after.optimizer));
    RC_ASSERT(no_less(before.master, after.master));
    RC_ASSERT(no_less(before.step, after.step));
  }));
}

TEST_CASE("each stage of ZeRO holds no more states than the one before") {
  CHECK(rc::check([] {
    Scene scene;
    Bytes before = 1e18 * byte;
    for (const Sharding stage :
         {Sharding::none, Sharding::zero1, Sharding::zero2, Sharding::zero3}) {
      scene.placement.sharding = stage;
      const TrainingStates s = scene.states();
      const Bytes now = s.weights + s.adapter + s.gradients + s.optimizer + s.master;
      RC_ASSERT(no_less(before, now));
      before = now;
    }
  }));
}

TEST_CASE("terms are not negative and sum to the total; low <= expected <= high") {
  CHECK(rc::check([] {
    const MemoryEstimate memory = Scene().memory();
    for (const DeviceMemory* device : {&memory.device[0], &memory.host}) {
      Interval sum;
      for (const Interval& term : device->terms) {
        RC_ASSERT(term.low >= Bytes{});
        RC_ASSERT(term.low <= term.expected);
        RC_ASSERT(term.expected <= term.high);
        sum += term;
      }
      RC_ASSERT(sum == device->total());
    }
  }));
}

TEST_CASE(
    "the peak is at least what is there between steps, and the allocator holds at least the peak") {
  CHECK(rc::check([] {
    const Scene scene;
    const hardware::Host host;
    const TrainingPeaks peaks =
        training_peaks({scene.network, scene.engine, scene.finetune, scene.placement, {}, host});
    RC_ASSERT(no_less(peaks.allocated(), peaks.between_steps));
    RC_ASSERT(no_less(peaks.reserved, peaks.allocated()));
    RC_ASSERT(no_less(peaks.reserved, peaks.irreducible));
  }));
}

}  // namespace rigor::estimate
