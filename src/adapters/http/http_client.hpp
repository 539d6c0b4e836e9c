// HTTP GET with ranges, redirects, timeouts and bounded memory, over libcurl. What went wrong on
// the way and what the server answered are told apart: only the caller knows whether to ask again.
// Layer 10.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/result.hpp"

namespace rigor::adapters {

/// How remote files are reached. Nothing here is read from the environment.
struct HttpOptions {
  std::string hub = "https://huggingface.co";  ///< where hf: addresses lead
  std::string token = {};                      ///< sent to the hub only
  std::string cache = {};  ///< folder for what was fetched; empty: nothing is kept
  std::chrono::seconds cache_age =
      std::chrono::hours(24);  ///< a younger cache is trusted without asking
  std::chrono::milliseconds connect_timeout = std::chrono::seconds(10);
  std::chrono::milliseconds total_timeout = std::chrono::seconds(120);  ///< of one request
  std::chrono::milliseconds retry_pause = std::chrono::milliseconds(500);
  int retries = 3;  ///< after the first attempt
};

/// HF_TOKEN, HF_ENDPOINT, XDG_CACHE_HOME and HOME as the environment has them.
HttpOptions http_options_from_environment();

struct ByteRange {
  std::uint64_t first = 0;
  std::uint64_t last = 0;  ///< inclusive
};

struct HttpQuestion {
  std::string url;
  std::optional<ByteRange> range = {};
  std::string if_range = {};  ///< the ETag the range must belong to; empty: any
  std::uint64_t limit = 0;    ///< more bytes than this are not accepted
};

struct HttpAnswer {
  long status = 0;
  std::string body;                    ///< what arrived, also when the connection broke
  std::string etag;                    ///< as the server wrote it, quotes included
  std::optional<std::uint64_t> total;  ///< size of the whole file, from Content-Range
  std::optional<std::uint64_t> start;  ///< first byte of a partial answer
  std::string next_page;               ///< from a Link header with rel="next"
  bool complete = true;                ///< false: the connection broke or timed out before the end
  bool too_large = false;  ///< more than the limit, or the whole file where a range was asked for
  std::string trouble;     ///< why it is not complete
};

/// One connection, kept open between questions. Not for several threads at once.
class HttpClient {
 public:
  explicit HttpClient(HttpOptions options);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  /// Follows redirects. Errors: the address is none, the host is not found or does not answer at
  /// all.
  Result<HttpAnswer> ask(const HttpQuestion& question);
  /// Repeats a question that broke off or met a busy server; gives up after `retries`.
  Result<HttpAnswer> ask_patiently(const HttpQuestion& question);
  [[nodiscard]] const HttpOptions& options() const { return options_; }

 private:
  struct Handle;
  HttpOptions options_;
  std::unique_ptr<Handle> handle_;
};

/// What a status means to the user, as an error.
Error http_error(long status, const std::string& url);

/// A small file or answer, whole. Errors: every status but 200, more than `limit` bytes.
Result<HttpAnswer> http_text(HttpClient& client, const std::string& url, std::uint64_t limit);

}  // namespace rigor::adapters
