#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <string>

#include "adapters/bytes/byte_reader.hpp"
#include "adapters/bytes/file_source.hpp"
#include "adapters/bytes/memory_source.hpp"
#include "adapters/bytes/plain_text.hpp"
#include "adapters/files/files.hpp"
#include "adapters/model/scratch_folder.hpp"

namespace rigor::adapters {
namespace {

using testing::ScratchFolder;

TEST_CASE("a source gives the bytes that exist") {
  MemorySource source("memory", "0123456789");
  struct Case {
    std::uint64_t offset, count;
    std::string expected;
  };
  for (const auto& [offset, count, expected] :
       {Case{0, 4, "0123"}, Case{8, 4, "89"}, Case{10, 1, ""}, Case{99, 1, ""}, Case{0, 0, ""},
        Case{0, ~0ULL, "0123456789"}, Case{~0ULL, ~0ULL, ""}}) {
    CAPTURE(offset);
    CHECK(source.read(offset, count) == expected);
  }
  CHECK(read_all(source, 10) == "0123456789");
  CHECK(read_all(source, 9).error().code == ErrorCode::limit);
}

TEST_CASE("a file is read where it is asked for") {
  const ScratchFolder folder;
  const std::string path = folder.file("data", "0123456789");
  const auto source = open_file(path);
  REQUIRE(source.has_value());
  CHECK((*source)->size() == 10);
  CHECK((*source)->name() == path);
  CHECK((*source)->read(3, 4) == "3456");
  CHECK((*source)->read(8, 40) == "89");
  CHECK((*source)->read(10, 1) == "");
}

TEST_CASE("what is no readable file is refused with its reason") {
  const ScratchFolder folder;
  CHECK(open_file(folder.path("none")).error().code == ErrorCode::not_found);
  CHECK(open_file(folder.file("file", "x") + "/below").error().code == ErrorCode::not_found);
  CHECK(open_file(folder.path()).error().message == "this is a directory, a file is wanted");
  const std::string pipe = folder.path("pipe");
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  CHECK(open_file(pipe).error().message == "this is not a regular file");
  CHECK(open_file(std::string(5000, 'a')).error().code == ErrorCode::io);
}

TEST_CASE("a file that shrinks while it is read is an error, not garbage") {
  const ScratchFolder folder;
  const std::string path = folder.file("data", std::string(1000, 'x'));
  const auto source = open_file(path);
  REQUIRE(source.has_value());
  std::filesystem::resize_file(path, 10);
  CHECK((*source)->read(0, 1000).error().message == "the file became shorter while it was read");
}

TEST_CASE("values are read one after another, across windows") {
  std::string bytes;
  for (std::uint32_t i = 0; i < 200000; ++i) bytes.append(reinterpret_cast<const char*>(&i), 4);
  MemorySource source("memory", bytes);
  ByteReader in(source, bytes.size());
  for (std::uint32_t i = 0; i < 200000; ++i) REQUIRE(in.number<std::uint32_t>() == i);
  CHECK(in.ok());
  CHECK(in.remaining() == 0);
}

TEST_CASE("skipping far does not read what is skipped") {
  MemorySource source("memory", std::string(1 << 20, 'a') + "end");
  ByteReader in(source, 1 << 21);
  in.skip(1 << 20);
  CHECK(in.text(3) == "end");
}

TEST_CASE("the first error sticks") {
  struct Case {
    std::uint64_t size, limit;
    std::uint64_t skip;
    std::string message;
  };
  for (const auto& [size, limit, skip, message] :
       {Case{6, 100, 4, "the file ends inside its header (at byte 4)"},
        Case{6, 100, 7, "the file ends inside its header (at byte 0)"},
        Case{100, 6, 4, "the header is longer than 6 bytes (at byte 4)"},
        Case{100, 6, 50, "the header is longer than 6 bytes (at byte 50)"}}) {
    CAPTURE(message);
    MemorySource source("memory", std::string(size, '\0'));
    ByteReader in(source, limit);
    in.skip(skip);
    CHECK(in.number<std::uint32_t>() == 0);
    REQUIRE(!in.ok());
    CHECK(in.error().message == message);
    CHECK(in.error().where == "memory");
    in.refuse(ErrorCode::internal, "another one");
    CHECK(in.error().message == message);
    CHECK(in.text(1).empty());
  }
}

TEST_CASE("only text is plain text") {
  for (const char* good : {"", "blk.0.attn_q.weight", "größe", "模型", "\xf0\x9f\x99\x82"})
    CHECK(is_plain_text(good));
  for (const std::string& bad :
       {std::string("a\nb"), std::string("\x1b[31m"), std::string("\x7f"), std::string("a\0b", 3),
        std::string("\xff"), std::string("\xc0\x80"), std::string("\xe2\x82"),
        std::string("\xed\xa0\x80"), std::string("\xf5\x80\x80\x80"), std::string("\x80")}) {
    CHECK(!is_plain_text(bad));
  }
  CHECK(shown("plain") == "plain");
  CHECK(shown("\x1b[31mred") == "?[31mred");
  CHECK(shown(std::string(500, 'x')).size() < 130);
}

}  // namespace
}  // namespace rigor::adapters
