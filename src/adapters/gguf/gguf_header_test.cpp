#include "adapters/gguf/gguf_header.hpp"

#include <doctest/doctest.h>

#include "adapters/bytes/memory_source.hpp"
#include "adapters/gguf/gguf_layout.hpp"
#include "adapters/gguf/gguf_writer.hpp"

namespace rigor::adapters {
namespace {

using testing::gguf_text;
using testing::GgufWriter;
using testing::HeaderSource;
using testing::little_endian;

constexpr std::uint32_t kF16 = 1;
constexpr std::uint32_t kQ4K = 12;

Result<GgufHeader> parse(const std::string& bytes) {
  MemorySource source("bad.gguf", bytes);
  return read_gguf_header(source);
}

/// Header and sizes together, as a reader of files does it.
Result<std::vector<llm::StoredTensor>> sizes(const std::string& bytes,
                                             std::vector<std::string>& undetermined) {
  return parse(bytes).and_then(
      [&](const GgufHeader& header) { return stored_tensors(header, undetermined); });
}

TEST_CASE("metadata of every kind is read or passed over") {
  GgufWriter writer;
  writer.text("general.name", "a name")
      .u32("u32", 7)
      .u64("u64", 9)
      .u64("huge", ~0ULL)
      .flag("yes", true)
      .f32("pi", 3.5F);
  writer.u32s("list", {1, 2, 3}).flags("flags", {true, false}).texts("tokens", 70000);
  writer.raw("u8", 0, "\x05").raw("i8", 1, "\xff").raw("u16", 2, little_endian<std::uint16_t>(300));
  writer.raw("i16", 3, little_endian<std::int16_t>(-3))
      .raw("i32", 5, little_endian<std::int32_t>(-4));
  writer.raw("i64", 11, little_endian<std::int64_t>(-5)).raw("f64", 12, little_endian(2.5));
  writer.raw("nested", 9,
             little_endian<std::uint32_t>(9) + little_endian<std::uint64_t>(1) +
                 little_endian<std::uint32_t>(0) + little_endian<std::uint64_t>(2) + "ab");
  writer.raw(
      "scores", 9,
      little_endian<std::uint32_t>(6) + little_endian<std::uint64_t>(3) + std::string(12, 'x'));
  writer.text("template", std::string(5000, 't'));
  writer.tensor("token_embd.weight", {64, 10});
  const auto header = parse(writer.file());
  REQUIRE_MESSAGE(header.has_value(), header.error().message);
  const GgufMetadata& m = header->metadata;
  CHECK(m.text("general.name") == "a name");
  CHECK(m.integer("u32") == 7);
  CHECK(m.integer("u64") == 9);
  CHECK(m.integer("huge") == INT64_MAX);
  CHECK(m.integer("u8") == 5);
  CHECK(m.integer("i8") == -1);
  CHECK(m.integer("u16") == 300);
  CHECK(m.integer("i16") == -3);
  CHECK(m.integer("i32") == -4);
  CHECK(m.integer("i64") == -5);
  CHECK(m.flag("yes") == true);
  REQUIRE(m.list("list") != nullptr);
  CHECK(m.list("list")->integers == std::vector<std::int64_t>{1, 2, 3});
  CHECK(m.list("flags")->integers == std::vector<std::int64_t>{1, 0});
  CHECK(m.list("tokens")->count == 70000);
  CHECK(m.list("tokens")->integers.empty());
  CHECK(m.list("scores")->count == 3);
  CHECK(m.list("nested")->count == 1);
  CHECK(m.text("template").empty());
  CHECK(m.has("template"));
  CHECK(!m.integer("pi").has_value());
  CHECK(!m.integer("absent").has_value());
  CHECK(m.list("u32") == nullptr);
  CHECK(header->version == 3);
  CHECK(header->tensors.size() == 1);
}

TEST_CASE("sizes are exact for known formats and distances for unknown ones") {
  GgufWriter writer(2);
  writer.tensor("token_embd.weight", {256, 10}, kQ4K);  // 10 x 144 bytes
  writer.tensor("blk.0.attn_norm.weight", {256}, 0);    // 1024
  writer.tensor("blk.0.attn_q.weight", {256, 16},
                9999);  // unknown: 8192 by the writer, up to the next tensor
  writer.tensor("blk.0.ffn_up_exps.weight", {256, 8, 4}, 8);  // 32 x 8 x 34
  std::vector<std::string> undetermined;
  const auto tensors = sizes(writer.file(), undetermined);
  REQUIRE_MESSAGE(tensors.has_value(), tensors.error().message);
  REQUIRE(tensors->size() == 4);
  CHECK((*tensors)[0].size == 1440 * byte);
  CHECK((*tensors)[1].size == 1024 * byte);
  CHECK((*tensors)[2].size == 8192 * byte);
  CHECK((*tensors)[2].type == nullptr);
  CHECK((*tensors)[3].size == 32.0 * 8 * 34 * byte);
  CHECK((*tensors)[3].elements == 256 * 8 * 4);
  REQUIRE(undetermined.size() == 1);
  CHECK(undetermined[0].find("9999") != std::string::npos);
}

TEST_CASE("another alignment is obeyed") {
  GgufWriter writer;
  writer.u32("general.alignment", 64).tensor("output.weight", {32, 2});
  const auto header = parse(writer.file());
  REQUIRE(header.has_value());
  CHECK(header->alignment == 64);
  CHECK(header->data_start % 64 == 0);
}

/// One tensor of its own making.
std::string with_tensor(const std::vector<std::uint64_t>& shape, std::uint32_t type,
                        std::uint64_t offset, const std::string& name = "t") {
  return GgufWriter().tensor_at(name, shape, type, offset).file() + std::string(64, '\0');
}

std::string with_counts(std::uint64_t tensors, std::uint64_t keys) {
  return "GGUF" + little_endian<std::uint32_t>(3) + little_endian(tensors) + little_endian(keys) +
         std::string(100, '\0');
}

std::string with_raw(std::uint32_t kind, const std::string& encoded) {
  return GgufWriter().raw("key", kind, encoded).file();
}

std::string nested_lists(int depth) {
  std::string encoded;
  for (int i = 0; i < depth; ++i)
    encoded += little_endian<std::uint32_t>(9) + little_endian<std::uint64_t>(1);
  return encoded + little_endian<std::uint32_t>(0) + little_endian<std::uint64_t>(1) + "x" +
         std::string(64, '\0');
}

std::string kind_and_count(std::uint32_t kind, std::uint64_t count) {
  return little_endian(kind) + little_endian(count);
}

std::string cut(std::string bytes, std::size_t length) {
  bytes.resize(length);
  return bytes;
}

struct Lie {
  std::string bytes;
  std::string part;  ///< of the message
  ErrorCode code = ErrorCode::malformed;
};

void check_refused(const std::vector<Lie>& lies) {
  for (const auto& [bytes, part, code] : lies) {
    CAPTURE(part);
    std::vector<std::string> undetermined;
    const auto result = sizes(bytes, undetermined);
    REQUIRE(!result.has_value());
    CHECK(result.error().code == code);
    CHECK_MESSAGE(result.error().message.find(part) != std::string::npos, result.error().message);
    CHECK(result.error().where == "bad.gguf");
  }
}

std::string with_version(std::uint32_t version) {
  return "GGUF" + little_endian(version) + std::string(40, '\0');
}

TEST_CASE("a header that begins with a lie gets one clear error") {
  const std::string sound = GgufWriter().text("general.name", "x").tensor("t", {32, 4}).file();
  check_refused({
      {"", "ends inside its header"},
      {"GG", "ends inside its header"},
      {"GGUF", "ends inside its header"},
      {"XXXXaaaaaaaaaaaaaaaaaaaaaaaa", "not a GGUF file"},
      {"ggjt" + std::string(40, '\0'), "not a GGUF file"},
      {with_version(0), "version 0", ErrorCode::unsupported},
      {with_version(1), "version 1", ErrorCode::unsupported},
      {with_version(4), "version 4", ErrorCode::unsupported},
      {with_version(0x02000000), "big-endian", ErrorCode::unsupported},
      {with_version(0x03000000), "big-endian", ErrorCode::unsupported},
      {cut(sound, 20), "ends inside its header"},
      {cut(sound, 30), "it announces 1 "},
      {cut(sound, 70), "ends inside its header"},
      {cut(sound, sound.size() - 1), "before its last tensor does"},
      {cut(sound, sound.size() - 200), "before its last tensor does"},
      {with_counts(1ULL << 63, 0), "announces 9223372036854775808 tensors"},
      {with_counts(0, 1ULL << 63), "announces 9223372036854775808 metadata keys"},
      {with_counts(~0ULL, ~0ULL), "announces"},
      {with_counts(100, 0), "announces 100 tensors"},
  });
}

TEST_CASE("metadata that lies gets one clear error") {
  check_refused({
      {with_raw(13, ""), "unknown kind of value 13"},
      {with_raw(~0U, ""), "unknown kind of value"},
      {with_raw(8, little_endian(~0ULL)), "a text of 18446744073709551615 bytes"},
      {with_raw(8, little_endian(1ULL << 40) + "x"), "a text of 1099511627776 bytes"},
      {with_raw(9, kind_and_count(4, 1ULL << 63)), "a list of 9223372036854775808 elements"},
      {with_raw(9, kind_and_count(8, 1ULL << 61)), "a list of"},
      {with_raw(9, kind_and_count(77, 1)), "a list of an unknown kind"},
      {with_raw(9, nested_lists(40)), "nested too deeply"},
      {GgufWriter().u32("a", 1).u32("a", 2).file(), "the key \"a\" appears twice"},
      {GgufWriter().u32("a\x1b[2J", 1).file(), "a metadata key that is not text: \"a?[2J\""},
      {GgufWriter().u32(std::string(70000, 'k'), 1).file(), "a metadata key of 70000 bytes"},
      {GgufWriter().u32("general.alignment", 0).file(), "alignment is 0"},
      {GgufWriter().u32("general.alignment", 48).file(), "alignment is 48"},
      {GgufWriter().u64("general.alignment", ~0ULL).file(), "alignment is"},
  });
}

/// Two tensors where the caller says, with room behind them.
std::string with_two(std::uint64_t first, std::uint64_t second) {
  GgufWriter writer;
  writer.tensor_at("a", {64}, 0, first).tensor_at("b", {64}, 0, second);
  return writer.file() + std::string(999, '\0');
}

TEST_CASE("tensors that lie get one clear error") {
  const std::uint64_t large = 1ULL << 20;
  check_refused({
      {GgufWriter().tensor("t", {32}).tensor("t", {32}).file(), "the tensor \"t\" appears twice"},
      {with_tensor({32}, kF16, 0, std::string(300, 'n')), "a tensor name of 300 bytes"},
      {with_tensor({32}, kF16, 0, "\xff\xfe"), "a tensor name that is not text"},
      {with_tensor({1, 1, 1, 1, 1}, kF16, 0), "has 5 dimensions"},
      {with_tensor({0, 4}, kF16, 0), "impossible shape"},
      {with_tensor({1ULL << 63}, kF16, 0), "impossible shape"},
      {with_tensor({1ULL << 32, 1ULL << 32}, kF16, 0), "impossible shape"},
      {with_tensor({large, large, large, large}, kF16, 0), "impossible shape"},
      {with_tensor({1ULL << 40}, kF16, 0), "before its last tensor does"},
      {with_tensor({32}, kF16, 7), "starts at 7, which is not a multiple of 32"},
      {with_tensor({32}, kF16, 1ULL << 63), "before its last tensor does"},
      {with_tensor({32}, 9999, 1ULL << 62), "before its last tensor does"},
      {with_tensor({100, 2}, kQ4K, 0), "rows of 100 elements, q4_K needs a multiple of 256"},
      {with_two(0, 32), "the tensor \"a\" overlaps \"b\""},
      {with_two(32, 0), "the tensor \"b\" overlaps \"a\""},
      {with_two(0, 0), "overlaps"},
      {with_two(0, 256 + 31), "not a multiple of 32"},
  });
}

TEST_CASE("every prefix of a sound file is refused") {
  const std::string sound = GgufWriter()
                                .text("general.architecture", "llama")
                                .u32s("list", {1, 2})
                                .texts("tokens", 5)
                                .tensor("a", {32, 4})
                                .tensor("b", {64}, 0)
                                .file();
  std::vector<std::string> undetermined;
  REQUIRE(sizes(sound, undetermined).has_value());
  for (std::size_t length = 0; length < sound.size(); ++length) {
    CAPTURE(length);
    CHECK(!sizes(sound.substr(0, length), undetermined).has_value());
  }
}

TEST_CASE("an endless header of zeros is given up early") {
  // Ten billion empty texts would be 80 GB of header.
  const std::string start = "GGUF" + little_endian<std::uint32_t>(3) +
                            little_endian<std::uint64_t>(0) + little_endian<std::uint64_t>(1) +
                            gguf_text("k") + little_endian<std::uint32_t>(9) +
                            kind_and_count(8, 10'000'000'000ULL);
  HeaderSource source("zeros.gguf", start, 100'000'000'000ULL);
  const auto header = read_gguf_header(source);
  REQUIRE(!header.has_value());
  CHECK(header.error().code == ErrorCode::limit);
  CHECK(source.bytes_read() < 300'000'000);
}

TEST_CASE("more metadata than any network has is refused before it fills the memory") {
  GgufWriter writer;
  const std::string value(1000, 'v');
  for (int i = 0; i < 16000; ++i)
    writer.text("key" + std::to_string(i), value + std::string(20, 'x'));
  const auto many = parse(GgufWriter(writer).u32("a", 1).file());
  CHECK(many.has_value());  // 16 MB just fit
  for (int i = 16000; i < 16380; ++i)
    writer.text(std::string(60000, 'k') + std::to_string(i), value);
  CHECK(parse(writer.file()).error().code == ErrorCode::limit);
  GgufWriter keys;
  for (int i = 0; i < 17000; ++i) keys.u32("k" + std::to_string(i), i);
  CHECK(parse(keys.file()).error().code == ErrorCode::limit);
}

}  // namespace
}  // namespace rigor::adapters
