#include <doctest/doctest.h>

#include "estimate/memory/inference_fixture.hpp"

namespace rigor::estimate {
namespace {

using workload::Constant;

Fixture transformers() {
  Fixture f;
  f.engine.family = workload::EngineFamily::transformers;
  f.set(Constant::activation_widths, 3);
  f.set(Constant::activation_hiddens, 4);
  f.set(Constant::logits_tokens, 1);
  f.set(Constant::logit_bytes, 6);
  f.set(Constant::slack, 50);
  f.set(Constant::context_cuda, 9000);
  f.set(Constant::allocator_reserve, 700);
  f.inference.prompt = 80;
  return f;
}

DeviceMemory first_device(const Fixture& f) {
  MemoryEstimate result;
  transformers_memory(f.input(), result);
  return result.device[0];
}

}  // namespace

TEST_CASE("the prompt's activations decide when they exceed the cache still to come") {
  const DeviceMemory memory = first_device(transformers());
  CHECK(memory[Term::weights].expected == (4 * 100000 + 2 * 128000 + 128) * byte);
  CHECK(memory[Term::kv_cache].expected == 100 * 4 * 64 * byte);
  // 80 x 2 B x (3 x 128 + 4 x 64) = 102,400 B and 6,000 B of logits, less 20 tokens not yet cached.
  CHECK(memory[Term::compute].expected == (102400 + 6000 - 20 * 256 + 50) * byte);
  CHECK(memory[Term::runtime].expected == 9000 * byte);
  CHECK(memory[Term::fragmentation].expected == 700 * byte);
}

TEST_CASE("after a short prompt the last token decides") {
  Fixture f = transformers();
  f.inference.context = 1000;
  f.inference.prompt = 1;
  CHECK(first_device(f)[Term::compute].expected == (6000 + 50) * byte);
}

TEST_CASE("sequences multiply cache, activations and logits") {
  Fixture f = transformers();
  const DeviceMemory one = first_device(f);
  f.inference.sequences = 3;
  const DeviceMemory three = first_device(f);
  CHECK(three[Term::kv_cache].expected == 3 * one[Term::kv_cache].expected);
  CHECK(three[Term::compute].expected == 3 * (one[Term::compute].expected - 50 * byte) + 50 * byte);
  CHECK(three[Term::weights].expected == one[Term::weights].expected);
}

TEST_CASE("eager attention holds the scores of all pairs of tokens") {
  Fixture f = transformers();
  const Bytes without = first_device(f)[Term::compute].expected;
  f.set(Constant::score_bytes, 6);
  CHECK(first_device(f)[Term::compute].expected == without);
  f.inference.flash_attention = false;
  CHECK(first_device(f)[Term::compute].expected == without + 80 * 80 * 8 * 6 * byte);
}

TEST_CASE("a cache of full length, and logits of the whole prompt") {
  Fixture f = transformers();
  f.set(Constant::cache_preallocated, 1);
  f.set(Constant::logits_tokens, 0);
  f.set(Constant::logit_bytes, 2);
  CHECK(first_device(f)[Term::compute].expected == (102400 + 80 * 2000 + 50) * byte);
}

TEST_CASE("a tied head is held twice: for good in FP8 files, while loading in AWQ files") {
  struct Case {
    const char* quantization;
    double weights;
    double compute;
  };
  // Loading needs 128,000 B beside the weights, the cache then takes 256 of them.
  for (const auto& [quantization, weights, compute] :
       {Case{"BF16", 528128, 6000 + 50}, Case{"FP8", 656128, 6000 + 50},
        Case{"AWQ 4-bit g128", 528128, 128000 - 256 + 50}}) {
    CAPTURE(quantization);
    Fixture f = transformers();
    f.set(Constant::tied_copy, 1);
    f.set(Constant::activation_widths, 0);
    f.set(Constant::activation_hiddens, 0);
    f.network.output_head = {};
    f.network.quantization = quantization;
    f.inference.context = f.inference.prompt = 1;
    const DeviceMemory memory = first_device(f);
    CHECK(memory[Term::weights].expected == weights * byte);
    CHECK(memory[Term::compute].expected == compute * byte);
  }
}

TEST_CASE("fused attention inputs stand beside the stored ones, unless the file fuses them") {
  Fixture f = transformers();
  f.set(Constant::fused_copy, 1);
  f.inference.context = f.inference.prompt = 1;
  // (8 + 2 x 2) heads x 8 x 64 elements in 4 layers at 100,000 B per 49,872 elements.
  const double copy = 4 * 12 * 8 * 64 * 100000.0 / 49872;
  CHECK(first_device(f)[Term::compute].expected.in(byte) == doctest::Approx(copy - 256 + 50));
  f.network.architecture.fused_qkv = true;
  CHECK(first_device(f)[Term::compute].expected < 8000 * byte);
}

TEST_CASE("windows are kept or not, by version") {
  Fixture f = transformers();
  f.network = fixture_with_windows(10);
  CHECK(first_device(f)[Term::kv_cache].expected == 100 * 4 * 64 * byte);
  f.set(Constant::cache_windows, 1);
  CHECK(first_device(f)[Term::kv_cache].expected == (2 * 100 + 2 * 10) * 64 * byte);
}

TEST_CASE("layers over several devices: each has its own activations, the last the logits") {
  Fixture f = transformers();
  f.placement.devices = f.placement.pipeline = 2;
  MemoryEstimate result;
  transformers_memory(f.input(), result);
  CHECK(result.device[0][Term::compute].expected == (102400 - 20 * 128 + 50) * byte);
  CHECK(result.device[1][Term::compute].expected == (102400 + 6000 - 20 * 128 + 50) * byte);
}

TEST_CASE("a host holds quantized matrices more than once") {
  Fixture f = transformers();
  f.placement.devices = 0;
  f.set(Constant::host_copies, 2.5);
  f.set(Constant::context_cpu, 400);
  MemoryEstimate result;
  transformers_memory(f.input(), result);
  CHECK(result.host[Term::weights].expected == (2.5 * 400128 + 256000) * byte);
  CHECK(result.host[Term::runtime].expected == 400 * byte);
  CHECK(result.host[Term::fragmentation] == Interval{});
}

}  // namespace rigor::estimate
