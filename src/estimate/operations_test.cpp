// What one token costs, by kind of operation: storage formats, experts, and networks of the
// catalogue.
#include "estimate/operations.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <map>

#include "adapters/toml/entry_reader.hpp"
#include "base/text.hpp"
#include "estimate/network.hpp"
#include "evidence/mapper.hpp"

namespace rigor::estimate {
namespace {

using doctest::Approx;

const Network& network(std::string_view id, std::string_view quantization = "bf16") {
  static const catalog::Catalog all(catalog::packed_catalogue(), &adapters::read_entry);
  static evidence::Library lookups(all);
  const Network* found = lookups.network(id, quantization);
  REQUIRE_MESSAGE(found != nullptr, id);
  return *found;
}

/// Elements of the matrices that a token is multiplied with, from the list of tensors alone.
double multiplied(const llm::Architecture& architecture) {
  double sum = 0;
  for (const llm::Tensor& tensor : llm::tensors(architecture)) {
    const bool looked_up = tensor.role == llm::Role::token_embedding;
    if (!looked_up && tensor.dimensions > 1) sum += static_cast<double>(tensor.elements());
  }
  return sum;
}

}  // namespace

TEST_CASE("every storage format belongs to the group whose kernels it runs on") {
  const std::map<Kernel, std::vector<std::string_view>> beginnings = {
      {Kernel::plain, {"f16", "f32", "f64"}},
      {Kernel::bf16, {"bf16"}},
      {Kernel::legacy, {"q1_0", "q2_0", "q4_0", "q4_1", "q5_0", "q5_1", "q6_0", "iq4_nl"}},
      {Kernel::q8, {"q8_", "int8", "i8", "gptq8"}},
      {Kernel::k_quant, {"q2_k", "q3_k", "q4_k", "q5_k", "q6_k"}},
      {Kernel::i_quant, {"iq1", "iq2", "iq3", "iq4_x", "iq4_k", "iq5", "iq6", "tq", "i2_s"}},
      {Kernel::fp4, {"mxfp4", "nvfp4"}},
      {Kernel::fp8, {"fp8"}},
      {Kernel::grouped4, {"awq4", "gptq4", "mlx", "exl", "nf4", "fp4"}},
  };
  for (const llm::TensorType& type : llm::tensor_types()) {
    const std::string name = lower(type.name);
    // Whole numbers of tables; no matrix is stored so.
    if (name == "i16" || name == "i32" || name == "i64") continue;
    CAPTURE(name);
    int groups = 0;
    for (const auto& [kernel, words] : beginnings) {
      const bool named = std::any_of(words.begin(), words.end(),
                                     [&](std::string_view w) { return name.starts_with(w); });
      if (!named) continue;
      ++groups;
      CHECK(to_text(kernel_of(type.name)) == to_text(kernel));
    }
    CHECK(groups == 1);
  }
}

TEST_CASE("formats by name") {
  const std::map<std::string_view, Kernel> expected = {
      {"q4_K", Kernel::k_quant},       {"q4_0", Kernel::legacy},
      {"iq4_nl", Kernel::legacy},      {"iq3_s", Kernel::i_quant},
      {"bf16", Kernel::bf16},          {"q8_0", Kernel::q8},
      {"mxfp4", Kernel::fp4},          {"nvfp4", Kernel::fp4},
      {"awq4_g128", Kernel::grouped4}, {"gptq4_g64", Kernel::grouped4},
      {"mlx4_g64", Kernel::grouped4},  {"exl_4.0", Kernel::grouped4},
      {"fp8_e4m3", Kernel::fp8},       {"gptq8_g128", Kernel::q8},
      {"q4_k_r4", Kernel::k_quant}};
  for (const auto& [name, kernel] : expected) {
    CAPTURE(name);
    CHECK(llm::find_tensor_type(name) != nullptr);
    CHECK(to_text(kernel_of(name)) == to_text(kernel));
  }
  for (int i = 0; i < kKernels; ++i) CHECK_FALSE(to_text(static_cast<Kernel>(i)).empty());
  for (int i = 0; i < kOperations; ++i) CHECK_FALSE(to_text(static_cast<Operation>(i)).empty());
}

TEST_CASE("experts met: those used by one token, in the end all") {
  CHECK(distinct_experts(128, 8, 1) == Approx(8));
  CHECK(distinct_experts(128, 8, 1e6) == Approx(128));
  CHECK(distinct_experts(8, 8, 1) == 8);
  CHECK(distinct_experts(0, 0, 100) == 0);
  // Two tokens with half of the experts each: a quarter is met by neither.
  CHECK(distinct_experts(4, 2, 2) == Approx(3));
}

TEST_CASE("more tokens never meet fewer experts, and never more than every token its own") {
  CHECK(rc::check([] {
    const double count = *rc::gen::inRange(1, 500);
    const double used = *rc::gen::inRange(1, static_cast<int>(count) + 1);
    const double tokens = *rc::gen::inRange(1, 10000);
    const double more = tokens + *rc::gen::inRange(1, 1000);
    const double met = distinct_experts(count, used, tokens);
    RC_ASSERT(met <= distinct_experts(count, used, more));
    RC_ASSERT(met >= used * (1 - 1e-12));
    RC_ASSERT(met <= std::min(count, used * tokens) * (1 + 1e-12));
  }));
}

TEST_CASE("a dense network's token passes through all but the embedding table and the vectors") {
  const Network& llama = network("llama-3.1-8b");
  const Operations& o = llama.operations;
  const double table = 128256.0 * 4096, norms = 65 * 4096;
  CHECK(o.active_elements() == 8030261248.0 - table - norms);
  CHECK(o.of(Operation::head).elements == table);
  CHECK(o.of(Operation::head).sum() == 2 * table * byte);
  CHECK(o.of(Operation::attention).elements == 32.0 * 2 * 4096 * (4096 + 1024));
  CHECK(o.of(Operation::feed_forward).elements == 32.0 * 3 * 4096 * 14336);
  CHECK(o.of(Operation::experts).elements == 0);
  CHECK(o.of(Operation::recurrent).elements == 0);
  CHECK(o.attention_kinds == 1);
  CHECK(o.attention[0].layers == 32);
  CHECK(o.attention[0].key_width == 1024);
  CHECK(o.attention[0].value_width == 1024);
  CHECK(o.attention[0].compute == 2 * 32 * 128);
  CHECK(o.dense_layers == 32);
  CHECK(o.expert_layers == 0);
}

TEST_CASE("of routed experts only those used are passed through") {
  const Operations& o = network("qwen3-30b-a3b").operations;
  CHECK(o.experts == 128);
  CHECK(o.experts_used == 8);
  CHECK(o.expert_layers == 48);
  CHECK(o.of(Operation::experts).elements == 48.0 * 128 * 3 * 2048 * 768);
  // 3.3e9 with the embedding table of 0.31e9.
  CHECK(o.active_elements() == Approx(3.0e9).epsilon(0.03));
}

TEST_CASE("a tied head is counted once, and is the table that is looked up in") {
  const Network& qwen = network("qwen3-0.6b");
  CHECK(qwen.tied());
  const double table = 151936.0 * 1024;
  CHECK(qwen.operations.of(Operation::head).elements == table);
  CHECK(qwen.operations.of(Operation::head).sum() == 2 * table * byte);
  CHECK(qwen.operations.active_elements() == multiplied(qwen.architecture) + table);
  const Network& untied = network("qwen3-8b");
  CHECK_FALSE(untied.tied());
  CHECK(untied.operations.of(Operation::head).elements == 151936.0 * 4096);
}

TEST_CASE("layers with a window are a kind of their own") {
  const Operations& o = network("gemma-3-27b").operations;
  REQUIRE(o.attention_kinds == 2);
  const bool first_slides = o.attention[0].window > 0;
  const AttentionKind& near = o.attention[first_slides ? 0 : 1];
  const AttentionKind& far = o.attention[first_slides ? 1 : 0];
  CHECK(near.window == 1024);
  CHECK(near.layers == 52);
  CHECK(far.window == 0);
  CHECK(far.layers == 10);
  CHECK(near.key_width == 16 * 128);
  CHECK(o.attention_layers == 62);
}

TEST_CASE("layers that keep a state are no attention layers") {
  const Network& qwen = network("qwen3-next-80b-a3b");
  const Operations& o = qwen.operations;
  CHECK(o.recurrent_layers == 36);
  CHECK(o.attention_layers == 12);
  CHECK(o.attention_kinds == 1);
  CHECK(o.attention[0].layers == 12);
  CHECK(o.of(Operation::recurrent).elements > 0);
  // 32 value heads with a state of 128 x 128 each, beside what the convolutions keep.
  CHECK(o.state >= 36.0 * 32 * 128 * 128);
  CHECK(o.active_elements() < 4e9);
  CHECK(network("llama-3.1-8b").operations.state == 0);
}

TEST_CASE("latent attention computes on the latent and caches it once") {
  const Network& deepseek = network("deepseek-v2-lite");
  const Operations& o = deepseek.operations;
  REQUIRE(o.attention_kinds == 1);
  CHECK(o.attention[0].key_width + o.attention[0].value_width == 512 + 64);
  CHECK(o.attention[0].compute == 16 * (2 * 512 + 64));
  CHECK(o.attention[0].expanded == 16 * (128 + 64 + 128));
  const Operations& llama = network("llama-3.1-8b").operations;
  CHECK(llama.attention[0].expanded == llama.attention[0].compute);
}

TEST_CASE("a head of its own replaces the embedding, whichever a file lists first") {
  const llm::Architecture& a = network("llama-3.1-8b").architecture;
  for (const bool head_first : {false, true}) {
    Operations o = make_operations(a);
    const auto head = [&] {
      add_tensor(o, a, llm::Role::output_head, llm::kNoLayer, 100, 60 * byte, Kernel::k_quant);
    };
    if (head_first) head();
    add_tensor(o, a, llm::Role::token_embedding, llm::kNoLayer, 100, 200 * byte, Kernel::plain);
    if (!head_first) head();
    CHECK(o.of(Operation::head).elements == 100);
    CHECK(o.of(Operation::head).sum() == 60 * byte);
  }
}

TEST_CASE("stored bytes stand under the format they are stored in, and nothing is lost") {
  for (const std::string_view quantization : {"bf16", "q4_k_m", "q8_0", "awq-4bit-g128", "fp8"}) {
    for (const std::string_view id : {"llama-3.1-8b", "qwen3-30b-a3b", "qwen3-next-80b-a3b"}) {
      CAPTURE(quantization);
      CAPTURE(id);
      const Network& n = network(id, quantization);
      Bytes sum;
      for (int i = 0; i < kOperations; ++i) sum += n.operations.of(static_cast<Operation>(i)).sum();
      const Bytes weights = n.weights() - n.token_embedding - n.others;
      CHECK(sum <= weights);
      CHECK(sum > 0.99 * weights);
    }
  }
  const Operations& k = network("llama-3.1-8b", "q4_k_m").operations;
  const Matrices& m = k.of(Operation::feed_forward);
  CHECK(m.stored[static_cast<std::size_t>(Kernel::k_quant)] == m.sum());
}

}  // namespace rigor::estimate
