#include "estimate/memory/llama_pool.hpp"

#include <doctest/doctest.h>

#include <cmath>

namespace rigor::estimate {
namespace {

PoolWidths llama_8b() {
  return {.hidden = 4096, .queries = 4096, .heads = 32, .dense = 14336};
}

}  // namespace

TEST_CASE("prompts below 64 tokens expand nothing on ROCm") {
  CHECK(rocm_pool(llama_8b(), 63, 512, true) == Bytes{});
  CHECK(rocm_pool(llama_8b(), 64, 512, true) > Bytes{});
}

TEST_CASE("without flash attention every larger score matrix adds a block") {
  // Step i of 512 tokens asks for 2 B x 512 i x 512 x 32 heads = 16 i MiB. The largest block so far
  // is the feed-forward's expanded matrix, 2 B x 4096 x 14336 x 1.05 = 117.6 MiB: steps 8 to 16 of
  // an 8192-token prompt add 1.05 x 16 i each.
  const Bytes pool = rocm_pool(llama_8b(), 8192, 512, false);
  const Bytes flash = rocm_pool(llama_8b(), 8192, 512, true);
  double added = 0;
  for (int step = 8; step <= 16; ++step) added += 1.05 * 16 * step;
  CHECK((pool - flash).in(MiB) == doctest::Approx(added).epsilon(0.01));
}

TEST_CASE("with flash attention one pass decides, however long the prompt") {
  CHECK(rocm_pool(llama_8b(), 512, 512, true) == rocm_pool(llama_8b(), 65536, 512, true));
}

TEST_CASE("unquantized matrices need no copies") {
  PoolWidths widths = llama_8b();
  widths.quantized = false;
  CHECK(rocm_pool(widths, 512, 512, true).in(MiB) < 9);  // 4 B x 512 x 4096 x 1.05
}

TEST_CASE("CUDA keeps the largest request") {
  // Inputs of the feed-forward as q8_1: 512 x 14336 x 1.125 B = 7.875 MiB; queries in F32: 8 MiB.
  CHECK(cuda_pool(llama_8b(), 512, 512, true).in(MiB) == doctest::Approx(8.0));
  // Scores of a whole prompt in F16: 2 B x 8192 x 512 x 32.
  CHECK(cuda_pool(llama_8b(), 8192, 512, false).in(MiB) == doctest::Approx(256));
}

}  // namespace rigor::estimate
