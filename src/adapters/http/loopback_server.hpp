// Test support: a web server in the test's own process, on 127.0.0.1 and a port nobody uses, that
// can misbehave in every way a real one does. Layer 10, tests only.
#pragma once

#include <memory>
#include <string>
#include <vector>

namespace rigor::adapters::testing {

/// How a path is answered.
enum class Manner : std::uint8_t {
  well,  ///< ranges, ETag, If-Range
  without_etag,
  weak_etag,
  ignoring_range,  ///< always the whole file
  dropping_once,   ///< the first answer breaks off in the middle, the later ones do not
  dropping,        ///< every answer breaks off after its first bytes
  busy_once,       ///< 503 first
  busy,            ///< 503 always
  silent,          ///< no answer until the server is gone
  changing,        ///< another ETag every time
  needing_token,   ///< 401 without "Authorization: Bearer secret"
};

class LoopbackServer {
 public:
  LoopbackServer();
  ~LoopbackServer();
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;

  /// Without a slash at the end.
  [[nodiscard]] std::string address() const;
  [[nodiscard]] std::string url(const std::string& path) const { return address() + path; }
  void serve(const std::string& path, std::string content, Manner manner = Manner::well);
  void redirect(const std::string& path, const std::string& target);
  void answer(const std::string& path, int status);

  /// Every request so far: "path range", or "path" for one without a range.
  [[nodiscard]] std::vector<std::string> log() const;
  [[nodiscard]] std::size_t requests() const { return log().size(); }

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The address of a port on which nobody listens.
std::string closed_address();

}  // namespace rigor::adapters::testing
