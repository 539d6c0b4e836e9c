#include <doctest/doctest.h>

#include "estimate/memory/inference_fixture.hpp"

namespace rigor::estimate {
namespace {

using workload::Constant;

Fixture mlx() {
  Fixture f;
  f.engine.family = workload::EngineFamily::mlx;
  f.backend = workload::Backend::metal;
  f.set(Constant::cache_padding, 256);
  f.set(Constant::batched_tokens, 64);
  f.set(Constant::activation_widths, 3);
  f.set(Constant::activation_hiddens, 4);
  f.set(Constant::expert_hiddens, 2);
  f.set(Constant::context_metal, 5000);
  f.accelerators[0].unified = true;
  return f;
}

DeviceMemory only_device(const Fixture& f) {
  MemoryEstimate result;
  mlx_memory(f.input(), result);
  return result.device[0];
}

}  // namespace

TEST_CASE("the cache grows in steps and a prompt is computed in chunks") {
  const DeviceMemory memory = only_device(mlx());
  CHECK(memory[Term::weights].expected == (4 * 100000 + 2 * 128000 + 128) * byte);
  CHECK(memory[Term::kv_cache].expected == 256 * 4 * 64 * byte);
  CHECK(memory[Term::compute].expected == 64 * 2 * (3 * 128 + 4 * 64) * byte);
  CHECK(memory[Term::runtime].expected == 5000 * byte);
  CHECK(memory.capacity == 1e7 * byte);
}

TEST_CASE("a rotating cache keeps its window and the chunk being computed") {
  Fixture f = mlx();
  f.network = fixture_with_windows(100);
  f.inference.context = 1000;
  CHECK(only_device(f)[Term::kv_cache].expected == (2 * 1024 + 2 * 164) * 64 * byte);
}

TEST_CASE("the hidden state is repeated for each expert of a token") {
  Fixture f = mlx();
  f.network.architecture.experts = llm::Experts{.count = 8, .used = 4, .width = 100};
  // 3 x 4 x 100 + 4 x 64 + 2 x 4 x 64
  CHECK(only_device(f)[Term::compute].expected == 64 * 2 * (1200 + 256 + 512) * byte);
}

TEST_CASE("the vision tower is loaded only when asked for") {
  Fixture f = mlx();
  f.network.vision = 3000 * byte;
  CHECK(only_device(f)[Term::vision] == Interval{});
  f.inference.vision = true;
  CHECK(only_device(f)[Term::vision].expected == 3000 * byte);
}

}  // namespace rigor::estimate
