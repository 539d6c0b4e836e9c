#include "llm/tensor.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

namespace rigor::llm {
namespace {

/// Grouped-query decoder with tied embeddings.
Architecture llama_32_1b() {
  Architecture a{.vocabulary = 128256, .hidden = 2048, .tied_embeddings = true, .rope_factors = 32};
  a.layers.assign(16, {.heads = 32, .kv_heads = 8, .head_dim = 64, .width = 8192});
  return a;
}

Architecture gpt2() {
  Architecture a{.vocabulary = 50257,
                 .hidden = 768,
                 .tied_embeddings = true,
                 .learned_positions = 1024,
                 .norm = Norm::layer,
                 .qkv_bias = true,
                 .o_bias = true,
                 .mlp_bias = true,
                 .gated = false,
                 .fused_qkv = true};
  a.layers.assign(12, {.heads = 12, .kv_heads = 12, .head_dim = 64, .width = 3072});
  return a;
}

Architecture mixtral_8x7b() {
  Architecture a{.vocabulary = 32000, .hidden = 4096};
  a.experts = Experts{.count = 8, .used = 2, .width = 14336};
  a.layers.assign(
      32, {.feed_forward = FeedForward::experts, .heads = 32, .kv_heads = 8, .head_dim = 128});
  return a;
}

/// The only tensor of this role in this layer.
Tensor only(const std::vector<Tensor>& all, Role role, int layer) {
  Tensor found;
  int matches = 0;
  for (const Tensor& tensor : all) {
    if (tensor.role != role || tensor.layer != layer) continue;
    found = tensor;
    ++matches;
  }
  CAPTURE(to_text(role));
  CHECK(matches == 1);
  return found;
}

std::int64_t elements_of(const std::vector<Tensor>& all, int layer) {
  std::int64_t sum = 0;
  for (const Tensor& tensor : all) sum += tensor.layer == layer ? tensor.elements() : 0;
  return sum;
}

bool has_role(const std::vector<Tensor>& all, Role role) {
  for (const Tensor& tensor : all) {
    if (tensor.role == role) return true;
  }
  return false;
}

void check_shape(const Tensor& tensor, std::int64_t columns, std::int64_t rows) {
  CHECK(tensor.columns == columns);
  CHECK(tensor.rows == rows);
}

}  // namespace

TEST_CASE("a grouped-query decoder with tied embeddings") {
  // layer: q 2048 x 2048 + k, v 2048 x 512 each + o 2048 x 2048 = 10,485,760
  //        gate, up, down 3 x 2048 x 8192 = 50,331,648; two norms 4,096; together 60,821,504
  // 16 layers 973,144,064 + embedding 128256 x 2048 = 262,668,288 + last norm 2,048
  const Architecture a = llama_32_1b();
  CHECK(parameters(a) == 1'235'814'400);
  CHECK(active_parameters(a) == 1'235'814'400);
  const std::vector<Tensor> all = tensors(a);
  CHECK(elements_of(all, 15) == 60'821'504);
  CHECK_FALSE(has_role(all, Role::output_head));
  check_shape(only(all, Role::attention_k, 0), 2048, 512);
  check_shape(only(all, Role::attention_output, 0), 2048, 2048);
  check_shape(only(all, Role::ffn_down, 0), 8192, 2048);
}

TEST_CASE("what a GGUF file adds is listed on request only") {
  const Architecture a = llama_32_1b();
  CHECK(parameters(a, {.gguf_file = true}) == parameters(a) + 32);
}

TEST_CASE("fused projections, biases and learned positions") {
  // layer: two LayerNorms 4 x 768 = 3,072; qkv 768 x 2304 + 2304; output 768 x 768 + 768;
  //        up 768 x 3072 + 3072; down 3072 x 768 + 768; together 7,087,872
  // 12 layers 85,054,464 + embedding 38,597,376 + positions 786,432 + last norm 1,536
  const Architecture a = gpt2();
  CHECK(parameters(a) == 124'439'808);
  const std::vector<Tensor> all = tensors(a);
  CHECK(elements_of(all, 0) == 7'087'872);
  check_shape(only(all, Role::attention_qkv, 3), 768, 2304);
  CHECK_FALSE(has_role(all, Role::attention_q));
  CHECK_FALSE(has_role(all, Role::ffn_gate));
}

TEST_CASE("gate and up fused into one tensor named up") {
  // Phi-3 mini: up 3072 x (2 x 8192), down 8192 x 3072
  Architecture a{.vocabulary = 32064, .hidden = 3072, .fused_qkv = true, .fused_gate_up = true};
  a.layers.assign(1, {.heads = 32, .kv_heads = 32, .head_dim = 96, .width = 8192});
  const std::vector<Tensor> all = tensors(a);
  check_shape(only(all, Role::ffn_up, 0), 3072, 16384);
  check_shape(only(all, Role::ffn_down, 0), 8192, 3072);
  CHECK_FALSE(has_role(all, Role::ffn_gate));
}

TEST_CASE("experts are one stacked tensor per projection") {
  const Architecture a = mixtral_8x7b();
  const std::vector<Tensor> all = tensors(a);
  const Tensor down = only(all, Role::experts_down, 31);
  check_shape(down, 14336, 8 * 4096);
  CHECK(down.experts == 8);
  CHECK(down.dimensions == 3);
  check_shape(only(all, Role::router, 31), 4096, 8);
  // 46.7e9 in all; a token uses 2 of 8 experts: minus 32 x 6 x 3 x 4096 x 14336 = 33,822,867,456
  CHECK(parameters(a) == 46'702'792'704);
  CHECK(active_parameters(a) == 46'702'792'704 - 33'822'867'456);
}

TEST_CASE("biases of experts count like the experts they belong to") {
  // gpt-oss 20B: gate, up 32 x 2880 and down 32 x 2880 bias elements per layer, 4 of 32 experts
  // used
  Architecture a{.vocabulary = 8, .hidden = 2880, .tied_embeddings = true};
  a.experts =
      Experts{.count = 32, .used = 4, .width = 2880, .expert_bias = true, .router_bias = true};
  a.layers.assign(1, {.mixer = Mixer::none, .feed_forward = FeedForward::experts});
  const std::int64_t one = 3 * std::int64_t{2880} * 2880 + 3 * 2880;
  const std::int64_t router = 2880 * 32 + 32;
  const std::int64_t rest =
      8 * 2880 + 2880 + 2880 + router;  // embedding, last norm, one block norm
  CHECK(parameters(a) == 32 * one + rest);
  CHECK(active_parameters(a) == 4 * one + rest);
}

TEST_CASE("latent attention is listed with keys and values split") {
  // DeepSeek-V2 Lite: 16 heads, rank 512, nope 128, rope 64, v 128
  Architecture a{.vocabulary = 8, .hidden = 2048};
  a.mla = Mla{.q_rank = 0, .kv_rank = 512, .rope_dim = 64, .nope_dim = 128, .v_dim = 128};
  a.layers.assign(
      1, {.mixer = Mixer::mla, .heads = 16, .kv_heads = 16, .head_dim = 192, .width = 10944});
  const std::vector<Tensor> all = tensors(a);
  check_shape(only(all, Role::attention_q, 0), 2048, 16 * 192);
  check_shape(only(all, Role::mla_kv_a, 0), 2048, 576);
  check_shape(only(all, Role::mla_k_b, 0), 128, 16 * 512);
  check_shape(only(all, Role::mla_v_b, 0), 512, 16 * 128);
  check_shape(only(all, Role::attention_output, 0), 2048, 2048);
}

TEST_CASE("a gated delta-net layer") {
  // Qwen3.5 35B: keys 16 x 128, values 32 x 128, mixed channels 2 x 2048 + 4096 = 8192
  // 2048 x 8192 + 2048 x 4096 + 2 x 2048 x 32 + 4 x 8192 + 2 x 32 + 128 + 4096 x 2048 = 33,718,464
  Architecture a{.vocabulary = 8, .hidden = 2048, .norms_per_layer = 1};
  a.delta_net = DeltaNet{
      .key_heads = 16, .value_heads = 32, .key_dim = 128, .value_dim = 128, .convolution = 4};
  a.layers.assign(1, {.mixer = Mixer::delta_net, .feed_forward = FeedForward::none});
  const std::vector<Tensor> all = tensors(a);
  CHECK(elements_of(all, 0) == 33'718'464 + 2048);
  check_shape(only(all, Role::attention_qkv, 0), 2048, 8192);
  check_shape(only(all, Role::attention_gate, 0), 2048, 4096);
  check_shape(only(all, Role::state_out, 0), 4096, 2048);
  a.delta_net->fused_beta_alpha = true;
  const std::vector<Tensor> fused = tensors(a);
  check_shape(only(fused, Role::state_dt, 0), 2048, 64);
  CHECK(elements_of(fused, 0) == elements_of(all, 0));
}

TEST_CASE("a layer that lost its attention lost its norm too") {
  // Nemotron NAS: feed-forward 3 x 8192 x 2816 and one norm
  Architecture a{.vocabulary = 8, .hidden = 8192};
  a.layers.assign(1, {.mixer = Mixer::none, .heads = 64, .head_dim = 128, .width = 2816});
  CHECK(elements_of(tensors(a), 0) == 3 * std::int64_t{8192} * 2816 + 8192);
}

TEST_CASE("values that are keys have no projection") {
  Architecture a{.vocabulary = 8, .hidden = 3840};
  a.layers.assign(
      1, {.values_are_keys = true, .heads = 16, .kv_heads = 1, .head_dim = 512, .width = 1});
  const std::vector<Tensor> all = tensors(a);
  CHECK_FALSE(has_role(all, Role::attention_v));
  check_shape(only(all, Role::attention_k, 0), 3840, 512);
}

TEST_CASE("per-layer embeddings are one table for all layers") {
  Architecture a{.vocabulary = 8, .hidden = 2048};
  a.per_layer_embedding = PerLayerEmbedding{.width = 256, .vocabulary = 262144};
  a.layers.assign(30, {.heads = 8, .kv_heads = 2, .head_dim = 256, .width = 8192});
  const std::vector<Tensor> all = tensors(a);
  check_shape(only(all, Role::per_layer_embedding, kNoLayer), 30 * 256, 262144);
  check_shape(only(all, Role::per_layer_projection, kNoLayer), 2048, 30 * 256);
}

TEST_CASE("multi-token prediction continues the layer numbers") {
  // one more layer like the last, a projection of 2 x 4096 to 4096, three norms
  Architecture a = mixtral_8x7b();
  a.mtp = Mtp{.layers = 1};
  const std::vector<Tensor> all = tensors(a, {.mtp = true});
  check_shape(only(all, Role::next_token, 32), 8192, 4096);
  CHECK(elements_of(all, 32) == elements_of(all, 31) + 2 * 4096 * std::int64_t{4096} + 3 * 4096);
  CHECK(parameters(a) == 46'702'792'704);
  a.mtp->stores_embedding_copies = true;
  CHECK(parameters(a, {.mtp = true}) ==
        46'702'792'704 + elements_of(all, 32) + 2 * 32000 * std::int64_t{4096});
}

TEST_CASE("a network known by its size only") {
  const Architecture a{.plan = Plan::sizes_only, .published_parameters = 3'500'000'000};
  CHECK(parameters(a) == 3'500'000'000);
}

TEST_CASE("globals come before layers, layers in order") {
  int last = kNoLayer;
  for (const Tensor& tensor : tensors(llama_32_1b())) {
    CHECK(tensor.layer >= last);
    last = tensor.layer;
  }
}

TEST_CASE("every role has a name of its own") {
  std::set<std::string> names;
  for (int i = 0; i < kRoles; ++i) names.emplace(to_text(static_cast<Role>(i)));
  CHECK(names.size() == kRoles);
}

}  // namespace rigor::llm
