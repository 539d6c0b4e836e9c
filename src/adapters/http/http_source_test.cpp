#include "adapters/http/http_source.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>

#include "adapters/http/loopback_server.hpp"
#include "adapters/http/range_cache.hpp"
#include "adapters/model/scratch_folder.hpp"

namespace rigor::adapters {
namespace {

using testing::LoopbackServer;
using testing::Manner;
using testing::ScratchFolder;

/// No waiting between attempts, no cache.
HttpOptions quick() {
  HttpOptions options;
  options.retry_pause = std::chrono::milliseconds(0);
  options.connect_timeout = std::chrono::seconds(5);
  options.total_timeout = std::chrono::seconds(20);
  return options;
}

std::shared_ptr<HttpClient> client(HttpOptions options = quick()) {
  return std::make_shared<HttpClient>(std::move(options));
}

/// Three and a half blocks in which every place is different.
std::string content() {
  std::string bytes;
  for (std::uint32_t i = 0; bytes.size() < 900'000; ++i) bytes += std::to_string(i) + " ";
  return bytes;
}

TEST_CASE("only the blocks that are asked for travel, each once") {
  LoopbackServer server;
  const std::string bytes = content();
  server.serve("/file", bytes);
  const auto source = open_http(server.url("/file"), client());
  REQUIRE_MESSAGE(source.has_value(), source.error().message);
  CHECK((*source)->size() == bytes.size());
  CHECK((*source)->name() == server.url("/file"));
  CHECK((*source)->read(10, 20) == bytes.substr(10, 20));
  CHECK(server.requests() == 1);  // the first block came when the file was opened
  CHECK((*source)->read(600'000, 100) == bytes.substr(600'000, 100));
  CHECK(server.log().back() == "/file bytes=524288-786431");
  CHECK((*source)->read(0, bytes.size()) == bytes);
  CHECK(server.requests() == 4);  // second and fourth block
  CHECK((*source)->read(bytes.size() - 5, 500) == bytes.substr(bytes.size() - 5));
  CHECK((*source)->read(bytes.size(), 1) == "");
  CHECK(server.requests() == 4);
}

TEST_CASE("neighbouring blocks come in one request") {
  LoopbackServer server;
  const std::string bytes = content();
  server.serve("/file", bytes);
  const auto source = open_http(server.url("/file"), client());
  REQUIRE(source.has_value());
  CHECK((*source)->read(262'144, 500'000) == bytes.substr(262'144, 500'000));
  CHECK(server.log().back() == "/file bytes=262144-786431");
}

TEST_CASE("redirects are followed") {
  LoopbackServer server;
  server.serve("/there", "0123456789");
  server.redirect("/here", server.url("/there"));
  server.redirect("/loop", server.url("/loop"));
  const auto source = open_http(server.url("/here"), client());
  REQUIRE_MESSAGE(source.has_value(), source.error().message);
  CHECK((*source)->read(0, 10) == "0123456789");
  CHECK(open_http(server.url("/loop"), client()).error().message == "more than 8 redirects");
  server.redirect("/file", "file:///etc/passwd");
  CHECK(!open_http(server.url("/file"), client()).has_value());
}

TEST_CASE("a broken connection is taken up where it broke") {
  LoopbackServer server;
  const std::string bytes = content();
  server.serve("/file", bytes, Manner::dropping_once);
  const auto source = open_http(server.url("/file"), client());
  REQUIRE_MESSAGE(source.has_value(), source.error().message);
  CHECK((*source)->read(0, bytes.size()) == bytes);

  server.serve("/tenacious", std::string(5000, 'x'), Manner::dropping);
  HttpOptions patient = quick();
  patient.retries = 30;  // at least half of what is left arrives each time
  const auto dripping = open_http(server.url("/tenacious"), client(patient));
  REQUIRE_MESSAGE(dripping.has_value(), dripping.error().message);
  CHECK((*dripping)->read(0, 4990).value_or("").size() == 4990);
  const std::vector<std::string> log = server.log();
  CHECK(log[log.size() - 2] != log.back());  // each attempt starts farther
}

TEST_CASE("a server that breaks off again and again is given up") {
  LoopbackServer server;
  server.serve("/file", content(), Manner::dropping);
  const auto source = open_http(server.url("/file"), client());
  REQUIRE(source.has_value());
  const auto bytes = (*source)->read(0, 800'000);
  REQUIRE(!bytes.has_value());
  CHECK(bytes.error().code == ErrorCode::network);
  CHECK(bytes.error().message.find("the connection broke again and again") != std::string::npos);
}

TEST_CASE("a busy server is asked again, a silent one times out") {
  LoopbackServer server;
  server.serve("/soon", "0123456789", Manner::busy_once);
  CHECK(open_http(server.url("/soon"), client()).has_value());
  server.serve("/never", "x", Manner::busy);
  CHECK(open_http(server.url("/never"), client()).error().message ==
        "the server answered with HTTP 503");
  CHECK(server.requests() == 2 + 4);

  server.serve("/silent", "x", Manner::silent);
  HttpOptions hasty = quick();
  hasty.total_timeout = std::chrono::milliseconds(100);
  hasty.retries = 1;
  const auto start = std::chrono::steady_clock::now();
  const auto silent = open_http(server.url("/silent"), client(hasty));
  REQUIRE(!silent.has_value());
  CHECK(silent.error().code == ErrorCode::network);
  CHECK(silent.error().message.find("no complete answer within") != std::string::npos);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(5));
}

TEST_CASE("what the server refuses is said in plain words") {
  LoopbackServer server;
  server.serve("/whole", std::string(100, 'x'), Manner::ignoring_range);
  server.serve("/empty", "");
  server.serve("/secret", "0123456789", Manner::needing_token);
  server.serve("/changing", content(), Manner::changing);
  for (const int status : {401, 403, 404, 410, 418, 429, 500})
    server.answer("/" + std::to_string(status), status);
  struct Case {
    std::string path;
    ErrorCode code;
    std::string part;
  };
  for (const auto& [path, code, part] :
       {Case{"/whole", ErrorCode::unsupported, "cannot send parts of the file"},
        Case{"/none", ErrorCode::not_found, "no such file on the server"},
        Case{"/404", ErrorCode::not_found, "HTTP 404"},
        Case{"/410", ErrorCode::not_found, "HTTP 410"},
        Case{"/401", ErrorCode::network, "access denied (HTTP 401)"},
        Case{"/403", ErrorCode::network, "HTTP 403"},
        Case{"/429", ErrorCode::network, "asks to wait"},
        Case{"/500", ErrorCode::network, "HTTP 500"}, Case{"/418", ErrorCode::network, "HTTP 418"},
        Case{"/secret", ErrorCode::network, "HTTP 401"}}) {
    CAPTURE(path);
    const auto source = open_http(server.url(path), client());
    REQUIRE(!source.has_value());
    CHECK(source.error().code == code);
    CHECK_MESSAGE(source.error().message.find(part) != std::string::npos, source.error().message);
    CHECK(source.error().where == server.url(path));
  }
  CHECK(open_http(server.url("/401"), client()).error().hint.find("HF_TOKEN") != std::string::npos);
  const auto changing = open_http(server.url("/changing"), client());
  REQUIRE(changing.has_value());
  CHECK((*changing)->read(600'000, 10).error().message.find("changed on the server") !=
        std::string::npos);
}

TEST_CASE("without a network the error says so") {
  const auto closed = open_http(testing::closed_address() + "/file", client());
  REQUIRE(!closed.has_value());
  CHECK(closed.error().code == ErrorCode::network);
  CHECK(closed.error().message.find("is there a network?") != std::string::npos);
  CHECK(closed.error().hint.find("download the file") != std::string::npos);
  CHECK(open_http("http://name.invalid/file", client()).error().code == ErrorCode::network);
  CHECK(open_http("ftp://127.0.0.1/file", client()).error().code == ErrorCode::network);
  CHECK(open_http("http://", client()).error().code == ErrorCode::network);
}

TEST_CASE("the token goes to the hub and to nobody else") {
  LoopbackServer server;
  server.serve("/secret", "0123456789", Manner::needing_token);
  HttpOptions options = quick();
  options.token = "secret";
  CHECK(!open_http(server.url("/secret"), client(options)).has_value());
  options.hub = server.address();
  CHECK(open_http(server.url("/secret"), client(options)).has_value());
  LoopbackServer other;
  other.serve("/secret", "0123456789", Manner::needing_token);
  server.redirect("/moved", other.url("/secret"));
  CHECK(!open_http(server.url("/moved"), client(options)).has_value());
}

TEST_CASE("what is in the cache needs no request") {
  LoopbackServer server;
  const ScratchFolder folder;
  const std::string bytes = content();
  server.serve("/file", bytes);
  server.serve("/text", "a small text");
  HttpOptions options = quick();
  options.cache = folder.path("cache");
  {
    const auto source = open_http(server.url("/file"), client(options));
    REQUIRE(source.has_value());
    CHECK((*source)->read(250'000, 100'000) == bytes.substr(250'000, 100'000));
    CHECK(fetch_text(server.url("/text"), 100, *client(options)) == "a small text");
  }
  const std::size_t before = server.requests();
  const auto again = open_http(server.url("/file"), client(options));
  REQUIRE(again.has_value());
  CHECK((*again)->read(250'000, 100'000) == bytes.substr(250'000, 100'000));
  CHECK(fetch_text(server.url("/text"), 100, *client(options)) == "a small text");
  CHECK(server.requests() == before);
  CHECK((*again)->read(800'000, 10) == bytes.substr(800'000, 10));
  CHECK(server.requests() == before + 1);
}

TEST_CASE("an old cache is checked, another version drops it") {
  LoopbackServer server;
  const ScratchFolder folder;
  server.serve("/file", "0123456789");
  HttpOptions options = quick();
  options.cache = folder.path("cache");
  options.cache_age = std::chrono::seconds(-1);  // everything is too old
  for (int i = 0; i < 2; ++i) CHECK(open_http(server.url("/file"), client(options)).has_value());
  CHECK(server.requests() == 2);
  server.serve("/file", "a longer content");
  const auto source = open_http(server.url("/file"), client(options));
  REQUIRE(source.has_value());
  CHECK((*source)->read(0, 100) == "a longer content");
}

TEST_CASE("a cache that cannot be used never breaks the read") {
  LoopbackServer server;
  const ScratchFolder folder;
  server.serve("/file", "0123456789");
  HttpOptions options = quick();
  options.cache = folder.file("not-a-folder", "x") + "/cache";
  const auto source = open_http(server.url("/file"), client(options));
  REQUIRE(source.has_value());
  CHECK((*source)->read(0, 10) == "0123456789");

  options.cache = folder.path("cache");
  REQUIRE(open_http(server.url("/file"), client(options)).has_value());
  for (const auto& entry : std::filesystem::recursive_directory_iterator(options.cache)) {
    if (entry.is_regular_file())
      std::filesystem::resize_file(entry.path(), 3);  // spoilt by somebody
  }
  const auto spoilt = open_http(server.url("/file"), client(options));
  REQUIRE(spoilt.has_value());
  CHECK((*spoilt)->read(0, 10) == "0123456789");
}

TEST_CASE("files without an ETag, or with a weak one, can be read") {
  LoopbackServer server;
  const ScratchFolder folder;
  const std::string bytes = content();
  HttpOptions options = quick();
  options.cache = folder.path("cache");
  for (const Manner manner : {Manner::without_etag, Manner::weak_etag}) {
    server.serve("/file", bytes, manner);
    const auto source = open_http(server.url("/file"), client(options));
    REQUIRE(source.has_value());
    CHECK((*source)->read(0, bytes.size()) == bytes);
  }
}

TEST_CASE("small texts are bounded") {
  LoopbackServer server;
  server.serve("/text", std::string(1000, 'x'), Manner::ignoring_range);
  server.answer("/500", 500);
  CHECK(fetch_text(server.url("/text"), 1000, *client()).value_or("").size() == 1000);
  CHECK(fetch_text(server.url("/text"), 999, *client()).error().code == ErrorCode::limit);
  CHECK(fetch_text(server.url("/none"), 999, *client()).error().code == ErrorCode::not_found);
  CHECK(fetch_text(server.url("/500"), 999, *client()).error().code == ErrorCode::network);
}

}  // namespace
}  // namespace rigor::adapters
