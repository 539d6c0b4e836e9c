// tests/hf_configs/<catalogue id>.json are config.json files as publishers write them (shortened to
// what matters). Each must lead to the same network as the catalogue's entry, whose counts are
// checked against published ones.
#include "adapters/hf/hf_architecture.hpp"

#include <doctest/doctest.h>

#include <map>

#include "adapters/files/files.hpp"
#include "adapters/toml/entry_reader.hpp"
#include "catalog/architecture_entry.hpp"
#include "catalog/packed.hpp"
#include "llm/cache_shape.hpp"
#include "llm/tensor.hpp"

namespace rigor::adapters {
namespace {

using llm::Architecture;
using llm::Layer;

Architecture from_catalogue(const std::string& name) {
  for (const catalog::PackedEntry& packed : catalog::packed_catalogue()) {
    if (packed.id != "architecture/" + name) continue;
    const auto entry = read_entry(packed.text, std::string(packed.id), "entry.toml");
    REQUIRE(entry.has_value());
    auto architecture = catalog::to_architecture(*entry);
    REQUIRE(architecture.has_value());
    return *architecture;
  }
  FAIL("no such entry: " << name);
  return {};
}

std::string stem(const std::string& path) {
  const std::size_t slash = path.find_last_of('/') + 1;
  return path.substr(slash, path.size() - slash - std::string(".json").size());
}

std::string first(const std::vector<std::string>& sentences) {
  return sentences.empty() ? std::string() : sentences.front();
}

void check_layers(const Architecture& a, const Architecture& b) {
  REQUIRE(b.layers.size() == a.layers.size());
  for (std::size_t i = 0; i < a.layers.size(); ++i) {
    CAPTURE(i);
    const Layer& x = a.layers[i];
    const Layer& y = b.layers[i];
    CHECK(y.mixer == x.mixer);
    CHECK(y.feed_forward == x.feed_forward);
    CHECK(y.width == x.width);
    CHECK(y.reach == x.reach);
    CHECK(y.owns_cache == x.owns_cache);
    CHECK(y.hashed_router == x.hashed_router);
    CHECK(llm::layer_cache(b, y).elements() == llm::layer_cache(a, x).elements());
    CHECK(llm::layer_cache(b, y).window == llm::layer_cache(a, x).window);
    CHECK(llm::layer_cache(b, y).compressed_keys == llm::layer_cache(a, x).compressed_keys);
    CHECK(llm::recurrent_state(b, y).state == llm::recurrent_state(a, x).state);
  }
}

TEST_CASE("a config.json leads to the network of the catalogue") {
  const auto paths = files_below("tests/hf_configs", ".json");
  REQUIRE(paths.has_value());
  CHECK(paths->size() > 50);
  for (const std::string& path : *paths) {
    CAPTURE(path);
    const auto text = read_file(path);
    REQUIRE(text.has_value());
    const auto config = read_hf_config(*text, path);
    REQUIRE_MESSAGE(config.has_value(), config.error().message);
    REQUIRE_MESSAGE(config->architecture.has_value(), first(config->undetermined));
    CHECK(first(config->undetermined) == "");
    const Architecture a = from_catalogue(stem(path));
    const Architecture& b = *config->architecture;
    CHECK(llm::parameters(b) == llm::parameters(a));
    CHECK(llm::active_parameters(b) == llm::active_parameters(a));
    if (b.mtp) CHECK(llm::parameters(b, {.mtp = true}) == llm::parameters(a, {.mtp = true}));
    if (a.vision && b.vision)
      CHECK(llm::parameters(b, {.vision = true}) == llm::parameters(a, {.vision = true}));
    CHECK(b.context == a.context);
    CHECK(b.causal == a.causal);
    CHECK(b.gguf == a.gguf);
    CHECK(b.fused_qkv == a.fused_qkv);
    CHECK(b.fused_gate_up == a.fused_gate_up);
    check_layers(a, b);
  }
}

/// The smallest sound config, open at its end.
const std::string kLlama = R"({"model_type": "llama", "hidden_size": 64, "num_attention_heads": 4,
  "num_hidden_layers": 1, "intermediate_size": 128, "vocab_size": 100, "torch_dtype": "float16")";

struct Storage {
  std::string quantization, name;
};
const std::vector<Storage> kStorages = {
    {"null", "float16"},
    {R"({"quant_method": "gptq", "bits": 4, "group_size": 128})", "gptq 4-bit g128"},
    {R"({"quant_method": "gptq", "bits": 8, "group_size": -1})", "gptq 8-bit"},
    {R"({"quant_method": "awq", "bits": 4, "group_size": 64})", "awq 4-bit g64"},
    {R"({"quant_method": "awq", "w_bit": 4, "q_group_size": 128})", "awq 4-bit g128"},
    {R"({"quant_method": "bitsandbytes", "load_in_4bit": true, "bnb_4bit_quant_type": "nf4",
         "bnb_4bit_use_double_quant": true})",
     "bitsandbytes nf4 double"},
    {R"({"load_in_8bit": true, "load_in_4bit": false})", "bitsandbytes int8"},
    {R"({"quant_method": "fp8", "weight_block_size": [128, 128]})", "fp8 in blocks"},
    {R"({"quant_method": "fp8"})", "fp8"},
    {R"({"quant_method": "mxfp4"})", "mxfp4"},
    {R"({"quant_method": "modelopt", "quant_algo": "NVFP4"})", "modelopt NVFP4"},
    {R"({"quant_method": "compressed-tensors", "format": "pack-quantized", "config_groups":
         {"group_0": {"weights": {"num_bits": 4, "type": "int", "group_size": 32}}}})",
     "compressed-tensors int4 g32 (pack-quantized)"},
    {R"({"quant_method": "compressed-tensors"})", "compressed-tensors"},
    {R"({"quant_method": "hqq", "bits": 3})", "hqq 3-bit"},
};

