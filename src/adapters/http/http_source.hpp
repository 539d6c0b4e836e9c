// A file on a web server, read by ranges: only the blocks that are asked for travel, each once.
// Layer 10.
#pragma once

#include <memory>
#include <string>

#include "adapters/bytes/byte_source.hpp"
#include "adapters/http/http_client.hpp"

namespace rigor::adapters {

/// Errors: the server cannot be reached, refuses, has no such file, or cannot send ranges.
Result<std::unique_ptr<ByteSource>> open_http(const std::string& url,
                                              const std::shared_ptr<HttpClient>& client);

/// A small text file, kept in the cache like any other. Servers that cannot send ranges will do.
Result<std::string> fetch_text(const std::string& url, std::uint64_t limit, HttpClient& client);

}  // namespace rigor::adapters
