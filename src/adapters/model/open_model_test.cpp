#include "adapters/model/open_model.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>

#include "adapters/gguf/gguf_writer.hpp"
#include "adapters/http/hub.hpp"
#include "adapters/http/loopback_server.hpp"
#include "adapters/model/model_choice.hpp"
#include "adapters/model/scratch_folder.hpp"
#include "llm/tensor.hpp"

namespace rigor::adapters {
namespace {

using namespace std::string_literals;
using testing::GgufWriter;
using testing::LoopbackServer;
using testing::Manner;
using testing::ScratchFolder;

std::string tiny_gguf() {
  GgufWriter writer;
  writer.text("general.architecture", "llama").u32("llama.attention.head_count", 4);
  return writer.tensor("token_embd.weight", {64, 10})
      .tensor("blk.0.attn_q.weight", {64, 64})
      .file();
}

std::string safetensors(const std::string& header, std::size_t data) {
  const std::uint64_t length = header.size();
  return std::string(reinterpret_cast<const char*>(&length), 8) + header + std::string(data, '\0');
}

/// Llama dimensions: V 100, H 64, A 4, I 128, one layer, tied; all of it in BF16.
const std::string kConfig =
    R"({"model_type": "llama", "hidden_size": 64, "num_attention_heads": 4, "num_hidden_layers": 1,
  "intermediate_size": 128, "vocab_size": 100, "max_position_embeddings": 2048,
  "tie_word_embeddings": false})";

/// Tensors from `begin` on, laid one behind the other.
std::string llama_tensors(const std::vector<std::pair<std::string, std::vector<int>>>& tensors) {
  std::string header = "{";
  std::size_t at = 0;
  for (const auto& [name, shape] : tensors) {
    std::size_t elements = 1;
    std::string extents;
    for (const int extent : shape) {
      elements *= static_cast<std::size_t>(extent);
      extents += (extents.empty() ? "" : ",") + std::to_string(extent);
    }
    header += (at > 0 ? "," : "") + ("\"" + name + "\":{\"dtype\":\"BF16\",\"shape\":[" + extents +
                                     "],\"data_offsets\":[" + std::to_string(at) + "," +
                                     std::to_string(at + 2 * elements) + "]}");
    at += 2 * elements;
  }
  return safetensors(header + "}", at);
}

const std::vector<std::pair<std::string, std::vector<int>>> kFirst = {
    {"model.embed_tokens.weight", {100, 64}},
    {"model.norm.weight", {64}},
    {"model.layers.0.input_layernorm.weight", {64}},
    {"model.layers.0.post_attention_layernorm.weight", {64}},
    {"model.layers.0.self_attn.q_proj.weight", {64, 64}},
    {"model.layers.0.self_attn.k_proj.weight", {64, 64}}};
const std::vector<std::pair<std::string, std::vector<int>>> kSecond = {
    {"model.layers.0.self_attn.v_proj.weight", {64, 64}},
    {"model.layers.0.self_attn.o_proj.weight", {64, 64}},
    {"model.layers.0.mlp.gate_proj.weight", {128, 64}},
    {"model.layers.0.mlp.up_proj.weight", {128, 64}},
    {"model.layers.0.mlp.down_proj.weight", {64, 128}}};
constexpr std::int64_t kParameters = 100 * 64 + 3 * 64 + 4 * 64 * 64 + 3 * 64 * 128;

const std::string kIndex = R"({"metadata": {"total_size": 999}, "weight_map": {
  "model.embed_tokens.weight": "model-00001-of-00002.safetensors",
  "model.layers.0.mlp.up_proj.weight": "model-00002-of-00002.safetensors"}})";

/// A folder as the hub's tools leave it.
void write_checkpoint(const ScratchFolder& folder, const std::string& name) {
  folder.file(name + "/config.json", kConfig);
  folder.file(name + "/model.safetensors.index.json", kIndex);
  folder.file(name + "/model-00001-of-00002.safetensors", llama_tensors(kFirst));
  folder.file(name + "/model-00002-of-00002.safetensors", llama_tensors(kSecond));
  folder.file(name + "/tokenizer.json", "{}");
}

void check_checkpoint(const Result<llm::StoredModel>& model) {
  REQUIRE_MESSAGE(model.has_value(), model.error().message);
  CHECK(model->size() == 2.0 * kParameters * byte);
  REQUIRE(model->architecture.has_value());
  CHECK(model->architecture->tied_embeddings);  // the file stores no head, whatever the config says
  CHECK(llm::parameters(*model->architecture) == kParameters);
  CHECK_MESSAGE(model->undetermined.empty(), model->undetermined.front());
}