TEST_CASE("the way weights are stored is named") {
  for (const auto& [quantization, name] : kStorages) {
    CAPTURE(name);
    const std::string text = kLlama + ", \"quantization_config\": " + quantization + "}";
    const auto config = read_hf_config(text, "config.json");
    REQUIRE_MESSAGE(config.has_value(), config.error().message);
    CHECK(config->quantization == name);
  }
  const std::string mlx = kLlama + R"(, "quantization": {"bits": 4, "group_size": 64}})";
  CHECK(read_hf_config(mlx, "c")->quantization == "mlx 4-bit g64");
}

struct Doubt {
  std::string members, part;
};
const std::vector<Doubt> kDoubts = {
    {R"("x": 1)", "has no model_type"},
    {R"("model_type": "rwkv")", "does not know the model_type \"rwkv\""},
    {R"("model_type": "llama", "layer_types": ["retention"])", "layer type \"retention\""},
    {R"("model_type": "llama", "num_key_value_heads": 3)", "4 heads for 3 key-value heads"},
    {R"("model_type": "mamba2", "num_heads": 0)", "neither heads nor an inner width"},
    {R"("model_type": "llama", "padded_vocab_size": 0)", "vocabulary is 0"},
    {R"("model_type": "gpt_oss", "num_local_experts": 4, "num_experts_per_tok": 9)",
     "experts used is 9"},
};

TEST_CASE("what rigor cannot describe is said, not guessed") {
  const std::string sizes = R"(, "hidden_size": 64, "num_attention_heads": 4, "vocab_size": 100,
                              "num_hidden_layers": 1, "intermediate_size": 128})";
  for (const auto& [members, part] : kDoubts) {
    CAPTURE(part);
    const auto read = read_hf_config("{" + members + sizes, "config.json");
    REQUIRE_MESSAGE(read.has_value(), read.error().message);
    CHECK(!read->architecture.has_value());
    REQUIRE(!read->undetermined.empty());
    const std::string& said = read->undetermined.back();
    CHECK_MESSAGE(said.find(part) != std::string::npos, said);
  }
}

