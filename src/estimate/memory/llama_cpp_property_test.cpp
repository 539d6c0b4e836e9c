#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <cmath>

#include "estimate/memory/inference_fixture.hpp"
#include "estimate/memory/llama_widths.hpp"

namespace rigor::estimate {
namespace {

using workload::Constant;

Network arbitrary_network() {
  Network network = fixture_with_windows(*rc::gen::inRange(1, 4000));
  network.architecture.sliding_window = network.layers[3].cache.window;
  const int layers = *rc::gen::inRange(1, 12);
  network.layers.resize(static_cast<std::size_t>(layers), network.layers.front());
  network.architecture.layers.resize(static_cast<std::size_t>(layers),
                                     network.architecture.layers.front());
  if (*rc::gen::arbitrary<bool>()) {
    network.architecture.experts = llm::Experts{.count = 8, .used = 2, .width = 64};
    for (NetworkLayer& layer : network.layers) layer.experts = 50000 * byte;
  }
  network.draft = *rc::gen::inRange(0, 100000) * byte;
  derive(network);
  network.llama = rough_llama_facts(network);
  return network;
}

Fixture arbitrary() {
  Fixture f;
  for (int i = 0; i < workload::kConstants; ++i) {
    f.engine.constants[static_cast<std::size_t>(i)] = *rc::gen::inRange(0, 300);
  }
  f.set(Constant::cache_padding, 256);
  f.set(Constant::margin_exact, 0.005);
  f.set(Constant::margin_model, 0.1);
  f.set(Constant::margin_runtime, 0.35);
  f.set(Constant::page_table_share, 0.002);
  f.network = arbitrary_network();
  f.inference.context = *rc::gen::inRange(1, 100000);
  f.inference.sequences = *rc::gen::inRange(1, 20);
  f.inference.micro_batch = *rc::gen::inRange(1, 4096);
  f.inference.prompt = *rc::gen::inRange(0, 30000);
  f.inference.draft_tokens = *rc::gen::inRange(0, 4);
  f.inference.flash_attention = *rc::gen::arbitrary<bool>();
  f.inference.shared_cache = *rc::gen::arbitrary<bool>();
  f.backend = *rc::gen::element(workload::Backend::cuda, workload::Backend::rocm,
                                workload::Backend::vulkan);
  f.placement.devices = f.placement.pipeline = *rc::gen::inRange(0, 8);
  return f;
}

MemoryEstimate estimate(const Fixture& f) {
  MemoryEstimate result;
  llama_cpp_memory(f.input(), result);
  return result;
}

Bytes everywhere(const MemoryEstimate& e) {
  Bytes sum = e.host.total().expected;
  for (int i = 0; i < e.devices; ++i) sum += e.device[static_cast<std::size_t>(i)].total().expected;
  return sum;
}

Bytes held(const MemoryEstimate& e, int device) {
  const DeviceMemory& memory = e.device[static_cast<std::size_t>(device)];
  return memory[Term::weights].expected + memory[Term::kv_cache].expected;
}

bool no_less(Bytes more, Bytes less) {
  return more >= less * (1 - 1e-12);
}

}  // namespace

TEST_CASE("more context, larger micro-batches and more sequences never take less") {
  CHECK(rc::check([] {
    const Fixture f = arbitrary();
    const Bytes before = everywhere(estimate(f));
    Fixture longer = f, larger = f, more = f;
    longer.inference.context += *rc::gen::inRange(1, 10000);
    larger.inference.micro_batch += *rc::gen::inRange(1, 1000);
    more.inference.sequences += *rc::gen::inRange(1, 10);
    RC_ASSERT(no_less(everywhere(estimate(longer)), before));
    RC_ASSERT(no_less(everywhere(estimate(larger)), before));
    RC_ASSERT(no_less(everywhere(estimate(more)), before));
  }));
}

TEST_CASE("no device of a split holds more layers and cache than one device alone") {
  CHECK(rc::check([] {
    Fixture f = arbitrary();
    f.placement.devices = f.placement.pipeline = 1;
    const Bytes alone = held(estimate(f), 0);
    f.placement.devices = f.placement.pipeline = *rc::gen::inRange(2, 9);
    const MemoryEstimate split = estimate(f);
    Bytes sum;
    for (int i = 0; i < split.devices; ++i) {
      RC_ASSERT(no_less(alone, held(split, i)));
      sum += held(split, i);
    }
    RC_ASSERT(no_less(sum, alone) && no_less(alone, sum));
  }));
}

TEST_CASE("every term and every total is ordered") {
  CHECK(rc::check([] {
    const MemoryEstimate e = estimate(arbitrary());
    for (int i = 0; i < e.devices; ++i) {
      const DeviceMemory& memory = e.device[static_cast<std::size_t>(i)];
      Bytes expected;
      for (const Interval& term : memory.terms) {
        RC_ASSERT(Bytes{} <= term.low && term.low <= term.expected && term.expected <= term.high);
        expected += term.expected;
      }
      RC_ASSERT(expected == memory.total().expected);
    }
  }));
}

TEST_CASE("moving experts to the host takes them off the devices, byte for byte") {
  CHECK(rc::check([] {
    Fixture f = arbitrary();
    if (f.placement.devices == 0) return;
    const auto weights = [](const MemoryEstimate& e) {
      Bytes sum = e.host[Term::weights].expected;
      for (int i = 0; i < e.devices; ++i) {
        sum += e.device[static_cast<std::size_t>(i)][Term::weights].expected;
      }
      return sum.in(byte);
    };
    const double before = weights(estimate(f));
    f.placement.host_expert_layers = *rc::gen::inRange(0, 12);
    RC_ASSERT(std::abs(weights(estimate(f)) - before) < 1.0);
  }));
}

}  // namespace rigor::estimate