TEST_CASE("every kind of path on this machine") {
  const ScratchFolder folder;
  const std::string gguf = folder.file("a/model.gguf", tiny_gguf());
  CHECK(open_model(gguf)->format == "GGUF v3");
  CHECK(open_model(folder.path("a"))->tensors.size() == 2);
  CHECK(open_model(folder.path("a/"))->source == folder.path("a/"));
  CHECK(open_model(folder.file("b/without-ending", tiny_gguf()))->format == "GGUF v3");
  write_checkpoint(folder, "c");
  for (const char* name :
       {"c", "c/", "c/model.safetensors.index.json", "c/model-00002-of-00002.safetensors"}) {
    CAPTURE(name);
    check_checkpoint(open_model(folder.path(name)));
  }
  const auto config = open_model(folder.path("c/config.json"));
  REQUIRE(config.has_value());
  CHECK(config->format == "config.json");
  CHECK(config->tensors.empty());
  CHECK(config->architecture->layers.size() == 1);
  folder.file("d/config.json", kConfig);
  folder.file("d/model.safetensors", llama_tensors(kFirst));
  CHECK(open_model(folder.path("d"))->size().in(byte) > 0);
  CHECK(open_model(folder.path("d/model.safetensors"))->architecture.has_value());
  folder.file("e/lonely.safetensors", llama_tensors(kFirst));
  const auto lonely = open_model(folder.path("e/lonely.safetensors"));
  REQUIRE(lonely.has_value());
  CHECK(!lonely->architecture.has_value());
  CHECK(lonely->undetermined.front().find("no config.json") != std::string::npos);
}

TEST_CASE("shards that are not there are covered by the index's total") {
  const ScratchFolder folder;
  write_checkpoint(folder, "c");
  ::unlink(folder.path("c/model-00002-of-00002.safetensors").c_str());
  const auto model = open_model(folder.path("c"));
  REQUIRE(model.has_value());
  CHECK(model->size() == 999 * byte);
  CHECK(model->architecture.has_value());
  CHECK(model->undetermined.front().find("is not there") != std::string::npos);
  folder.file("p/config.json", kConfig);
  folder.file("p/pytorch_model.bin.index.json",
              R"({"metadata": {"total_size": 777}, "weight_map": {"a": "pytorch_model-1.bin"}})");
  CHECK(open_model(folder.path("p"))->size() == 777 * byte);
}

TEST_CASE("a file that is no model is recognised for what it is") {
  const ScratchFolder folder;
  struct Case {
    std::string content, part;
  };
  for (const auto& [content, part] :
       {Case{"", "the file is empty"},
        Case{"PK\x03\x04rest of a zip", "zip archive, as PyTorch"},
        Case{"\x80\x02}q\x01", "Python pickle"},
        Case{"\x80\x04\x95", "Python pickle"},
        Case{"<!DOCTYPE html><html>", "a web page"},
        Case{"\n  <html lang=en>", "a web page"},
        Case{"version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 5\n",
             "Git LFS pointer"},
        Case{"\x89HDF\r\n", "HDF5"},
        Case{"\x1f\x8b\x08", "gzip"},
        Case{"\x28\xb5\x2f\xfd", "zstd"},
        Case{"tjgg\x03\x00\x00\x00"s, "before GGUF"},
        Case{"FUGG\x03\x00\x00\x00"s, "other byte order"},
        Case{std::string(4096, '\0'), "begins with zeros"},
        Case{"hello", "no model file that rigor knows"},
        Case{"\x01", "no model file that rigor knows"},
        Case{"GGUF", "ends inside its header"},
        Case{"GGUF\x01\x00\x00\x00"s, "version 1"},
        Case{"{", "not valid JSON"},
        Case{"{}", "no model_type"},
        Case{"\xef\xbb\xbf{}", "no model_type"},
        Case{R"({"model_type": "alien"})", "does not know the model_type"},
        Case{std::string("\x20\0\0\0\0\0\0\0{", 9), "no model file that rigor knows"},
        Case{std::string("\x20\0\0\0\0\0\0\0{", 9) + std::string(9, 'x'),
             "ends inside its header"}}) {
    CAPTURE(part);
    const auto model = open_model(folder.file("file.bin", content));
    REQUIRE(!model.has_value());
    CHECK_MESSAGE(model.error().message.find(part) != std::string::npos, model.error().message);
    CHECK(model.error().where.find("file.bin") != std::string::npos);
  }
}

