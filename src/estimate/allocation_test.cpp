// Estimates of a network that `make_network` prepared allocate nothing.
#include <doctest/doctest.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "estimate/memory/inference_fixture.hpp"
#include "estimate/memory/llama_widths.hpp"
#include "estimate/speed/speed_case.hpp"
#include "estimate/speed/training_speed.hpp"

namespace {

std::atomic<long> allocations = 0;

}  // namespace

void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  ++allocations;
  return std::malloc(size);
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, const std::nothrow_t&) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

namespace rigor::estimate {

TEST_CASE("llama_cpp_memory allocates nothing") {
  Fixture f;
  f.network.llama = llama_facts(f.network);
  f.placement.devices = f.placement.pipeline = 4;
  f.set(workload::Constant::graph_copies, 4);
  for (const bool flash : {true, false}) {
    for (const workload::Backend backend :
         {workload::Backend::cuda, workload::Backend::rocm, workload::Backend::vulkan}) {
      f.inference.flash_attention = flash;
      f.backend = backend;
      MemoryEstimate result;
      const long before = allocations;
      llama_cpp_memory(f.input(), result);
      CHECK(allocations == before);
    }
  }
}

TEST_CASE("speed estimates allocate nothing") {
  Fixture f;
  f.network.operations = make_operations(f.network.architecture);
  f.placement.devices = f.placement.pipeline = 4;
  f.placement.host_layers = 1;
  SpeedRig rig;
  rig.devices.resize(4);
  const workload::FineTune finetune{.method = workload::Method::lora};
  const FineTuneCase training{f.network, f.engine, finetune, f.placement, f.accelerators, f.host};
  const TrainingRig machine;
  const PowerConstants power;
  const long before = allocations;
  rate_share(power, Phase::decode, 0.6);
  draw_share(power, Phase::prefill, 0.6);
  const SpeedCase input = speed_case(f.input(), rig);
  decode_step(input, 8, 100);
  prefill(input, 5000, 100);
  round_time(input, {.sequences = 8, .prompt = 100, .answer = 100});
  training_step(training, machine);
  CHECK(allocations == before);
}

}  // namespace rigor::estimate