std::string llama(const std::string& member) {
  return R"({"model_type": "llama", )" + member + "}";
}

struct Lie {
  std::string text, part;
};

void check_refused(const std::vector<Lie>& lies) {
  for (const auto& [text, part] : lies) {
    CAPTURE(part);
    const auto config = read_hf_config(text, "config.json");
    REQUIRE(!config.has_value());
    CHECK_MESSAGE(config.error().message.find(part) != std::string::npos, config.error().message);
    CHECK(config.error().where.starts_with("config.json"));
  }
}

TEST_CASE("a text that is no config gets one clear error") {
  check_refused({
      {"", "not valid JSON"},
      {"{", "not valid JSON"},
      {"[]", "it is no object"},
      {"null", "it is no object"},
      {"\"text\"", "it is no object"},
      {"{'a': 1}", "not valid JSON"},
      {"{\"a\": 1,}", "not valid JSON"},
      {"{\"a\": 1} x", "not valid JSON"},
      {"{\"a\": 01}", "not valid JSON"},
      {"{\"a\": 1e999}", "not valid JSON"},
      {"{\"a\": \"\xff\"}", "not valid JSON"},
      {"{\"a\": nan}", "not valid JSON"},
      {std::string("{\"a\0\": 1}", 9), "not valid JSON"},
      {R"({"a": 1, "a": 2})", "the key \"a\" appears twice"},
      {std::string(100, '['), "nested deeper than 64 levels"},
      {std::string(100000, '['), "nested deeper than 64 levels"},
      {"{\"a\": \"" + std::string(5 << 20, 'x') + "\"}", "a text of more than"},
      {"{\"a\": " + std::string(5 << 20, '1') + "}", "a text of more than"},
  });
}

TEST_CASE("a config that makes no sense gets one clear error") {
  check_refused({
      {llama(R"("hidden_size": "big")"), "hidden_size: a whole number is wanted, this is a text"},
      {llama(R"("hidden_size": 12.5)"), "hidden_size: a whole number is wanted, this is a number"},
      {llama(R"("hidden_size": -1)"), "hidden_size is -1"},
      {llama(R"("hidden_size": 99999999999)"), "hidden_size is 99999999999"},
      {llama(R"("hidden_size": 18446744073709551615)"), "a whole number is wanted"},
      {llama(R"("hidden_size": [1])"), "hidden_size: a whole number is wanted, this is a list"},
      {llama(R"("num_hidden_layers": 0)"), "states no number of layers"},
      {llama(R"("num_hidden_layers": 100000)"), "states 100000 layers"},
      {llama(R"("hidden_size": 64)"), "states no number of layers"},
      {llama(R"("num_hidden_layers": 4, "layer_types": ["full_attention"])"),
       "1 layer types for 4 layers"},
      {llama(R"("num_hidden_layers": 1, "layer_types": [7])"), "a list of texts is wanted"},
      {llama(R"("num_hidden_layers": 2, "intermediate_size": [1])"),
       "has 1 values, layer 1 needs one"},
      {llama(R"("num_hidden_layers": 1, "tie_word_embeddings": "yes")"), "true or false is wanted"},
      {R"({"model_type": 7})", "model_type: a text is wanted"},
      {R"({"model_type": "nemotron-nas", "num_hidden_layers": 2, "block_configs": []})",
       "not one entry per layer"},
      {R"({"model_type": "nemotron-nas", "num_hidden_layers": 1, "block_configs": [7]})",
       "lacks attention or ffn"},
      {R"({"model_type": "gemma3", "text_config": {"num_hidden_layers": 1, "hidden_size": 8},
           "vision_config": {"hidden_size": "x"}})",
       "vision_config: hidden_size"},
  });
}

}  // namespace
}  // namespace rigor::adapters