TEST_CASE("paths that lead nowhere") {
  const ScratchFolder folder;
  CHECK(open_model("").error().code == ErrorCode::usage);
  CHECK(open_model(folder.path("none.gguf")).error().code == ErrorCode::not_found);
  CHECK(open_model(folder.path("none.gguf")).error().hint.find("hf:") != std::string::npos);
  folder.file("empty/readme.txt", "nothing");
  const auto empty = open_model(folder.path("empty"));
  CHECK(empty.error().message == "there is neither a config.json nor a model file");
  folder.file("many/a-Q4_K_M.gguf", tiny_gguf());
  folder.file("many/a-Q8_0.gguf", tiny_gguf());
  folder.file("many/mmproj-a.gguf", tiny_gguf());
  const auto many = open_model(folder.path("many"));
  REQUIRE(!many.has_value());
  CHECK(many.error().code == ErrorCode::ambiguous);
  CHECK(many.error().hint ==
        folder.path("many/a-Q4_K_M.gguf") + "\n" + folder.path("many/a-Q8_0.gguf"));
  if (::geteuid() != 0) {
    const std::string locked = folder.file("locked.gguf", tiny_gguf());
    ::chmod(locked.c_str(), 0);
    CHECK(open_model(locked).error().message.find("cannot open it") != std::string::npos);
  }
}

TEST_CASE("choices among files") {
  const std::vector<std::string> choices =
      gguf_choices({"b-00002-of-00002.gguf", "b-00001-of-00002.gguf", "a.gguf", "mmproj-x.gguf",
                    "x-mmproj-f16.gguf", "imatrix.gguf", "readme.md"});
  CHECK(choices == std::vector<std::string>{"a.gguf", "b-00001-of-00002.gguf"});
  CHECK(shard_names("m-00002-of-00003.safetensors").size() == 3);
  for (const char* none :
       {"", "m.safetensors", "m-00004-of-00003.safetensors", "m-0001-of-0003.safetensors",
        "m-0000x-of-00003.safetensors", "-00001-of-00003.safetensors"}) {
    CHECK(shard_names(none).empty());
  }
}

OpenOptions hub_options(const LoopbackServer& server) {
  OpenOptions options;
  options.http.hub = server.address();
  options.http.retry_pause = std::chrono::milliseconds(0);
  return options;
}

std::string listing(const std::vector<std::string>& files) {
  std::string text = "[{\"type\": \"directory\", \"path\": \"folder\", \"size\": 0}";
  for (const std::string& file : files)
    text += ", {\"type\": \"file\", \"path\": \"" + file + "\", \"size\": 5}";
  return text + "]";
}

TEST_CASE("a repository with one GGUF model") {
  LoopbackServer server;
  server.serve("/api/models/org/repo/tree/main",
               listing({"README.md", "model.gguf", "mmproj-model.gguf"}));
  server.serve("/org/repo/resolve/main/model.gguf", tiny_gguf());
  for (const std::string& what : {"hf:org/repo"s, "hf:org/repo/model.gguf"s, "hf:org/repo@main"s,
                                  "hf:org/repo/model.gguf@main"s, server.url("/org/repo"),
                                  server.url("/org/repo/blob/main/model.gguf"),
                                  server.url("/org/repo/resolve/main/model.gguf?download=true")}) {
    CAPTURE(what);
    const auto model = open_model(what, hub_options(server));
    REQUIRE_MESSAGE(model.has_value(), model.error().message);
    CHECK(model->source == what);
    CHECK(model->tensors.size() == 2);
  }
}

TEST_CASE("a repository with several GGUF models lists them") {
  LoopbackServer server;
  server.serve("/api/models/org/repo/tree/main",
               listing({"q4.gguf", "big/q8-00001-of-00002.gguf", "big/q8-00002-of-00002.gguf"}));
  const auto model = open_model("hf:org/repo", hub_options(server));
  REQUIRE(!model.has_value());
  CHECK(model.error().code == ErrorCode::ambiguous);
  CHECK(model.error().hint == "hf:org/repo/big/q8-00001-of-00002.gguf\nhf:org/repo/q4.gguf");
  const auto none = open_model("hf:org/repo/q5.gguf", hub_options(server));
  CHECK(none.error().message == "the repository org/repo has no file \"q5.gguf\"");
}

