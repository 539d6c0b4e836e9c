#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <array>

#include "estimate/memory/inference_fixture.hpp"

namespace rigor::estimate {
namespace {

using Estimator = void (*)(const InferenceCase& input, MemoryEstimate& result);
constexpr std::array<Estimator, 4> kEstimators = {vllm_memory, transformers_memory, mlx_memory,
                                                  exllama_memory};

/// An engine whose every constant is something.
Fixture arbitrary() {
  Fixture f;
  for (int i = 0; i < workload::kConstants; ++i) {
    f.engine.constants[static_cast<std::size_t>(i)] = *rc::gen::inRange(1, 2000);
  }
  f.set(workload::Constant::margin_exact, 0.02);
  f.set(workload::Constant::margin_model, 0.15);
  f.set(workload::Constant::weight_padding_rocm, 0.03);
  f.set(workload::Constant::graphs_low, 0.3);
  f.set(workload::Constant::graphs_high, 2.3);
  f.network = fixture_with_windows(*rc::gen::inRange(1, 4000));
  f.inference.context = *rc::gen::inRange(1, 20000);
  f.inference.sequences = *rc::gen::inRange(1, 40);
  f.inference.prompt = *rc::gen::inRange(0, 3000);
  f.inference.flash_attention = *rc::gen::arbitrary<bool>();
  f.inference.memory_fraction = *rc::gen::inRange(1, 100) / 100.0;
  f.placement.tensor = *rc::gen::inRange(1, 4);
  f.placement.pipeline = *rc::gen::inRange(1, 3);
  f.placement.devices = f.placement.tensor * f.placement.pipeline;
  return f;
}

Interval sum(const MemoryEstimate& estimate) {
  Interval all = estimate.host.total();
  for (int i = 0; i < estimate.devices; ++i) {
    all += estimate.device[static_cast<std::size_t>(i)].total();
  }
  return all;
}

}  // namespace

TEST_CASE("totals are ordered, and a previous answer leaves no trace") {
  CHECK(rc::check([] {
    const Fixture f = arbitrary();
    for (const Estimator estimator : kEstimators) {
      MemoryEstimate fresh;
      estimator(f.input(), fresh);
      MemoryEstimate used;
      used.device[0][Term::gradients] = spread(7 * GiB, 0.1);
      used.host[Term::gradients] = spread(7 * GiB, 0.1);
      estimator(f.input(), used);
      RC_ASSERT(sum(fresh) == sum(used));
      for (int i = 0; i < fresh.devices; ++i) {
        const Interval total = fresh.device[static_cast<std::size_t>(i)].total();
        RC_ASSERT(total.low <= total.expected + 1e-6 * byte);
        RC_ASSERT(total.expected <= total.high + 1e-6 * byte);
      }
    }
  }));
}

TEST_CASE("more context or more sequences never need less") {
  CHECK(rc::check([] {
    Fixture f = arbitrary();
    // vLLM's pool shrinks by what the cache grows: without a fraction its need shows.
    f.inference.memory_fraction = 1e-9;
    for (const Estimator estimator : kEstimators) {
      Fixture more = f;
      more.inference.context += *rc::gen::inRange(0, 5000);
      more.inference.sequences += *rc::gen::inRange(0, 5);
      MemoryEstimate small;
      MemoryEstimate large;
      estimator(f.input(), small);
      estimator(more.input(), large);
      RC_ASSERT(sum(small).expected <= sum(large).expected + 1e-6 * byte);
    }
  }));
}

TEST_CASE("cutting matrices never makes a device need more weights or cache") {
  CHECK(rc::check([] {
    Fixture f = arbitrary();
    f.placement.pipeline = 1;
    f.placement.tensor = f.placement.devices = 1;
    Fixture cut = f;
    cut.placement.tensor = cut.placement.devices = *rc::gen::inRange(2, 8);
    for (const Estimator estimator : kEstimators) {
      MemoryEstimate one;
      MemoryEstimate many;
      estimator(f.input(), one);
      estimator(cut.input(), many);
      for (const Term term : {Term::weights, Term::kv_cache, Term::recurrent_state}) {
        RC_ASSERT(many.device[0][term].expected <= one.device[0][term].expected + 1e-6 * byte);
      }
    }
  }));
}

}  // namespace rigor::estimate
