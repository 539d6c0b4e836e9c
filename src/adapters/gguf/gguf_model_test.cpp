#include "adapters/gguf/gguf_model.hpp"

#include <doctest/doctest.h>

#include <chrono>

#include "adapters/bytes/file_source.hpp"
#include "adapters/gguf/gguf_writer.hpp"
#include "adapters/model/scratch_folder.hpp"
#include "llm/tensor.hpp"

namespace rigor::adapters {
namespace {

using testing::GgufWriter;
using testing::opener;
using testing::ScratchFolder;

/// Llama dimensions: V 1000, H 256, A 8, KV 2, D 32, I 512, 2 layers.
GgufWriter tiny_llama(GgufWriter writer = GgufWriter()) {
  writer.text("general.architecture", "llama")
      .text("general.name", "Tiny Llama")
      .u32("general.file_type", 15);
  writer.u32("llama.block_count", 2)
      .u32("llama.context_length", 4096)
      .u32("llama.attention.head_count", 8);
  writer.u32("llama.attention.head_count_kv", 2)
      .f32("llama.attention.layer_norm_rms_epsilon", 1e-5F);
  writer.tensor("token_embd.weight", {256, 1000}, 12).tensor("output.weight", {256, 1000}, 14);
  writer.tensor("output_norm.weight", {256}, 0);
  for (const std::string block : {"blk.0.", "blk.1."}) {
    writer.tensor(block + "attn_norm.weight", {256}, 0).tensor(block + "ffn_norm.weight", {256}, 0);
    writer.tensor(block + "attn_q.weight", {256, 256}, 12)
        .tensor(block + "attn_k.weight", {256, 64}, 12);
    writer.tensor(block + "attn_v.weight", {256, 64}, 14)
        .tensor(block + "attn_output.weight", {256, 256}, 12);
    writer.tensor(block + "ffn_gate.weight", {256, 512}, 12)
        .tensor(block + "ffn_up.weight", {256, 512}, 12);
    writer.tensor(block + "ffn_down.weight", {512, 256}, 14);
  }
  return writer;
}

TEST_CASE("one file: format, quantization, architecture and exact bytes") {
  const auto model = read_gguf("tiny.gguf", opener({{"tiny.gguf", tiny_llama()}}));
  REQUIRE_MESSAGE(model.has_value(), model.error().message);
  CHECK(model->format == "GGUF v3");
  CHECK(model->quantization == "Q4_K_M");
  CHECK(model->undetermined.empty());
  REQUIRE(model->architecture.has_value());
  CHECK(model->architecture->name == "Tiny Llama");
  CHECK(model->architecture->layers.size() == 2);
  CHECK(model->architecture->layers[0].head_dim == 32);
  // 2 V H + H + 2 (2 H + 2 H H + 2 H 64 + 3 H I), by hand:
  CHECK(llm::parameters(*model->architecture) ==
        512000 + 256 + 2 * (512 + 131072 + 32768 + 393216));
  // q4_K has 144 bytes per 256 elements, q6_K 210, F32 four each.
  const double q4 = 1000 + 2 * (256 + 64 + 256 + 512 + 512), q6 = 1000 + 2 * (64 + 512);
  CHECK(model->size() == (144 * q4 + 210 * q6 + 1024 * 5) * byte);
}

TEST_CASE("a file type that is not stated is the one most bytes have") {
  GgufWriter writer;
  writer.text("general.architecture", "llama")
      .tensor("token_embd.weight", {256, 10}, 12)
      .tensor("a", {256}, 0);
  CHECK(read_gguf("x", opener({{"x", writer}}))->quantization == "q4_K");
  writer.u32("general.file_type", 1024 + 7);  // guessed by the converter
  CHECK(read_gguf("x", opener({{"x", writer}}))->quantization == "Q8_0");
}

/// The tiny network in three parts: metadata in the first, tensors in all.
std::vector<std::pair<std::string, GgufWriter>> three_parts() {
  const auto part = [](int number) {
    GgufWriter writer;
    writer.u32("split.no", number).u32("split.count", 3).u32("split.tensors.count", 5);
    return writer;
  };
  GgufWriter first = part(0);
  first.text("general.architecture", "llama").u32("llama.attention.head_count", 4);
  return {
      {"dir/m-00001-of-00003.gguf", first.tensor("token_embd.weight", {64, 10})},
      {"dir/m-00002-of-00003.gguf",
       part(1).tensor("blk.0.attn_norm.weight", {64}).tensor("blk.0.attn_q.weight", {64, 64})},
      {"dir/m-00003-of-00003.gguf",
       part(2).tensor("blk.0.attn_k.weight", {64, 64}).tensor("blk.0.attn_v.weight", {64, 64})}};
}

TEST_CASE("all parts of a split file are read, whichever is named") {
  for (const char* name :
       {"dir/m-00001-of-00003.gguf", "dir/m-00002-of-00003.gguf", "dir/m-00003-of-00003.gguf"}) {
    const auto model = read_gguf(name, opener(three_parts()));
    REQUIRE_MESSAGE(model.has_value(), model.error().message);
    CHECK(model->tensors.size() == 5);
    CHECK(model->size() == 2.0 * (640 + 64 + 3 * 4096) * byte);
    CHECK(model->source == name);
  }
}

TEST_CASE("parts that are missing or strange are named") {
  auto parts = three_parts();
  parts.erase(parts.begin() + 1);
  const auto missing = read_gguf("dir/m-00001-of-00003.gguf", opener(parts));
  REQUIRE(!missing.has_value());
  CHECK(missing.error().code == ErrorCode::not_found);
  CHECK(missing.error().message == "part 2 of 3 is missing");
  CHECK(missing.error().where == "dir/m-00002-of-00003.gguf");

  auto renamed = three_parts();
  renamed[0].first = "dir/renamed.gguf";
  CHECK(read_gguf("dir/renamed.gguf", opener(renamed)).error().message.find("one of 3 parts") !=
        std::string::npos);

  auto swapped = three_parts();
  std::swap(swapped[1].second, swapped[2].second);
  CHECK(read_gguf("dir/m-00001-of-00003.gguf", opener(swapped)).error().message ==
        "this is not part 2 of 3");

  auto foreign = three_parts();
  foreign[2].second = tiny_llama();
  CHECK(read_gguf("dir/m-00001-of-00003.gguf", opener(foreign)).error().message ==
        "this is not part 3 of 3");

  auto twins = three_parts();
  twins[2].second = GgufWriter()
                        .u32("split.no", 2)
                        .u32("split.count", 3)
                        .tensor("blk.0.attn_q.weight", {64, 64})
                        .tensor("b", {64});
  CHECK(read_gguf("dir/m-00001-of-00003.gguf", opener(twins))
            .error()
            .message.find("is in two parts") != std::string::npos);

  auto fewer = three_parts();
  fewer[2].second =
      GgufWriter().u32("split.no", 2).u32("split.count", 3).tensor("blk.0.attn_k.weight", {64, 64});
  CHECK(read_gguf("dir/m-00001-of-00003.gguf", opener(fewer)).error().message ==
        "its parts hold 4 tensors, 5 are announced");
}

TEST_CASE("names of parts are recognised exactly") {
  const auto part = gguf_part("a/b-00002-of-00003.gguf");
  REQUIRE(part.has_value());
  CHECK(part->number == 2);
  CHECK(part->count == 3);
  CHECK(part->sibling(1) == "a/b-00001-of-00003.gguf");
  CHECK(gguf_part("https://x/m-00001-of-00002.gguf?download=true")->sibling(2) ==
        "https://x/m-00002-of-00002.gguf?download=true");
  for (const char* none :
       {"", "a.gguf", "-00001-of-00003.gguf", "a-0001-of-0003.gguf", "a-00000-of-00003.gguf",
        "a-00004-of-00003.gguf", "a-0000x-of-00003.gguf", "a-00001-of-00003.ggufx",
        "a-00001-to-00003.gguf", "a_00001-of-00003.gguf", "a--0001-of-00003.gguf"}) {
    CAPTURE(none);
    CHECK(!gguf_part(none).has_value());
  }
}

TEST_CASE("what rigor cannot describe keeps its exact size") {
  struct Case {
    GgufWriter writer;
    std::string part;
  };
  GgufWriter unknown = tiny_llama();
  GgufWriter strange;
  strange.text("general.architecture", "novel")
      .tensor("token_embd.weight", {64, 10})
      .tensor("blk.0.weird.weight", {64, 64});
  GgufWriter lying;
  lying.text("general.architecture", "llama")
      .u32("llama.attention.head_count", 7)
      .u32("llama.attention.head_count_kv", 3);
  lying.tensor("token_embd.weight", {64, 10})
      .tensor("blk.0.attn_q.weight", {64, 64})
      .tensor("blk.0.attn_k.weight", {64, 60});
  GgufWriter absurd = lying;
  absurd.u64("llama.context_length", 1ULL << 63);
  for (const auto& [writer, part] :
       {Case{GgufWriter().tensor("a", {32}), "no general.architecture"},
        Case{GgufWriter()
                 .text("general.architecture", "clip")
                 .tensor("v.blk.0.attn_q.weight", {32, 32}),
             "image or audio encoder"},
        Case{GgufWriter()
                 .text("general.architecture", "rwkv7")
                 .tensor("token_embd.weight", {32, 32}),
             "RWKV"},
        Case{GgufWriter()
                 .text("general.architecture", "llama")
                 .tensor("blk.0.attn_q.weight.lora_a", {32, 8}),
             "no whole network"},
        Case{GgufWriter().text("general.architecture", "llama"), "no whole network"},
        Case{strange, "does not know \"novel\""}, Case{lying, "7 heads for 3 key-value heads"},
        Case{absurd, "context is"}}) {
    CAPTURE(part);
    const auto model = read_gguf("x", opener({{"x", writer}}));
    REQUIRE_MESSAGE(model.has_value(), model.error().message);
    CHECK(!model->architecture.has_value());
    CHECK(model->size() == static_cast<double>(writer.data_bytes()) * byte);
    REQUIRE(!model->undetermined.empty());
    CHECK_MESSAGE(model->undetermined.back().find(part) != std::string::npos,
                  model->undetermined.back());
  }
}

TEST_CASE("an unknown name is accepted when the tensors explain themselves") {
  GgufWriter writer;
  writer.text("general.architecture", "brandnew")
      .u32("brandnew.attention.head_count", 4)
      .u32("brandnew.block_count", 1);
  writer.tensor("token_embd.weight", {64, 100}).tensor("output_norm.weight", {64});
  writer.tensor("blk.0.attn_norm.weight", {64}).tensor("blk.0.ffn_norm.weight", {64});
  writer.tensor("blk.0.attn_q.weight", {64, 64})
      .tensor("blk.0.attn_k.weight", {64, 64})
      .tensor("blk.0.attn_v.weight", {64, 64});
  writer.tensor("blk.0.attn_output.weight", {64, 64}).tensor("blk.0.ffn_up.weight", {64, 128});
  writer.tensor("blk.0.ffn_gate.weight", {64, 128}).tensor("blk.0.ffn_down.weight", {128, 64});
  const auto model = read_gguf("x", opener({{"x", writer}}));
  REQUIRE(model.has_value());
  REQUIRE(model->architecture.has_value());
  CHECK(model->architecture->layers[0].head_dim == 16);
  CHECK(model->undetermined.back().find("brandnew") != std::string::npos);
}

TEST_CASE("doubts about a known architecture are said") {
  struct Case {
    GgufWriter writer;
    std::string part;
  };
  GgufWriter fewer = tiny_llama(GgufWriter().u32("x", 1));
  for (const auto& [writer, part] : {Case{tiny_llama().u32("llama.attention.sliding_window", 512),
                                          "which layers the sliding window of 512"},
                                     Case{tiny_llama().tensor("blk.1.strange.weight", {256, 256}),
                                          "do not follow from the architecture"},
                                     Case{tiny_llama()
                                              .u32("llama.nextn_predict_layers", 0)
                                              .tensor("blk.4.attn_q.weight", {256, 1}),
                                          "the number of layers"}}) {
    CAPTURE(part);
    const auto model = read_gguf("x", opener({{"x", writer}}));
    REQUIRE(model.has_value());
    bool said = false;
    for (const std::string& sentence : model->undetermined)
      said = said || sentence.find(part) != std::string::npos;
    CHECK(said);
  }
}

TEST_CASE("the header of a file of 100 GB costs milliseconds") {
  GgufWriter writer;
  writer.text("general.architecture", "llama")
      .u32("llama.block_count", 80)
      .u32("llama.attention.head_count", 64);
  writer.u32("llama.attention.head_count_kv", 8)
      .texts("tokenizer.ggml.tokens", 150000)
      .texts("tokenizer.ggml.merges", 280000);
  writer.tensor("token_embd.weight", {8192, 152064}, 8).tensor("output_norm.weight", {8192}, 0);
  for (int i = 0; i < 80; ++i) {
    const std::string block = "blk." + std::to_string(i) + ".";
    writer.tensor(block + "attn_norm.weight", {8192}, 0)
        .tensor(block + "ffn_norm.weight", {8192}, 0);
    writer.tensor(block + "attn_q.weight", {8192, 8192}, 8)
        .tensor(block + "attn_k.weight", {8192, 1024}, 8);
    writer.tensor(block + "attn_v.weight", {8192, 1024}, 8)
        .tensor(block + "attn_output.weight", {8192, 8192}, 8);
    writer.tensor(block + "ffn_gate.weight", {8192, 41000}, 8)
        .tensor(block + "ffn_up.weight", {8192, 41000}, 8);
    writer.tensor(block + "ffn_down.weight", {41000 / 32 * 32, 8192}, 8);
  }
  const std::string header = writer.header();
  const std::uint64_t size = (header.size() + 31) / 32 * 32 + writer.data_bytes();
  REQUIRE(size > 95'000'000'000ULL);
  const ScratchFolder folder;
  const std::string path = folder.sparse_file("large.gguf", header, size);
  const auto start = std::chrono::steady_clock::now();
  const auto model = read_gguf(path, [](const std::string& name) { return open_file(name); });
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
  REQUIRE_MESSAGE(model.has_value(), model.error().message);
  CHECK(model->size().in(GB) > 95);
  MESSAGE("header of " << static_cast<double>(size) / 1e9 << " GB, "
                       << static_cast<double>(header.size()) / 1e6
                       << " MB of it header: " << took.count() << " ms");
  CHECK(took.count() <
        1000);  // generous: sanitizers and a busy machine; the figure above is the measurement
}

}  // namespace
}  // namespace rigor::adapters
