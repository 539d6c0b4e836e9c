#include "llm/quantization.hpp"

#include <doctest/doctest.h>

#include <string>

namespace rigor::llm {
namespace {

/// Llama 2 7B: 32 layers, H 4096, I 11008, V 32000, no shared heads.
Architecture llama_7b() {
  Architecture a;
  a.gguf = "llama";
  a.vocabulary = 32000;
  a.hidden = 4096;
  a.layers.assign(32, Layer{.heads = 32, .kv_heads = 32, .head_dim = 128, .width = 11008});
  return a;
}

RecipeRule rule(RoleSet roles, std::string_view when, std::string_view type) {
  return {.roles = roles, .when = parse_when(when).value(), .type = find_tensor_type(type)};
}

Quantization recipe(std::string_view fallback, std::vector<RecipeRule> rules = {}) {
  return {.fallback = find_tensor_type(fallback), .rules = std::move(rules), .gguf = true};
}

std::string_view type_of(const Quantization& q, const Tensor& tensor,
                         const Architecture& a = llama_7b()) {
  return tensor_type(q, a, tensor).name;
}

}  // namespace

TEST_CASE("Llama 2 7B as F16 and as Q4_0, byte for byte") {
  // 6738415616 parameters, of which 266240 in 65 norm vectors stay F32.
  CHECK(weights(recipe("f16"), llama_7b()).in(byte) == 2.0 * 6738149376 + 4.0 * 266240);
  // Head (32000 x 4096) q6_K, the other 6607077376 matrix elements 18 bytes per 32.
  const Quantization q4_0 = recipe("q4_0", {rule({Role::output_head}, "", "q6_K")});
  CHECK(weights(q4_0, llama_7b()).in(byte) ==
        32000.0 * 16 * 210 + 6607077376.0 * 18 / 32 + 4.0 * 266240);
}

TEST_CASE("the first rule that matches wins, then the fallback") {
  const Quantization q =
      recipe("q4_K", {rule({Role::ffn_down}, "first-eighth", "q6_K"),
                      rule({Role::ffn_down}, "", "q5_K"), rule({}, "first-2", "q8_0")});
  CHECK(type_of(q, {.role = Role::ffn_down, .layer = 0, .columns = 11008}) == "q6_K");
  CHECK(type_of(q, {.role = Role::ffn_down, .layer = 9, .columns = 11008}) == "q5_K");
  CHECK(type_of(q, {.role = Role::ffn_up, .layer = 1, .columns = 4096}) == "q8_0");
  CHECK(type_of(q, {.role = Role::ffn_up, .layer = 2, .columns = 4096}) == "q4_K");
}

TEST_CASE("a row that blocks of 256 do not divide falls back as llama-quantize does") {
  struct Case {
    std::string_view type;
    std::int64_t columns;
    std::string_view stored;
  };
  for (const auto& [type, columns, stored] :
       {Case{"q4_K", 512, "q4_K"}, Case{"q4_K", 2880, "q5_0"}, Case{"q5_K", 2880, "q5_1"},
        Case{"q6_K", 1856, "q8_0"}, Case{"q3_K", 1856, "q4_0"}, Case{"q2_K", 96, "q4_0"},
        Case{"iq4_xs", 1856, "iq4_nl"}, Case{"iq1_s", 1856, "iq4_nl"}, Case{"tq1_0", 96, "q4_0"},
        Case{"q4_K", 100, "f16"}, Case{"q8_0", 100, "f16"}, Case{"iq5_k", 96, "q6_0"}}) {
    CAPTURE(type);
    CAPTURE(columns);
    CHECK(type_of(recipe(type), {.role = Role::ffn_up, .layer = 0, .columns = columns}) == stored);
  }
}

TEST_CASE("GGUF files keep vectors, routers and small matrices F32") {
  const Quantization q = recipe("q4_K");
  CHECK(type_of(q, {.role = Role::norm, .columns = 4096, .dimensions = 1}) == "f32");
  CHECK(type_of(q, {.role = Role::router, .columns = 4096, .rows = 128}) == "f32");
  CHECK(type_of(q, {.role = Role::state_small, .columns = 4, .rows = 8192}) == "f32");
  CHECK(type_of(q, {.role = Role::position_embedding, .columns = 768, .rows = 512}) == "f32");
  CHECK(type_of(q, {.role = Role::per_layer_projection, .columns = 2048, .rows = 256}) == "f16");
  CHECK(type_of(recipe("f32"), {.role = Role::per_layer_projection, .columns = 2048}) == "f32");
}

TEST_CASE("other formats follow their rules only") {
  Quantization q = recipe("bf16", {rule(find_roles("linear").value(), "", "nf4")});
  q.gguf = false;
  CHECK(type_of(q, {.role = Role::norm, .columns = 4096, .dimensions = 1}) == "bf16");
  CHECK(type_of(q, {.role = Role::router, .columns = 4096, .rows = 128}) == "bf16");
  CHECK(type_of(q, {.role = Role::ffn_up, .layer = 0, .columns = 100}) == "nf4");
  // Llama 2 7B: 6476005376 linear weights at 4.5 bits, the rest at 16.
  CHECK(weights(q, llama_7b()).in(byte) == 6476005376 * 4.5 / 8 + 2.0 * (6738415616 - 6476005376));
}

TEST_CASE("gpt-oss keeps its published MXFP4 experts in every GGUF file") {
  Architecture a = llama_7b();
  a.gguf = "gpt-oss";
  const Tensor experts{
      .role = Role::experts_up, .layer = 0, .columns = 2880, .rows = 92160, .experts = 32};
  CHECK(type_of(recipe("f16"), experts, a) == "mxfp4");
  CHECK(type_of(recipe("f16"), experts) == "f16");
}

}  // namespace rigor::llm
