#include "adapters/http/loopback_server.hpp"

// As Debian's library was compiled: the layout of its classes depends on it.
#define CPPHTTPLIB_OPENSSL_SUPPORT
#define CPPHTTPLIB_ZLIB_SUPPORT
#define CPPHTTPLIB_BROTLI_SUPPORT
#include <doctest/doctest.h>
#include <httplib.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

namespace rigor::adapters::testing {
namespace {

struct Page {
  std::string content;
  Manner manner = Manner::well;
  int status = 0;           // other than 0: only this
  std::string target = {};  // of a redirect
  int seen = 0;
};

/// Answers with the whole file: the library would cut out the range by itself.
void forget_range(const httplib::Request& request) {
  const_cast<httplib::Request&>(request).ranges.clear();
}

/// Sends the start of what was asked for and closes the connection.
void break_off(httplib::Response& response, const std::string& content) {
  response.set_content_provider(
      content.size(), "application/octet-stream",
      [content](std::size_t offset, std::size_t length, httplib::DataSink& sink) {
        sink.write(content.data() + offset, std::min<std::size_t>((length + 1) / 2, 1000));
        return false;
      });
}

}  // namespace

struct LoopbackServer::State {
  httplib::Server server;
  std::thread thread;
  int port = 0;
  mutable std::mutex mutex;
  std::condition_variable gone;
  bool stopping = false;
  std::map<std::string, Page> pages;
  std::vector<std::string> log;

  void handle(const httplib::Request& request, httplib::Response& response) {
    std::unique_lock lock(mutex);
    const std::string range = request.get_header_value("Range");
    log.push_back(range.empty() ? request.path : request.path + " " + range);
    const auto found = pages.find(request.path);
    if (found == pages.end()) {
      response.status = 404;
      return;
    }
    Page& page = found->second;
    ++page.seen;
    if (page.status != 0) {
      response.status = page.status;
      if (!page.target.empty()) response.set_header("Location", page.target);
      forget_range(request);
      return;
    }
    if (page.manner == Manner::silent) {
      gone.wait(lock, [this] { return stopping; });
      return;
    }
    send(page, request, response);
  }

  static bool refuses(const Page& page, const httplib::Request& request,
                      httplib::Response& response) {
    const bool busy =
        page.manner == Manner::busy || (page.manner == Manner::busy_once && page.seen == 1);
    const bool locked = page.manner == Manner::needing_token &&
                        request.get_header_value("Authorization") != "Bearer secret";
    if (!busy && !locked) return false;
    response.status = busy ? 503 : 401;
    forget_range(request);
    return true;
  }

  static void send(const Page& page, const httplib::Request& request, httplib::Response& response) {
    if (refuses(page, request, response)) return;
    std::string etag = "\"one\"";
    if (page.manner == Manner::changing) etag = "\"" + std::to_string(page.seen) + "\"";
    if (page.manner == Manner::weak_etag) etag = "W/\"one\"";
    if (page.manner != Manner::without_etag) response.set_header("ETag", etag);
    const std::string wanted = request.get_header_value("If-Range");
    const bool other_version = !wanted.empty() && wanted != etag;
    if (page.manner == Manner::ignoring_range || other_version) forget_range(request);
    const bool drops =
        page.manner == Manner::dropping || (page.manner == Manner::dropping_once && page.seen == 1);
    if (drops) return break_off(response, page.content);
    response.set_content(page.content, "application/octet-stream");
  }
};

LoopbackServer::LoopbackServer() : state_(std::make_unique<State>()) {
  State& state = *state_;
  state.server.Get(".*", [&state](const httplib::Request& request, httplib::Response& response) {
    state.handle(request, response);
  });
  state.port = state.server.bind_to_any_port("127.0.0.1");
  REQUIRE(state.port > 0);
  state.thread = std::thread([&state] { state.server.listen_after_bind(); });
  while (!state.server.is_running()) std::this_thread::yield();
}

LoopbackServer::~LoopbackServer() {
  {
    const std::scoped_lock lock(state_->mutex);
    state_->stopping = true;
  }
  state_->gone.notify_all();
  state_->server.stop();
  state_->thread.join();
}

std::string LoopbackServer::address() const {
  return "http://127.0.0.1:" + std::to_string(state_->port);
}

void LoopbackServer::serve(const std::string& path, std::string content, Manner manner) {
  const std::scoped_lock lock(state_->mutex);
  state_->pages[path] = Page{.content = std::move(content), .manner = manner};
}

void LoopbackServer::redirect(const std::string& path, const std::string& target) {
  const std::scoped_lock lock(state_->mutex);
  state_->pages[path] = Page{.status = 302, .target = target};
}

void LoopbackServer::answer(const std::string& path, int status) {
  const std::scoped_lock lock(state_->mutex);
  state_->pages[path] = Page{.status = status};
}

std::vector<std::string> LoopbackServer::log() const {
  const std::scoped_lock lock(state_->mutex);
  return state_->log;
}

std::string closed_address() {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  REQUIRE(::bind(descriptor, reinterpret_cast<sockaddr*>(&address), length) == 0);
  REQUIRE(::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &length) == 0);
  ::close(descriptor);
  return "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port));
}

}  // namespace rigor::adapters::testing
