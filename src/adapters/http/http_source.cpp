#include "adapters/http/http_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <thread>
#include <utility>

#include "adapters/http/range_cache.hpp"

namespace rigor::adapters {
namespace {

constexpr std::uint64_t kBlock = 256ULL << 10;
constexpr std::uint64_t kMostBlocksAtOnce = 32;
constexpr std::size_t kBlocksKept = 64;
constexpr long kPartial = 206;
constexpr long kNotSatisfiable = 416;

Error cannot_range(const std::string& url) {
  return {ErrorCode::unsupported, "the server cannot send parts of the file (it ignores Range)",
          url, "download the file and name its path"};
}

/// ETags that begin with W/ promise no byte-for-byte sameness; If-Range must not carry them.
std::string strong(const std::string& etag) {
  return etag.starts_with("W/") ? std::string() : etag;
}

class HttpSource final : public ByteSource {
 public:
  HttpSource(std::string url, std::shared_ptr<HttpClient> client)
      : url_(std::move(url)), client_(std::move(client)), cache_(client_->options().cache, url_) {}

  /// Learns size and version: from the cache if it is young, else from the first block.
  Result<void> start() {
    if (const auto known = cache_.recall(client_->options().cache_age)) {
      file_ = *known;
      cache_.remember(file_);
      return {};
    }
    return first_block();
  }

  [[nodiscard]] const std::string& name() const override { return url_; }
  [[nodiscard]] std::uint64_t size() const override { return file_.size; }
  [[nodiscard]] std::uint64_t stride() const override { return 16 * kBlock; }

  Result<std::string> read(std::uint64_t offset, std::uint64_t count) override {
    if (offset >= file_.size || count == 0) return std::string();
    count = std::min(count, file_.size - offset);
    const std::uint64_t first = offset / kBlock;
    const std::uint64_t last = (offset + count - 1) / kBlock;
    std::string bytes;
    for (std::uint64_t block = first; block <= last; ++block) {
      if (auto there = provide(block, last); !there) return tl::unexpected<Error>(there.error());
      bytes += blocks_.at(block);
    }
    return bytes.substr(offset - first * kBlock, count);
  }

 private:
  [[nodiscard]] std::uint64_t length(std::uint64_t block) const {
    return std::min(kBlock, file_.size - block * kBlock);
  }

  void keep(std::uint64_t block, std::string bytes) {
    while (blocks_.size() >= kBlocksKept)
      blocks_.erase(blocks_.begin()->first == block ? std::prev(blocks_.end()) : blocks_.begin());
    blocks_[block] = std::move(bytes);
  }

  bool recall_block(std::uint64_t block) {
    if (blocks_.contains(block)) return true;
    std::optional<std::string> cached = cache_.load(block, length(block));
    if (cached) keep(block, std::move(*cached));
    return cached.has_value();
  }

  /// Makes `block` available; with it come the missing ones up to `last` that lie next to it.
  Result<void> provide(std::uint64_t block, std::uint64_t last) {
    if (recall_block(block)) return {};
    std::uint64_t end = block + 1;
    const std::uint64_t most = std::min(last + 1, block + kMostBlocksAtOnce);
    while (end < most && !recall_block(end)) ++end;
    return fetch(block, end);
  }

  Result<void> fetch(std::uint64_t begin, std::uint64_t end) {
    const std::uint64_t first = begin * kBlock;
    const std::uint64_t stop = std::min(end * kBlock, file_.size);
    Result<std::string> bytes = fetch_bytes(first, stop);
    if (!bytes) return tl::unexpected<Error>(bytes.error());
    for (std::uint64_t block = end; block-- > begin;) {
      std::string piece = bytes->substr((block - begin) * kBlock, length(block));
      cache_.store(block, piece);
      keep(block, std::move(piece));
    }
    return {};
  }