TEST_CASE("a repository with a checkpoint, at a revision") {
  LoopbackServer server;
  server.serve("/api/models/org/repo/tree/v2",
               listing({"config.json", "model.safetensors.index.json",
                        "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"}));
  const std::string base = "/org/repo/resolve/v2/";
  server.serve(base + "config.json", kConfig, Manner::ignoring_range);
  server.serve(base + "model.safetensors.index.json", kIndex, Manner::ignoring_range);
  server.serve(base + "model-00001-of-00002.safetensors", llama_tensors(kFirst));
  server.serve(base + "model-00002-of-00002.safetensors", llama_tensors(kSecond));
  check_checkpoint(open_model("hf:org/repo@v2", hub_options(server)));
  check_checkpoint(
      open_model("hf:org/repo/model-00001-of-00002.safetensors@v2", hub_options(server)));
}

TEST_CASE("repositories that cannot be read") {
  LoopbackServer server;
  server.answer("/api/models/org/gated/tree/main", 401);
  server.serve("/api/models/org/odd/tree/main", "<html>");
  server.serve("/api/models/org/object/tree/main", "{}");
  server.serve("/api/models/org/empty/tree/main", "[]");
  struct Case {
    std::string what;
    ErrorCode code;
    std::string part;
  };
  for (const auto& [what, code, part] :
       {Case{"hf:org/none", ErrorCode::not_found, "no repository \"org/none\""},
        Case{"hf:org/none@v9", ErrorCode::not_found, "revision \"v9\""},
        Case{"hf:org/gated", ErrorCode::network, "access denied"},
        Case{"hf:org/odd", ErrorCode::malformed, "not valid JSON"},
        Case{"hf:org/object", ErrorCode::malformed, "no list"},
        Case{"hf:org/empty", ErrorCode::not_found, "neither a config.json nor a model file"},
        Case{"hf:", ErrorCode::usage, "no address of a repository"},
        Case{"hf:/", ErrorCode::usage, "no address of a repository"},
        Case{"hf:org//repo", ErrorCode::usage, "no address of a repository"},
        Case{"hf:org/../secret", ErrorCode::usage, "no address of a repository"},
        Case{"hf:org/repo@", ErrorCode::usage, "no address of a repository"},
        Case{"hf:org/repo\n", ErrorCode::usage, "no address of a repository"}}) {
    CAPTURE(what);
    const auto model = open_model(what, hub_options(server));
    REQUIRE(!model.has_value());
    CHECK(model.error().code == code);
    CHECK_MESSAGE(model.error().message.find(part) != std::string::npos, model.error().message);
  }
}

TEST_CASE("plain addresses") {
  LoopbackServer server;
  server.serve("/files/model.gguf", tiny_gguf());
  server.serve("/files/config.json", kConfig, Manner::ignoring_range);
  server.serve("/files/page.gguf", "<!doctype html><html></html>");
  server.serve("/files/one.safetensors", llama_tensors(kFirst));
  OpenOptions options;
  options.http.retry_pause = std::chrono::milliseconds(0);
  CHECK(open_model(server.url("/files/model.gguf"), options)->format == "GGUF v3");
  CHECK(open_model(server.url("/files/model.gguf?x=1"), options)->source ==
        server.url("/files/model.gguf?x=1"));
  CHECK(open_model(server.url("/files/config.json"), options)->architecture.has_value());
  CHECK(open_model(server.url("/files/one.safetensors"), options)->size().in(byte) > 0);
  CHECK(open_model(server.url("/files/page.gguf"), options).error().message ==
        "this is a web page, not a model file");
  CHECK(open_model(server.url("/files/none.gguf"), options).error().code == ErrorCode::not_found);
  CHECK(open_model(testing::closed_address() + "/model.gguf", options).error().code ==
        ErrorCode::network);
}

TEST_CASE("split files on a server") {
  LoopbackServer server;
  const auto part = [](int number, const std::string& name) {
    GgufWriter writer;
    writer.u32("split.no", number).u32("split.count", 2);
    return writer.tensor(name, {64, 64}).file();
  };
  server.serve("/m-00001-of-00002.gguf", part(0, "a"));
  server.serve("/m-00002-of-00002.gguf", part(1, "b"));
  server.serve("/x-00001-of-00002.gguf", part(0, "a"));
  OpenOptions options;
  CHECK(open_model(server.url("/m-00002-of-00002.gguf"), options)->tensors.size() == 2);
  const auto missing = open_model(server.url("/x-00001-of-00002.gguf"), options);
  CHECK(missing.error().message == "part 2 of 2 is missing");
}

TEST_CASE("what counts as remote") {
  for (const char* remote : {"hf:a/b", "https://x/y", "http://x/y"}) CHECK(is_remote_model(remote));
  for (const char* local : {"", "a/b", "./hf:x", "httpx://a", "C:\\x", "HF:a/b"})
    CHECK(!is_remote_model(local));
}

}  // namespace
}  // namespace rigor::adapters
