#include <doctest/doctest.h>

#include <cmath>

#include "estimate/memory/inference_fixture.hpp"
#include "estimate/memory/llama_widths.hpp"

namespace rigor::estimate {
namespace {

using workload::Backend;
using workload::Constant;

/// Four layers, see inference_fixture.hpp, with llama.cpp's constants.
Fixture llama() {
  Fixture f;
  f.network.llama = llama_facts(f.network);
  f.set(Constant::cache_padding, 256);
  f.set(Constant::cache_windows, 1);
  f.set(Constant::cache_scratch, 1);
  f.set(Constant::mask_bytes, 2);
  f.set(Constant::logits_tokens, 1);
  f.set(Constant::graph_copies, 4);
  f.inference = {.context = 1000, .micro_batch = 128};
  return f;
}

MemoryEstimate estimate(const Fixture& f) {
  MemoryEstimate result;
  llama_cpp_memory(f.input(), result);
  return result;
}

double bytes(const MemoryEstimate& e, int device, Term term) {
  return e.device[static_cast<std::size_t>(device)][term].expected.in(byte);
}

Fixture on(int devices) {
  Fixture f = llama();
  f.placement.devices = f.placement.pipeline = devices;
  return f;
}

}  // namespace

TEST_CASE("one device holds the layers and the head, the host the embedding") {
  const MemoryEstimate e = estimate(llama());
  CHECK(bytes(e, 0, Term::weights) == 4 * 100000 + 128000 + 128);
  CHECK(e.host[Term::weights].expected.in(byte) == 128000);
  // 1024 cells x 4 layers x 32 elements x 2 B.
  CHECK(bytes(e, 0, Term::kv_cache) == 1024 * 4 * 32 * 2);
  CHECK(bytes(e, 0, Term::graph_copies) == 0);
}

TEST_CASE("devices of one copy hold the same whether the placement has other copies or not") {
  Fixture f = on(2);
  f.placement.layers = {3, 1};
  const MemoryEstimate alone = estimate(f);
  f.placement.replicas = 2;
  const MemoryEstimate one_of_two = estimate(f);
  for (const int device : {0, 1}) {
    for (const Term term : {Term::weights, Term::kv_cache, Term::graph_copies})
      CHECK(bytes(one_of_two, device, term) == bytes(alone, device, term));
  }
}

TEST_CASE("a tied head is a second copy of the embedding") {
  Fixture f = llama();
  f.network.output_head = {};
  const MemoryEstimate e = estimate(f);
  CHECK(bytes(e, 0, Term::weights) == 4 * 100000 + 128000 + 128);
  CHECK(e.host[Term::weights].expected.in(byte) == 128000);
}

TEST_CASE("layers are dealt out as if the head were one more") {
  // 4 layers and the head over 2 devices: layers 0, 1, 2 and 3.
  const MemoryEstimate e = estimate(on(2));
  CHECK(bytes(e, 0, Term::weights) == 3 * 100000);
  CHECK(bytes(e, 1, Term::weights) == 100000 + 128000 + 128);
}

TEST_CASE("stated layers are followed, and those on the host stay there") {
  Fixture f = on(2);
  f.placement.layers = {1, 2};
  f.placement.host_layers = 1;
  const MemoryEstimate e = estimate(f);
  CHECK(bytes(e, 0, Term::weights) == 100000);
  CHECK(bytes(e, 1, Term::weights) == 2 * 100000 + 128000 + 128);
  CHECK(e.host[Term::weights].expected.in(byte) == 100000 + 128000);
  CHECK(e.host[Term::kv_cache].expected.in(byte) == 1024 * 32 * 2);
  CHECK(bytes(e, 0, Term::graph_copies) == 0);  // not everything is offloaded
}

TEST_CASE("experts of the first layers may stay on the host") {
  Fixture f = llama();
  f.network.architecture.experts = llm::Experts{.count = 4, .used = 2, .width = 32};
  for (NetworkLayer& layer : f.network.layers) layer.experts = 30000 * byte;
  f.network.llama = llama_facts(f.network);
  f.placement.host_expert_layers = 3;
  const MemoryEstimate e = estimate(f);
  CHECK(bytes(e, 0, Term::weights) == 4 * 100000 + 30000 + 128000 + 128);
  CHECK(e.host[Term::weights].expected.in(byte) == 3 * 30000 + 128000);
  f.placement.host_expert_layers = 0;
  // Two of three matrices of a layer are on the device while it computes for the host.
  CHECK(bytes(e, 0, Term::compute) == bytes(estimate(f), 0, Term::compute) + 20000);
}

TEST_CASE("a tensor split cuts matrices and heads, not vectors") {
  Fixture f = llama();
  f.placement.devices = f.placement.tensor = 4;
  f.placement.split = workload::Split::tensor;
  const MemoryEstimate e = estimate(f);
  const double vectors = 4.0 * 128;
  const double layer = (100000 - vectors) / 4 + vectors;
  CHECK(bytes(e, 3, Term::weights) == doctest::Approx(4 * layer + 128128 / 4.0));
  // Two key-value heads over four devices: one on each.
  CHECK(bytes(e, 0, Term::kv_cache) == 1024 * 4 * 32 * 2 / 2.0);
  CHECK(bytes(e, 0, Term::graph_copies) == 0);
}

TEST_CASE("the host alone holds everything once") {
  Fixture f = llama();
  f.placement.devices = 0;
  f.backend = Backend::cpu;
  const MemoryEstimate e = estimate(f);
  CHECK(e.devices == 0);
  CHECK(e.host[Term::weights].expected.in(byte) == 4 * 100000 + 2 * 128000 + 128);
  CHECK(e.host[Term::kv_cache].expected.in(byte) == 1024 * 4 * 32 * 2);
}

TEST_CASE("layers with a window keep it and the micro-batch beside it") {
  Fixture f = llama();
  f.network = fixture_with_windows(200);
  f.network.architecture.sliding_window = 200;
  f.network.llama = llama_facts(f.network);
  // 200 + 128 cells in blocks of 256: 512 instead of 1024, in two of four layers.
  CHECK(bytes(estimate(f), 0, Term::kv_cache) == (2 * 1024 + 2 * 512) * 32 * 2);
  f.inference.sequences = 3;
  CHECK(bytes(estimate(f), 0, Term::kv_cache) == 3 * (2 * 1024 + 2 * 512) * 32 * 2);
  // Shared: 1024 cells for all, windows of three sequences: 3 x 200 + 128 -> 768.
  f.inference.shared_cache = true;
  CHECK(bytes(estimate(f), 0, Term::kv_cache) == (2 * 1024 + 2 * 768) * 32 * 2);
}

TEST_CASE("recurrent states are held for every slot and every speculative token") {
  Fixture f = llama();
  for (const std::size_t i : {0U, 1U}) {
    f.network.layers[i].cache = {};
    f.network.layers[i].state = {.state = 1000, .channels = 30, .taps = 4};
  }
  f.network.llama = rough_llama_facts(f.network);
  f.inference.sequences = 2;
  f.inference.draft_tokens = 3;
  // 2 layers x 4 B x (1000 + 3 x 30), for 2 slots with 1 + 3 states.
  CHECK(bytes(estimate(f), 0, Term::recurrent_state) == 2 * 4 * 1090 * 2 * 4);
}

TEST_CASE("several devices hold four copies of what enters the graph") {
  const MemoryEstimate one = estimate(on(1)), two = estimate(on(2));
  const double mask = 2.0 * 1024 * 128, embedding = 4.0 * 64 * 128;
  CHECK(bytes(two, 1, Term::graph_copies) == 3 * mask + 4 * embedding);
  CHECK(bytes(two, 0, Term::compute) == bytes(one, 0, Term::compute));
  CHECK(two.host[Term::compute].expected.in(byte) ==
        doctest::Approx(one.host[Term::compute].expected.in(byte) + 3 * mask));
}

TEST_CASE("a quantized cache is copied in half precision on CUDA, not on Vulkan") {
  Fixture f = llama();
  f.inference.context = 1 << 20;
  f.inference.key_type = f.inference.value_type = {34.0 / 32.0, true};
  const double copies = 2.0 * (1 << 20) * 32;
  const double cuda = bytes(estimate(f), 0, Term::compute);
  f.backend = Backend::vulkan;
  const double vulkan = bytes(estimate(f), 0, Term::compute);
  CHECK(cuda > vulkan + 0.9 * copies);
}

TEST_CASE("weights are as uncertain as their recipe") {
  Fixture f = llama();
  f.set(Constant::margin_exact, 0.005);
  f.network.tolerance = 0.04;
  const Interval weights = estimate(f).device[0][Term::weights];
  CHECK(weights.high.in(byte) == doctest::Approx(1.04 * weights.expected.in(byte)));
  const Interval cache = estimate(f).device[0][Term::kv_cache];
  CHECK(cache.high.in(byte) == doctest::Approx(1.005 * cache.expected.in(byte)));
}

TEST_CASE("hand-derived: 10 GiB of cache for Llama 3.1 70B at 32k") {
  // 80 layers x 8 heads x 128 x 2 x 2 B x 32768 cells.
  Fixture f = llama();
  f.network.layers.assign(80, {.cache = {.keys = 1024, .values = 1024}});
  f.network.llama = rough_llama_facts(f.network);
  f.inference.context = 32768;
  CHECK(bytes(estimate(f), 0, Term::kv_cache) == 10.0 * GiB.in(byte));
}

}  // namespace rigor::estimate
