#include <doctest/doctest.h>

#include "estimate/memory/inference_fixture.hpp"
#include "estimate/memory/vllm_cache.hpp"

namespace rigor::estimate {
namespace {

using workload::Constant;

Fixture vllm() {
  Fixture f;
  f.engine.family = workload::EngineFamily::vllm;
  f.set(Constant::batched_tokens, 32);
  f.set(Constant::most_sequences, 4);
  f.set(Constant::activation_widths, 4);
  f.set(Constant::activation_hiddens, 3);
  f.set(Constant::logit_bytes, 10);
  f.set(Constant::non_torch, 1000);
  f.set(Constant::non_torch_parallel, 500);
  f.set(Constant::graphs, 2000);
  f.set(Constant::graphs_large, 2000);
  f.set(Constant::graphs_low, 0.5);
  f.set(Constant::graphs_high, 2);
  f.inference.batch = 0;
  f.inference.memory_fraction = 0.5;
  return f;
}

DeviceMemory first_device(const Fixture& f) {
  MemoryEstimate result;
  vllm_memory(f.input(), result);
  return result.device[0];
}

}  // namespace

TEST_CASE("every term of a small network, by hand") {
  const DeviceMemory memory = first_device(vllm());
  CHECK(memory[Term::weights].expected == (4 * 100000 + 2 * 128000 + 128) * byte);
  // 100 tokens fill 7 pages of 16; a token takes (16 + 16) x 2 B in each of 4 layers.
  CHECK(memory[Term::kv_cache].expected == 7 * 16 * 4 * 64 * byte);
  // 2 B x 32 tokens x (4 x 128 + 3 x 64) = 45,056 B; the sampler 4 x 1000 x 10 = 40,000 B.
  CHECK(memory[Term::compute].expected == 45056 * byte);
  CHECK(memory[Term::runtime].expected == 1000 * byte);
  CHECK(memory[Term::cuda_graphs] == Interval{1000 * byte, 2000 * byte, 4000 * byte});
}

TEST_CASE("the pool takes the rest of the fraction, so the expected total is the fraction") {
  Fixture f = vllm();
  f.set(Constant::margin_exact, 0.1);
  f.set(Constant::slack, 300);
  const DeviceMemory memory = first_device(f);
  const Bytes budget = 0.5 * 1e7 * byte;
  CHECK(memory.total().expected.in(byte) == doctest::Approx((budget + 2300 * byte).in(byte)));
  CHECK(memory[Term::cache_pool].high < memory[Term::cache_pool].expected);
  CHECK(memory.total().low <= memory.total().expected);
  CHECK(memory.total().expected <= memory.total().high);
  CHECK(memory.total().high.in(byte) == doctest::Approx((budget + 4300 * byte).in(byte)));
}

TEST_CASE("a need beyond the fraction does not fit, though the card could hold it") {
  struct Case {
    double fraction;
    Fit expected;
  };
  // Weights 656,128, cache 28,672, activation 45,056, libraries 1,000: 730,856 B, 1 % more when
  // high.
  for (const auto& [fraction, expected] :
       {Case{0.08, Fit::fits}, Case{0.0735, Fit::tight}, Case{0.07, Fit::does_not_fit}}) {
    CAPTURE(fraction);
    Fixture f = vllm();
    f.set(Constant::margin_exact, 0.01);
    f.inference.memory_fraction = fraction;
    MemoryEstimate result;
    vllm_memory(f.input(), result);
    CHECK(verdict(result).fit == expected);
    const Bytes short_by = 730856 * byte - fraction * 1e7 * byte;
    if (expected == Fit::does_not_fit) {
      CHECK(verdict(result).shortfall.in(byte) == doctest::Approx(short_by.in(byte)));
    }
  }
}

TEST_CASE("tensor parallelism cuts weights and feed-forward but not the gathered logits") {
  Fixture f = vllm();
  f.placement.devices = f.placement.tensor = 4;
  f.inference.most_sequences = 100;
  const DeviceMemory memory = first_device(f);
  // 2 key-value heads over 4 devices: one each, half the cell.
  CHECK(memory[Term::kv_cache].expected == 7 * 16 * 4 * 32 * byte);
  CHECK(memory[Term::compute].expected == 100 * 1000 * 10 * byte);
  CHECK(memory[Term::communication].expected == 500 * byte);
  f.inference.most_sequences = 1;
  CHECK(first_device(f)[Term::compute].expected == 2 * 32 * (4 * 128 / 4 + 3 * 64) * byte);
}

TEST_CASE("only the last stage samples") {
  Fixture f = vllm();
  f.placement.devices = 2;
  f.inference.most_sequences = 100;
  MemoryEstimate result;
  vllm_memory(f.input(), result);
  CHECK(result.device[0][Term::compute].expected == 45056 * byte);
  CHECK(result.device[1][Term::compute].expected == 1000000 * byte);
}

TEST_CASE("large cards have larger defaults, but an A100 counts as small") {
  Fixture f = vllm();
  f.set(Constant::large_card, 1e7);
  f.set(Constant::batched_tokens_large, 64);
  f.set(Constant::most_sequences_large, 4);
  f.accelerators[0].compute_capability = "9.0";
  CHECK(first_device(f)[Term::compute].expected == 2 * 45056 * byte);
  f.accelerators[0].compute_capability = "8.0";
  CHECK(first_device(f)[Term::compute].expected == 45056 * byte);
}

TEST_CASE("groups have as many layers as the smallest kind; other kinds leave slots unused") {
  struct Case {
    int full, sliding, recurrent;
    double slots;
  };
  // gpt-oss-20b, gemma-3-27b and Qwen3-Next, whose capacities vLLM's logs confirm to 0.3 %.
  for (const auto& [full, sliding, recurrent, slots] :
       {Case{12, 12, 0, 24}, Case{10, 52, 0, 70}, Case{12, 0, 36, 48}, Case{32, 0, 0, 32}}) {
    CAPTURE(full);
    Fixture f = vllm();
    f.network.layers.clear();
    f.network.architecture.layers.clear();
    const auto add = [&](int count, NetworkLayer layer) {
      const llm::Layer shape{.heads = 8, .kv_heads = 2, .head_dim = 8, .width = 128};
      for (int i = 0; i < count; ++i) {
        f.network.layers.push_back(layer);
        f.network.architecture.layers.push_back(shape);
      }
    };
    add(full, {.cache = {.keys = 16, .values = 16}});
    add(sliding, {.cache = {.keys = 16, .values = 16, .window = 64}});
    add(recurrent, {.state = {.state = 100, .channels = 10, .taps = 4}});
    // One block of 16 tokens in every slot, 64 B per token.
    const Bytes block = slots * 16 * 64 * byte;
    CHECK(vllm_cache_tokens(f.input(), 0, 10.5 * block) == 160);
    CHECK(vllm_cache_tokens(f.input(), 0, 0.9 * block) == 0);
  }
}

TEST_CASE("a sliding layer keeps its window and one batch; a state takes a page that holds it") {
  Fixture f = vllm();
  f.network = fixture_with_windows(40);
  f.inference.context = 1000;
  // Full: 63 pages. Sliding: 39 + 32 tokens are 5 pages, and one more. Two layers of 64 B each.
  CHECK(first_device(f)[Term::kv_cache].expected == (63 + 6) * 16 * 2 * 64 * byte);

  f.network = fixture_network();
  f.network.layers[3].cache = {};
  f.network.layers[3].state = {.state = 400, .channels = 20, .taps = 4};
  f.inference.sequences = 2;
  // 1,760 B of state need 27.5 tokens of 64 B: pages of 32 tokens, 2,048 B. Groups of one layer.
  const DeviceMemory memory = first_device(f);
  CHECK(memory[Term::kv_cache].expected == 2 * 1024 * 3 * 64 * byte);
  CHECK(memory[Term::recurrent_state].expected == 2 * 2048 * byte);
  f.inference.draft_tokens = 3;
  CHECK(first_device(f)[Term::recurrent_state].expected == 4 * 2 * 2048 * byte);
}

TEST_CASE("MXFP4 experts are padded, on ROCm in both directions") {
  Fixture f = vllm();
  f.set(Constant::expert_padding, 128);
  f.set(Constant::expert_padding_hidden, 256);
  f.network.architecture.experts = llm::Experts{.count = 4, .used = 1, .width = 100};
  for (NetworkLayer& layer : f.network.layers) {
    layer.expert_elements = 4000;
    layer.experts = 4000 * 0.53125 * byte;
  }
  derive(f.network);
  const Bytes unpadded = f.network.weights();
  const double experts = 4 * 4000 * 0.53125;
  // Width 100 -> 128 and hidden 64 -> 256; on ROCm the width becomes 256 as well.
  CHECK(first_device(f)[Term::weights].expected.in(byte) ==
        doctest::Approx(unpadded.in(byte) + experts * (1.28 * 4 - 1)));
  f.backend = workload::Backend::rocm;
  CHECK(first_device(f)[Term::weights].expected.in(byte) ==
        doctest::Approx(unpadded.in(byte) + experts * (2.56 * 4 - 1)));
}

TEST_CASE("on a host there is no fraction") {
  Fixture f = vllm();
  f.placement.devices = 0;
  f.host.memory = 1e6 * byte;
  f.set(Constant::context_cpu, 700);
  MemoryEstimate result;
  vllm_memory(f.input(), result);
  CHECK(result.devices == 0);
  CHECK(result.host.capacity == 1e6 * byte);
  CHECK(result.host[Term::cache_pool] == Interval{});
  CHECK(result.host[Term::runtime].expected == 700 * byte);
}

}  // namespace rigor::estimate
