// Which kernels a batch goes through, and what bounds them.
#include "estimate/speed/inference_speed.hpp"

#include <doctest/doctest.h>

#include "estimate/speed/calibration.hpp"

namespace rigor::estimate {
namespace {

using doctest::Approx;

/// A network of one kind of matrix on one device, without launches, caches or a program.
struct Bare {
  Operations operations;
  Executor executor;
  SpeedCase input;

  explicit Bare(Operation operation = Operation::feed_forward) {
    Matrices& matrices = operations.matrices[static_cast<std::size_t>(operation)];
    matrices.elements = 8e9;
    matrices.stored[static_cast<std::size_t>(Kernel::k_quant)] = Bytes::from_base(4.5e9);
    operations.hidden = 4096;
    operations.layers = 32;
    executor.bandwidth = BytesPerSecond::from_base(9e11);
    executor.peak = FlopsPerSecond::from_base(1.4e14);
    executor.plain = FlopsPerSecond::from_base(3.6e13);
    SpeedConstants& k = executor.constants;
    k.value.fill(1.0);
    for (const Factor none : {Factor::launch, Factor::step, Factor::sequence, Factor::half_tokens})
      k[none] = 0;
    k[Factor::unpack + Kernel::k_quant] = 0;
    k[Factor::repeat] = 0.25;
    input.operations = &operations;
    input.stages = 1;
    input.stage[0].executor = &executor;
  }
  Bare(const Bare&) = delete;
  Bare& operator=(const Bare&) = delete;

  [[nodiscard]] double step(double sequences) const {
    return decode_step(input, sequences, 0).total().in(second);
  }
  [[nodiscard]] double prompt(double tokens) const {
    return prefill(input, tokens, 0).total().in(second);
  }
};

}  // namespace

TEST_CASE("one token takes as long as its weights take to be read") {
  const Bare bare;
  CHECK(bare.step(1) == Approx(4.5e9 / 9e11));
}

TEST_CASE("up to eight tokens, each further one repeats a part of the first") {
  const Bare bare;
  CHECK(bare.step(2) == Approx(1.25 * bare.step(1)));
  CHECK(bare.step(8) == Approx(2.75 * bare.step(1)));
  CHECK(bare.prompt(8) == Approx(bare.step(8)));
  Bare slow;
  slow.executor.constants[Factor::repeat] = 3;  // no more than as much again
  CHECK(slow.step(8) == Approx(8 * slow.step(1)));
}

TEST_CASE("more tokens go through tiles, which half-empty take longer") {
  Bare bare;
  const double full = 2 * 8e9 * 4096 / 1.4e14;
  CHECK(bare.prompt(4096) == Approx(8 * 2 * 8e9 * 512 / 1.4e14).epsilon(0.01));
  bare.input.micro_batch = 4096;
  CHECK(bare.prompt(4096) == Approx(full).epsilon(0.01));
  bare.executor.constants[Factor::half_tokens] = 4096;
  CHECK(bare.prompt(4096) == Approx(2 * full).epsilon(0.01));
}

TEST_CASE("nine tokens take no less than eight") {
  Bare bare;
  bare.executor.constants[Factor::repeat] = 1;
  CHECK(bare.prompt(9) == Approx(bare.prompt(8)));
  CHECK(bare.prompt(4096) > bare.prompt(9));
}

TEST_CASE("unpacking weighs on devices with few plain operations per byte") {
  Bare bare;
  const double before = bare.step(1);
  bare.executor.constants[Factor::unpack + Kernel::k_quant] = 8;
  const double gaming = bare.step(1);
  CHECK(gaming > before);
  bare.executor.plain *= 0.25;
  CHECK(bare.step(1) > 1.5 * gaming);
}

TEST_CASE("two tokens of routed experts already go through tiles") {
  Bare bare(Operation::experts);
  bare.operations.experts = 64;
  bare.operations.experts_used = 8;
  bare.operations.expert_layers = 32;
  bare.executor.constants[Factor::half_tokens] = 1000;
  // In a prompt they take longer than one after the other; of several users they never do.
  CHECK(bare.prompt(2) > 2 * bare.step(1));
  CHECK(bare.step(2) == Approx(2 * bare.step(1)));
}

TEST_CASE("matrix units count with an exponent") {
  Bare bare;
  bare.input.micro_batch = 4096;
  bare.executor.constants[Factor::matrix] = 0;
  CHECK(bare.prompt(4096) == Approx(2 * 8e9 * 4096 / 3.6e13).epsilon(0.01));
}

}  // namespace rigor::estimate