  /// A broken connection is taken up where it broke.
  Result<std::string> fetch_bytes(std::uint64_t first, std::uint64_t stop) {
    std::string bytes;
    std::string trouble;
    for (int attempt = 0; attempt <= client_->options().retries; ++attempt) {
      if (attempt > 0) std::this_thread::sleep_for(client_->options().retry_pause * attempt);
      const ByteRange range{first + bytes.size(), stop - 1};
      Result<HttpAnswer> answer =
          client_->ask({url_, range, strong(file_.etag), stop - range.first});
      if (!answer) return tl::unexpected<Error>(answer.error());
      if (auto good = judge(*answer, range); !good) return tl::unexpected<Error>(good.error());
      if (answer->status == kPartial) bytes += answer->body;
      if (bytes.size() == stop - first) return bytes;
      trouble = answer->trouble.empty() ? fmt::format("HTTP {}", answer->status) : answer->trouble;
    }
    return fail(ErrorCode::network,
                fmt::format("the connection broke again and again: {}", trouble), url_);
  }

  /// Good: a part as asked for, or something that is worth another attempt.
  [[nodiscard]] Result<void> judge(const HttpAnswer& answer, const ByteRange& range) const {
    if (answer.status == 200) return tl::unexpected<Error>(changed());
    if (answer.status == kPartial) {
      const bool same =
          answer.etag == file_.etag && answer.total == file_.size && answer.start == range.first;
      if (same && !answer.too_large) return {};
      return tl::unexpected<Error>(changed());
    }
    const bool later =
        answer.status == 0 || answer.status == 408 || answer.status == 429 || answer.status >= 500;
    if (later) return {};
    return tl::unexpected<Error>(http_error(answer.status, url_));
  }

  [[nodiscard]] Error changed() const {
    return {ErrorCode::network, "the file changed on the server while it was read", url_,
            "try again"};
  }

  Result<void> first_block() {
    Result<HttpAnswer> answer =
        client_->ask_patiently({.url = url_, .range = ByteRange{0, kBlock - 1}, .limit = kBlock});
    if (!answer) return tl::unexpected<Error>(answer.error());
    if (answer->status == kNotSatisfiable && answer->total == 0U) return {};  // an empty file
    if (answer->status == 200) return tl::unexpected<Error>(cannot_range(url_));
    if (!answer->complete && answer->status != kPartial)
      return fail(ErrorCode::network, answer->trouble, url_);
    if (answer->status != kPartial) return tl::unexpected<Error>(http_error(answer->status, url_));
    const auto total = answer->total;
    if (!total || answer->start != 0U) return tl::unexpected<Error>(cannot_range(url_));
    file_ = {answer->etag, *total};
    cache_.remember(file_);
    if (file_.size == 0 || answer->body.size() != length(0))
      return {};  // the rest comes when it is read
    cache_.store(0, answer->body);
    keep(0, std::move(answer->body));
    return {};
  }

  std::string url_;
  std::shared_ptr<HttpClient> client_;
  RangeCache cache_;
  RemoteFile file_;
  std::map<std::uint64_t, std::string> blocks_;
};

}  // namespace

Result<std::unique_ptr<ByteSource>> open_http(const std::string& url,
                                              const std::shared_ptr<HttpClient>& client) {
  auto source = std::make_unique<HttpSource>(url, client);
  if (auto started = source->start(); !started) return tl::unexpected<Error>(started.error());
  return source;
}

Result<std::string> fetch_text(const std::string& url, std::uint64_t limit, HttpClient& client) {
  RangeCache cache(client.options().cache, url);
  if (const auto known = cache.recall(client.options().cache_age)) {
    if (auto text = cache.load(0, known->size); text && text->size() <= limit)
      return std::move(*text);
  }
  Result<HttpAnswer> answer = http_text(client, url, limit);
  if (!answer) return tl::unexpected<Error>(answer.error());
  cache.remember({answer->etag, answer->body.size()});
  cache.store(0, answer->body);
  return std::move(answer->body);
}

}  // namespace rigor::adapters
