#include "estimate/speed/training_padding.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <cmath>

namespace rigor::estimate {
namespace {

using doctest::Approx;
using workload::Batching;
using workload::FineTune;

FineTune task(int sample, int micro_batch, Batching batching) {
  FineTune f{.sequence = 2000, .micro_batch = micro_batch};
  f.batching = batching;
  f.sample_tokens = sample;
  return f;
}

}  // namespace

TEST_CASE("samples as long as the sequence leave nothing to pad") {
  for (const Batching batching : {Batching::packed, Batching::padded}) {
    for (const int sample : {0, 2000}) {
      const Lengths lengths = lengths_of(task(sample, 8, batching));
      CHECK(lengths.computed == 2000);
      CHECK(lengths.attended == 2000);
      CHECK(lengths.useful == 1);
    }
  }
}

TEST_CASE("packed sequences are full, and samples do not look at each other") {
  FineTune f = task(500, 8, Batching::packed);
  CHECK(lengths_of(f).computed == 2000);
  CHECK(lengths_of(f).attended == 500);
  CHECK(lengths_of(f).useful == 1);
  f.attention = workload::Attention::eager;
  CHECK(lengths_of(f).attended == 2000);
}

TEST_CASE("the longest of exponential lengths is the mean times the harmonic number") {
  // Far below the cut: 1 + 1/2 + 1/3 + 1/4.
  CHECK(longest_sample(1, 1e6, 4) == Approx(25.0 / 12));
  CHECK(longest_sample(300, 2000, 1) == Approx(300));
  CHECK(longest_sample(2000, 2000, 8) == 2000);
  // Very many: the cut itself.
  CHECK(longest_sample(300, 2000, 65536) == Approx(2000).epsilon(1e-3));
  // mean 1264.24 of 2000 is scale 2000, u = 1 - 1/e: u + u^2/2 of the scale.
  const double u = 1 - std::exp(-1.0);
  CHECK(longest_sample(2000 * u, 2000, 2) == Approx(2000 * (u + u * u / 2)));
  const Lengths lengths = lengths_of(task(500, 4, Batching::padded));
  CHECK(lengths.useful == Approx(500 / lengths.computed));
  CHECK(lengths.attended == lengths.computed);
}

TEST_CASE("padding stays between the mean and the sequence, and grows with the micro-batch") {
  CHECK(rc::check([] {
    const double most = *rc::gen::inRange(2, 100000);
    const double mean = std::max(1e-3, *rc::gen::inRange(1, 1001) / 1000.0) * most;
    double before = 0;
    for (const int count : {1, 2, 3, 7, 64, 5000}) {
      const double longest = longest_sample(mean, most, count);
      RC_ASSERT(longest >= mean * (1 - 1e-9));
      RC_ASSERT(longest <= most * (1 + 1e-9));
      RC_ASSERT(longest >= before * (1 - 1e-9));
      before = longest;
    }
  }));
}

TEST_CASE("longer samples never leave a larger share of padding") {
  CHECK(rc::check([] {
    const int sample = *rc::gen::inRange(1, 1999);
    const int micro_batch = *rc::gen::inRange(1, 33);
    const double shorter = lengths_of(task(sample, micro_batch, Batching::padded)).useful;
    const double longer = lengths_of(task(sample + 1, micro_batch, Batching::padded)).useful;
    RC_ASSERT(longer >= shorter * (1 - 1e-3));
  }));
}

}  // namespace rigor::estimate
