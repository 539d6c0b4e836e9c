#include <doctest/doctest.h>

#include <string>

#include "adapters/bytes/memory_source.hpp"
#include "adapters/safetensors/safetensors_header.hpp"
#include "adapters/safetensors/safetensors_index.hpp"

namespace rigor::adapters {
namespace {

using llm::Role;

std::string file(const std::string& header, std::size_t data, std::uint64_t length) {
  return std::string(reinterpret_cast<const char*>(&length), 8) + header + std::string(data, '\0');
}
std::string file(const std::string& header, std::size_t data) {
  return file(header, data, header.size());
}

Result<std::vector<llm::StoredTensor>> parse(const std::string& bytes) {
  MemorySource source("x.safetensors", bytes);
  return read_safetensors_header(source);
}

std::string entry(const std::string& name, const std::string& dtype, const std::string& shape,
                  int begin, int end) {
  return "\"" + name + "\":{\"dtype\":\"" + dtype + "\",\"shape\":" + shape +
         ",\"data_offsets\":[" + std::to_string(begin) + "," + std::to_string(end) + "]}";
}

TEST_CASE("bytes follow from types and shapes") {
  struct Case {
    std::string dtype, shape;
    int bytes;
    std::string type;
  };
  for (const auto& [dtype, shape, bytes, type] :
       {Case{"BF16", "[4,8]", 64, "bf16"}, Case{"F16", "[3]", 6, "f16"},
        Case{"F32", "[]", 4, "f32"}, Case{"F64", "[2]", 16, "f64"},
        Case{"F8_E4M3", "[10]", 10, "fp8_e4m3"}, Case{"F8_E5M2", "[10]", 10, "fp8_e5m2"},
        Case{"F8_E8M0", "[10]", 10, ""}, Case{"I32", "[5]", 20, "i32"},
        Case{"I64", "[5]", 40, "i64"}, Case{"U8", "[5]", 5, ""}, Case{"BOOL", "[5]", 5, ""},
        Case{"F4", "[5]", 3, ""}, Case{"F6_E3M2", "[4]", 3, ""},
        Case{"BF16", "[0,8]", 0, "bf16"}}) {
    CAPTURE(dtype);
    const auto tensors = parse(file("{" + entry("lm_head.weight", dtype, shape, 0, bytes) + "}",
                                    static_cast<std::size_t>(bytes)));
    REQUIRE_MESSAGE(tensors.has_value(), tensors.error().message);
    CHECK(tensors->front().size == bytes * byte);
    CHECK(tensors->front().role == Role::output_head);
    CHECK((tensors->front().type == nullptr ? "" : tensors->front().type->name) == type);
  }
}

TEST_CASE("packed weights, metadata and spaces are fine") {
  const std::string header =
      "{\"__metadata__\":{\"format\":\"pt\",\"x\":\"[{\"}, " +
      entry("model.layers.0.mlp.gate_proj.qweight", "I32", "[16,8]", 0, 512) + "," +
      entry("model.layers.0.mlp.gate_proj.scales", "F16", "[2,8]", 512, 544) + "}     ";
  const auto tensors = parse(file(header, 544));
  REQUIRE_MESSAGE(tensors.has_value(), tensors.error().message);
  REQUIRE(tensors->size() == 2);
  CHECK((*tensors)[0].role == Role::ffn_gate);
  CHECK((*tensors)[0].elements == 128);
  CHECK((*tensors)[1].role == Role::ffn_gate);
  CHECK(parse(file("{}", 0))->empty());
}

struct Lie {
  std::string bytes, part;
};

void check_refused(const std::vector<Lie>& lies) {
  for (const auto& [bytes, part] : lies) {
    CAPTURE(part);
    const auto tensors = parse(bytes);
    REQUIRE(!tensors.has_value());
    CHECK_MESSAGE(tensors.error().message.find(part) != std::string::npos, tensors.error().message);
    CHECK(tensors.error().where.starts_with("x.safetensors"));
  }
}

TEST_CASE("a header of the wrong form gets one clear error") {
  const std::uint64_t top = 1ULL << 63;
  check_refused({
      {"", "ends inside its header"},
      {"1234567", "ends inside its header"},
      {file("", 0, 0), "would have 0 bytes"},
      {file("{", 0, 1), "would have 1 bytes"},
      {file("{}", 0, top), "would have 9223372036854775808 bytes"},
      {file("{}", 0, ~0ULL), "would have"},
      {file("{}", 0, 100'000'001), "would have 100000001 bytes"},
      {file("{}", 0, 3), "ends inside its header"},
      {file("[]", 0), "a list where none belongs"},
      {file("17", 0), "an entry is no object"},
      {file("{]", 0), "not valid JSON"},
      {file("{\"a\":1}", 0), "an entry is no object"},
      {file("{\"a\":[]}", 0), "a list where none belongs"},
      {file("{\"a\":{}}", 0), "lacks its type or its offsets"},
      {file("{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}", 0), "lacks its type or its offsets"},
      {file("{\"a\":{\"shape\":[1],\"data_offsets\":[0,4]}}", 4), "lacks its type or its offsets"},
      {file("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0]}}", 4),
       "lacks its type or its offsets"},
      {file("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4,8]}}", 9),
       "an odd list \"data_offsets\""},
      {file("{\"a\":{\"dtype\":\"F32\",\"shape\":[[1]],\"data_offsets\":[0,4]}}", 4),
       "a list where none belongs"},
      {file("{\"a\":{\"dtype\":\"F32\",\"shape\":{\"x\":1},\"data_offsets\":[0,4]}}", 4),
       "holds an object"},
      {file("{\"a\":{\"dtype\":\"F32\",\"shape\":\"x\",\"data_offsets\":[0,4]}}", 4),
       "unknown field \"shape\""},
      {file("{\"a\":{\"extra\":1,\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4),
       "unknown field \"extra\""},
  });
}

TEST_CASE("entries that lie get one clear error") {
  const std::string sound = entry("a", "F32", "[4]", 0, 16);
  check_refused({
      {file("{" + entry("a", "F33", "[4]", 0, 16) + "}", 16), "of the unknown type \"F33\""},
      {file("{\"a\":{\"dtype\":7,\"shape\":[1],\"data_offsets\":[0,4]}}", 4),
       "of the unknown type"},
      {file("{" + entry("a", "F32", "[-4]", 0, 16) + "}", 16), "no whole number"},
      {file("{" + entry("a", "F32", "[1.5]", 0, 16) + "}", 16), "no whole number"},
      {file("{" + entry("a", "F32", "[18446744073709551615]", 0, 16) + "}", 16), "no whole number"},
      {file("{" + entry("a", "F32", "[4294967296,4294967296]", 0, 16) + "}", 16),
       "impossible shape"},
      {file("{" + entry("a", "F32", "[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]", 0, 4) + "}", 16),
       "impossible shape"},
      {file("{" + entry("a", "F32", "[4]", 0, 15) + "}", 16),
       "16 bytes by its shape, its offsets are 0 and 15"},
      {file("{" + entry("a", "F32", "[4]", 16, 0) + "}", 16), "its offsets are 16 and 0"},
      {file("{" + sound + "}", 15), "before its last tensor does"},
      {file("{" + entry("a", "F32", "[4]", 1000, 1016) + "}", 16), "before its last tensor does"},
      {file("{" + sound + "," + entry("b", "F32", "[4]", 8, 24) + "}", 24),
       "the tensors \"a\" and \"b\" overlap"},
      {file("{" + sound + "," + entry("b", "F32", "[4]", 0, 16) + "}", 24), "overlap"},
      {file("{" + sound + "," + sound + "}", 24), "the tensor \"a\" appears twice"},
      {file("{" + entry("a\\u001b[2J", "F32", "[4]", 0, 16) + "}", 16),
       "a tensor name that is not text"},
      {file("{" + entry(std::string(2000, 'n'), "F32", "[4]", 0, 16) + "}", 16),
       "a tensor name that is not text"},
      {file("{" + entry("\xff", "F32", "[4]", 0, 16) + "}", 16), "not valid JSON"},
      {file("{\"a\":{\"dtype\":\"F32\",\"shape\":[NaN],\"data_offsets\":[0,4]}}", 4),
       "no whole number"},
      {file("{\"a\":" + std::string(100, '[') + "}", 4), "nested deeper"},
  });
}

TEST_CASE("every prefix of a sound file is refused") {
  const std::string sound = file("{" + entry("a", "F32", "[4]", 0, 16) + "}", 16);
  REQUIRE(parse(sound).has_value());
  for (std::size_t length = 0; length < sound.size(); ++length)
    CHECK(!parse(sound.substr(0, length)).has_value());
}

OpenSource shards(std::vector<std::pair<std::string, std::string>> files) {
  return
      [files = std::move(files)](const std::string& name) -> Result<std::unique_ptr<ByteSource>> {
        for (const auto& [file_name, bytes] : files) {
          if (file_name == name) return std::make_unique<MemorySource>(name, bytes);
        }
        return fail(ErrorCode::not_found, "no such file", name);
      };
}

const std::string kIndex = R"({"metadata": {"total_size": 32, "other": [1, {"x": 2}]},
                              "weight_map": {"a": "s-1.safetensors", "b": "s-2.safetensors",
                                              "c": "s-2.safetensors"}})";

TEST_CASE("an index leads to all shards") {
  const auto index = read_safetensors_index(kIndex, "index.json");
  REQUIRE_MESSAGE(index.has_value(), index.error().message);
  CHECK(index->shards == std::vector<std::string>{"s-1.safetensors", "s-2.safetensors"});
  CHECK(index->total == 32 * byte);
  CHECK(index->tensors == 3);
  const std::string one = file("{" + entry("a", "F32", "[4]", 0, 16) + "}", 16);
  const std::string two = file("{" + entry("b", "F32", "[4]", 0, 16) + "}", 16);
  const auto all =
      read_shards(*index, "d/", shards({{"d/s-1.safetensors", one}, {"d/s-2.safetensors", two}}));
  REQUIRE(all.has_value());
  CHECK(all->tensors.size() == 2);
  CHECK(all->undetermined.empty());

  const auto absent = read_shards(*index, "d/", shards({{"d/s-1.safetensors", one}}));
  REQUIRE(absent.has_value());
  REQUIRE(absent->tensors.size() == 1);
  CHECK(absent->tensors[0].size == 32 * byte);
  CHECK(absent->undetermined[0].find("d/s-2.safetensors is not there") != std::string::npos);

  const auto twins =
      read_shards(*index, "d/", shards({{"d/s-1.safetensors", one}, {"d/s-2.safetensors", one}}));
  CHECK(twins.error().message == "the tensor \"a\" is in two shards");
  const auto broken = read_shards(
      *index, "d/", shards({{"d/s-1.safetensors", "short"}, {"d/s-2.safetensors", two}}));
  CHECK(broken.error().where == "d/s-1.safetensors");
}

TEST_CASE("an index that makes no sense gets one clear error") {
  struct Case {
    std::string text, part;
  };
  for (const auto& [text, part] :
       {Case{"", "not valid JSON"}, Case{"{}", "no weight_map"}, Case{"[]", "no weight_map"},
        Case{R"({"weight_map": {}})", "no weight_map"},
        Case{R"({"weight_map": []})", "no weight_map"},
        Case{R"({"weight_map": {"a": 1}})", "no name of a shard"},
        Case{R"({"weight_map": {"a": ""}})", "no name of a shard"},
        Case{R"({"weight_map": {"a": "../../etc/passwd"}})",
             "\"../../etc/passwd\" is no name of a shard"},
        Case{R"({"weight_map": {"a": "/etc/passwd"}})", "no name of a shard"},
        Case{R"({"weight_map": {"a": ".."}})", "no name of a shard"},
        Case{R"({"weight_map": {"a": "x\ny"}})", "no name of a shard"},
        Case{R"({"metadata": {"total_size": "many"}, "weight_map": {"a": "b"}})", "total_size"},
        Case{R"({"metadata": {"total_size": -1}, "weight_map": {"a": "b"}})", "total_size"},
        Case{R"({"metadata": {"total_size": 1e300}, "weight_map": {"a": "b"}})", "total_size"}}) {
    CAPTURE(text);
    const auto index = read_safetensors_index(text, "index.json");
    REQUIRE(!index.has_value());
    CHECK_MESSAGE(index.error().message.find(part) != std::string::npos, index.error().message);
  }
  const auto bare =
      read_safetensors_index(R"({"weight_map": {"a": "gone.safetensors"}})", "index.json");
  REQUIRE(bare.has_value());
  CHECK(read_shards(*bare, "d/", shards({})).error().code == ErrorCode::not_found);
}

}  // namespace
}  // namespace rigor::adapters
