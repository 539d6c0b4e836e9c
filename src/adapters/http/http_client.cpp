#include "adapters/http/http_client.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cstdlib>
#include <string_view>
#include <thread>
#include <utility>

#include "base/text.hpp"

namespace rigor::adapters {
namespace {

constexpr long kMostRedirects = 8;

std::string variable(const char* name) {
  const char* value =
      std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nobody sets variables here
  return value != nullptr ? value : "";
}

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  return code == std::errc() && end == text.data() + text.size() ? std::optional(value)
                                                                 : std::nullopt;
}

/// "bytes 0-1023/2048", "bytes */0".
void read_content_range(std::string_view value, HttpAnswer& answer) {
  constexpr std::string_view kUnit = "bytes ";
  if (!value.starts_with(kUnit)) return;
  value.remove_prefix(kUnit.size());
  const std::size_t slash = value.find('/');
  if (slash == std::string_view::npos) return;
  answer.total = number(value.substr(slash + 1));
  const std::size_t dash = value.find('-');
  if (dash < slash) answer.start = number(value.substr(0, dash));
}

/// `<https://…?cursor=x>; rel="next"`.
std::string next_link(std::string_view value) {
  const std::size_t open = value.find('<');
  const std::size_t close = value.find('>');
  const bool next = value.find("rel=\"next\"") != std::string_view::npos;
  if (!next || open == std::string_view::npos || close == std::string_view::npos || close < open)
    return {};
  return std::string(value.substr(open + 1, close - open - 1));
}

/// What a running request collects.
struct Exchange {
  const HttpQuestion& question;
  HttpAnswer answer;
};

/// A redirect starts a new answer: what the former one said is forgotten.
void take_status(std::string_view line, HttpAnswer& answer) {
  const std::size_t space = line.find(' ');
  const auto status =
      space == std::string_view::npos ? std::nullopt : number(line.substr(space + 1, 3));
  answer = HttpAnswer{};
  answer.status = status ? static_cast<long>(*status) : 0;
}

std::size_t on_header(char* data, std::size_t size, std::size_t count, void* user) {
  auto& answer = static_cast<Exchange*>(user)->answer;
  const std::string_view line = trim(std::string_view(data, size * count));
  if (line.starts_with("HTTP/")) {
    take_status(line, answer);
    return size * count;
  }
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return size * count;
  const std::string name = lower(line.substr(0, colon));
  const std::string_view value = trim(line.substr(colon + 1));
  if (name == "etag") answer.etag = value;
  if (name == "content-range") read_content_range(value, answer);
  if (name == "link") answer.next_page = next_link(value);
  return size * count;
}

std::size_t on_body(char* data, std::size_t size, std::size_t count, void* user) {
  auto& exchange = *static_cast<Exchange*>(user);
  HttpAnswer& answer = exchange.answer;
  const std::size_t bytes = size * count;
  const bool redirect = answer.status >= 300 && answer.status < 400;
  if (redirect) return bytes;
  const bool whole_instead = exchange.question.range && answer.status == 200;
  if (whole_instead || answer.body.size() + bytes > exchange.question.limit) {
    answer.too_large = true;
    return 0;  // ends the transfer
  }
  answer.body.append(data, bytes);
  return bytes;
}

/// Failures before any answer: no network, wrong host. Asking again at once does not help.
bool is_unreachable(CURLcode code) {
  switch (code) {
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_TOO_MANY_REDIRECTS: return true;
    default: return false;
  }
}

std::string explanation(CURLcode code, const HttpOptions& options) {
  using std::chrono::duration_cast;
  using std::chrono::seconds;
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST: return "the host is not found; is there a network?";
    case CURLE_COULDNT_CONNECT:
      return "the host does not accept the connection; is there a network?";
    case CURLE_TOO_MANY_REDIRECTS: return fmt::format("more than {} redirects", kMostRedirects);
    case CURLE_OPERATION_TIMEDOUT:
      return fmt::format("no complete answer within {} s",
                         duration_cast<seconds>(options.total_timeout).count());
    default: return curl_easy_strerror(code);
  }
}

/// Initialises libcurl once, before the first handle.
void initialize() {
  static const CURLcode kDone = curl_global_init(CURL_GLOBAL_DEFAULT);
  RIGOR_ASSERT(kDone == CURLE_OK);
}

bool is_busy(long status) {
  return status == 408 || status == 429 || status >= 500;
}

}  // namespace

struct HttpClient::Handle {
  CURL* easy = nullptr;
  curl_slist* headers = nullptr;

