#include "llm/cache_shape.hpp"

#include <doctest/doctest.h>

namespace rigor::llm {
namespace {

const Layer kGrouped{.heads = 32, .kv_heads = 8, .head_dim = 128};

}  // namespace

TEST_CASE("grouped-query attention keeps kv_heads x head_dim keys and as many values") {
  const LayerCache cache = layer_cache({}, kGrouped);
  CHECK(cache.keys == 1024);
  CHECK(cache.values == 1024);
  CHECK(cache.elements() == 2048);
  CHECK(cache.window == 0);
}

TEST_CASE("layers that see a window keep its cells only") {
  Layer sliding = kGrouped;
  sliding.reach = Reach::sliding;
  CHECK(layer_cache({.sliding_window = 4096}, sliding).window == 4096);
  sliding.reach = Reach::chunked;
  CHECK(layer_cache({.sliding_window = 8192}, sliding).window == 8192);
  CHECK(layer_cache({.sliding_window = 4096}, kGrouped).window == 0);
}

TEST_CASE("layers without a cache of their own") {
  Layer shared = kGrouped;
  shared.owns_cache = false;
  CHECK(layer_cache({}, shared).empty());
  CHECK(layer_cache({.causal = false}, kGrouped).empty());
  CHECK(layer_cache({}, {.mixer = Mixer::none}).empty());
}

TEST_CASE("values that reuse the key projection are cached all the same") {
  // they differ from the keys by normalisation and rotation
  Layer layer{.values_are_keys = true, .heads = 16, .kv_heads = 1, .head_dim = 512};
  CHECK(layer_cache({}, layer).elements() == 1024);
}

TEST_CASE("latent attention keeps one compressed vector and the rotary key") {
  Architecture a;
  a.mla = Mla{.q_rank = 1536, .kv_rank = 512, .rope_dim = 64, .nope_dim = 128, .v_dim = 128};
  const Layer layer{.mixer = Mixer::mla, .heads = 128, .kv_heads = 128, .head_dim = 192};
  CHECK(layer_cache(a, layer).keys == 576);
  CHECK(layer_cache(a, layer).values == 0);
  CHECK(layer_cache(a, layer).index_keys == 0);
  a.mla->index_heads = 64;
  a.mla->index_dim = 128;
  CHECK(layer_cache(a, layer).index_keys == 128);
}

TEST_CASE("DeepSeek-V4 keeps a window and one compressed entry per 4 or 128 tokens") {
  // per layer: 512 elements for each of the last 128 tokens; ratio 4 adds 512 / 4 + 128 / 4 per
  // token, ratio 128 adds 512 / 128
  Architecture a{.plan = Plan::deepseek_v4, .sliding_window = 128};
  a.deepseek_v4 = DeepSeekV4{.index_heads = 64, .index_dim = 128};
  Layer layer{.reach = Reach::sliding, .heads = 64, .kv_heads = 1, .head_dim = 512};
  CHECK(layer_cache(a, layer).keys == 512);
  CHECK(layer_cache(a, layer).window == 128);
  CHECK(layer_cache(a, layer).compressed_keys == 0);
  layer.compress = 4;
  CHECK(layer_cache(a, layer).ratio == 4);
  CHECK(layer_cache(a, layer).compressed_keys == 512);
  CHECK(layer_cache(a, layer).compressed_index_keys == 128);
  layer.compress = 128;
  CHECK(layer_cache(a, layer).ratio == 128);
  CHECK(layer_cache(a, layer).compressed_index_keys == 0);
}

TEST_CASE("recurrent states do not grow with the context") {
  Architecture a;
  SUBCASE("delta net: value heads x key dim x value dim, and 2 k + v channels") {
    a.delta_net = DeltaNet{
        .key_heads = 16, .value_heads = 32, .key_dim = 128, .value_dim = 128, .convolution = 4};
    const RecurrentState state = recurrent_state(a, {.mixer = Mixer::delta_net});
    CHECK(state.state == 32 * 128 * 128);
    CHECK(state.convolution() == 4 * (2 * 16 * 128 + 32 * 128));
  }
  SUBCASE("Mamba 2: heads x head dim x state, and inner + 2 groups x state channels") {
    a.state_space = StateSpace{.heads = 64, .head_dim = 64, .state = 128, .groups = 8};
    const RecurrentState state = recurrent_state(a, {.mixer = Mixer::mamba2});
    CHECK(state.state == 64 * 64 * 128);
    CHECK(state.channels == 64 * 64 + 2 * 8 * 128);
    CHECK(state.taps == 4);
  }
  SUBCASE("Mamba 1: inner x state, and inner channels") {
    a.state_space = StateSpace{.state = 16, .inner = 5120, .dt_rank = 160};
    const RecurrentState state = recurrent_state(a, {.mixer = Mixer::mamba1});
    CHECK(state.state == 5120 * 16);
    CHECK(state.channels == 5120);
  }
  SUBCASE("short convolution: no matrix state") {
    a.short_convolution = ShortConvolution{.cache = 3, .width = 2048};
    const RecurrentState state = recurrent_state(a, {.mixer = Mixer::short_conv});
    CHECK(state.state == 0);
    CHECK(state.convolution() == 3 * 2048);
  }
  SUBCASE("attention: none") {
    CHECK(recurrent_state(a, kGrouped).empty());
  }
}

TEST_CASE("layers that generate") {
  Architecture a;
  a.layers.assign(32, kGrouped);
  CHECK(generating_layers(a) == 32);
  a.plan = Plan::whisper;
  a.decoder_layers = 4;
  CHECK(generating_layers(a) == 4);
  a.causal = false;
  CHECK(generating_layers(a) == 0);
}

}  // namespace rigor::llm
