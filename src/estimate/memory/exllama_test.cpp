#include <doctest/doctest.h>

#include "estimate/memory/inference_fixture.hpp"

namespace rigor::estimate {
namespace {

using workload::Constant;

Fixture exllama() {
  Fixture f;
  f.engine.family = workload::EngineFamily::exllama;
  f.set(Constant::embedding_on_host, 1);
  f.set(Constant::head_bits, 6);
  f.set(Constant::batched_tokens, 32);
  f.set(Constant::activation_widths, 3);
  f.set(Constant::activation_hiddens, 4);
  f.set(Constant::logit_bytes, 100);
  f.set(Constant::cache_scratch, 2);
  f.set(Constant::context_cuda, 400);
  f.set(Constant::slack, 80);
  return f;
}

MemoryEstimate estimate(const Fixture& f) {
  MemoryEstimate result;
  exllama_memory(f.input(), result);
  return result;
}

}  // namespace

TEST_CASE("the embedding stays on the host, everything else is on the card") {
  const MemoryEstimate memory = estimate(exllama());
  const DeviceMemory& device = memory.device[0];
  CHECK(device[Term::weights].expected == (4 * 100000 + 128000 + 128) * byte);
  CHECK(memory.host[Term::weights].expected == 128000 * byte);
  CHECK(device[Term::kv_cache].expected == 100 * 4 * 64 * byte);
  // 32 x 2 B x (3 x 128 + 4 x 64) and 100 B for each of 1000 words.
  CHECK(device[Term::compute].expected == (40960 + 100000) * byte);
  CHECK(device[Term::dequantization].expected == 100 * 64 * byte);
  CHECK(device[Term::runtime].expected == 400 * byte);
  CHECK(device[Term::fragmentation].expected == 80 * byte);
}

TEST_CASE("a tied embedding becomes a head of its own precision") {
  Fixture f = exllama();
  f.network.output_head = {};
  CHECK(estimate(f).device[0][Term::weights].expected == (400128 + 64000 * 6 / 8) * byte);
  f.set(Constant::embedding_on_host, 0);
  CHECK(estimate(f).device[0][Term::weights].expected == (400128 + 128000) * byte);
}

TEST_CASE("a quantized cache is smaller but is read through copies of one layer") {
  Fixture f = exllama();
  f.inference.key_type = f.inference.value_type = {1.0625, true};
  const MemoryEstimate memory = estimate(f);
  CHECK(memory.device[0][Term::kv_cache].expected == 100 * 4 * 32 * 1.0625 * byte);
  CHECK(memory.device[0][Term::dequantization].expected == 2 * 100 * 64 * byte);
}

TEST_CASE("no layer's window saves memory") {
  Fixture f = exllama();
  f.network = fixture_with_windows(10);
  CHECK(estimate(f).device[0][Term::kv_cache].expected == 100 * 4 * 64 * byte);
}

TEST_CASE("tensor parallel: weights and cache are cut, chunk and copies are not") {
  Fixture f = exllama();
  f.placement.split = workload::Split::tensor;
  f.placement.devices = f.placement.tensor = 2;
  const MemoryEstimate memory = estimate(f);
  const DeviceMemory& device = memory.device[1];
  CHECK(device[Term::kv_cache].expected == 100 * 4 * 32 * byte);
  CHECK(device[Term::compute].expected == (40960 + 50000) * byte);
  CHECK(device[Term::dequantization].expected == 100 * 64 * byte);
  CHECK(device[Term::fragmentation].expected == 40 * byte);
}

}  // namespace rigor::estimate