  Handle() : easy((initialize(), curl_easy_init())) { RIGOR_ASSERT(easy != nullptr); }
  ~Handle() {
    curl_slist_free_all(headers);
    curl_easy_cleanup(easy);
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  void header(const std::string& line) { headers = curl_slist_append(headers, line.c_str()); }
  void forget_headers() {
    curl_slist_free_all(headers);
    headers = nullptr;
  }

  void prepare(const HttpQuestion& q, const HttpOptions& options) {
    curl_easy_reset(easy);
    forget_headers();
    const char* protocols = q.url.starts_with("https:") ? "https" : "http,https";
    curl_easy_setopt(easy, CURLOPT_URL, q.url.c_str());
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, protocols);
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(easy, CURLOPT_MAXREDIRS, kMostRedirects);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "rigor");
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                     static_cast<long>(options.connect_timeout.count()));
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(options.total_timeout.count()));
    if (q.range)
      curl_easy_setopt(easy, CURLOPT_RANGE,
                       fmt::format("{}-{}", q.range->first, q.range->last).c_str());
    if (!q.if_range.empty()) header("If-Range: " + q.if_range);
    // libcurl itself keeps this header from other hosts when it follows a redirect.
    if (!options.token.empty() && q.url.starts_with(options.hub + "/"))
      header("Authorization: Bearer " + options.token);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
  }
};

HttpOptions http_options_from_environment() {
  HttpOptions options;
  options.token = variable("HF_TOKEN");
  if (std::string hub = variable("HF_ENDPOINT"); !hub.empty()) {
    while (hub.ends_with('/')) hub.pop_back();
    options.hub = hub;
  }
  const std::string cache = variable("XDG_CACHE_HOME");
  const std::string home = variable("HOME");
  if (!cache.empty()) {
    options.cache = cache + "/rigor";
  } else if (!home.empty()) {
    options.cache = home + "/.cache/rigor";
  }
  return options;
}

HttpClient::HttpClient(HttpOptions options)
    : options_(std::move(options)), handle_(std::make_unique<Handle>()) {}
HttpClient::~HttpClient() = default;

Result<HttpAnswer> HttpClient::ask(const HttpQuestion& question) {
  handle_->prepare(question, options_);
  Exchange exchange{question, {}};
  CURL* easy = handle_->easy;
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, &exchange);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &exchange);
  const CURLcode code = curl_easy_perform(easy);
  HttpAnswer answer = std::move(exchange.answer);
  if (code == CURLE_OK || answer.too_large) return answer;
  if (is_unreachable(code)) {
    return fail(ErrorCode::network, explanation(code, options_), question.url,
                "without a network, download the file and name its path");
  }
  answer.complete = false;
  answer.trouble = explanation(code, options_);
  return answer;
}

Result<HttpAnswer> HttpClient::ask_patiently(const HttpQuestion& question) {
  for (int attempt = 0;; ++attempt) {
    Result<HttpAnswer> answer = ask(question);
    if (!answer) return answer;
    const bool again = !answer->complete || is_busy(answer->status);
    if (!again || attempt >= options_.retries) return answer;
    std::this_thread::sleep_for(options_.retry_pause * (attempt + 1));
  }
}

Error http_error(long status, const std::string& url) {
  switch (status) {
    case 401:
    case 403:
      return {ErrorCode::network, fmt::format("access denied (HTTP {})", status), url,
              "gated, private or not existing: for a gated repository accept its terms and set "
              "HF_TOKEN"};
    case 404:
    case 410:
      return {ErrorCode::not_found,
              fmt::format("there is no such file on the server (HTTP {})", status),
              url,
              {}};
    case 429:
      return {ErrorCode::network, "the server asks to wait (HTTP 429)", url,
              "try again in some minutes"};
    default:
      return {ErrorCode::network, fmt::format("the server answered with HTTP {}", status), url, {}};
  }
}

Result<HttpAnswer> http_text(HttpClient& client, const std::string& url, std::uint64_t limit) {
  Result<HttpAnswer> answer = client.ask_patiently({.url = url, .limit = limit});
  if (!answer) return answer;
  if (answer->too_large)
    return fail(ErrorCode::limit, fmt::format("larger than {} bytes", limit), url);
  if (!answer->complete) return fail(ErrorCode::network, answer->trouble, url);
  if (answer->status != 200) return tl::unexpected<Error>(http_error(answer->status, url));
  return answer;
}

}  // namespace rigor::adapters
