#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "llm/tensor.hpp"

namespace rigor::llm {
namespace {

Architecture any_decoder() {
  Architecture a;
  a.vocabulary = *rc::gen::inRange(1, 5000);
  a.hidden = *rc::gen::inRange(1, 300);
  a.tied_embeddings = *rc::gen::arbitrary<bool>();
  a.qkv_bias = *rc::gen::arbitrary<bool>();
  a.fused_qkv = *rc::gen::arbitrary<bool>();
  a.fused_gate_up = *rc::gen::arbitrary<bool>();
  Layer layer;
  layer.kv_heads = *rc::gen::inRange(1, 9);
  layer.heads = layer.kv_heads * *rc::gen::inRange(1, 9);
  layer.head_dim = *rc::gen::inRange(1, 129);
  layer.width = *rc::gen::inRange(1, 1000);
  a.layers.assign(static_cast<std::size_t>(*rc::gen::inRange(1, 7)), layer);
  return a;
}

/// The textbook sum: embeddings, then per layer attention, gated feed-forward and two norms.
std::int64_t textbook(const Architecture& a) {
  const Layer& layer = a.layers.front();
  const std::int64_t hidden = a.hidden;
  const std::int64_t queries = layer.heads * layer.head_dim;
  const std::int64_t keys = layer.kv_heads * layer.head_dim;
  const std::int64_t bias = a.qkv_bias ? queries + 2 * keys : 0;
  const std::int64_t one =
      2 * hidden * queries + 2 * hidden * keys + bias + 3 * hidden * layer.width + 2 * hidden;
  const std::int64_t embeddings = hidden * a.vocabulary * (a.tied_embeddings ? 1 : 2);
  return embeddings + hidden + one * static_cast<std::int64_t>(a.layers.size());
}

}  // namespace

TEST_CASE("the inventory of a plain decoder sums to the textbook formula, fused or not") {
  CHECK(rc::check([] {
    const Architecture a = any_decoder();
    RC_ASSERT(parameters(a) == textbook(a));
    RC_ASSERT(active_parameters(a) == parameters(a));
  }));
}

TEST_CASE("using more experts activates more parameters, up to all of them") {
  CHECK(rc::check([] {
    Architecture a = any_decoder();
    const int count = *rc::gen::inRange(1, 65);
    const int used = *rc::gen::inRange(1, count + 1);
    a.experts = Experts{.count = count, .used = used, .width = *rc::gen::inRange(1, 200)};
    for (Layer& layer : a.layers) layer.feed_forward = FeedForward::experts;
    const std::int64_t active = active_parameters(a);
    RC_ASSERT(active <= parameters(a));
    a.experts->used = count;
    RC_ASSERT(active <= active_parameters(a));
    RC_ASSERT(active_parameters(a) == parameters(a));
  }));
}

TEST_CASE("asking for more parts never lists less") {
  CHECK(rc::check([] {
    Architecture a = any_decoder();
    a.mtp = Mtp{.layers = *rc::gen::inRange(1, 4)};
    a.rope_factors = *rc::gen::inRange(0, 100);
    RC_ASSERT(parameters(a, {.mtp = true}) > parameters(a));
    RC_ASSERT(parameters(a, {.gguf_file = true}) == parameters(a) + a.rope_factors);
  }));
}

}  // namespace rigor::llm
