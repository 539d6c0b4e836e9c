// Addresses of the form hf:org/repository[/file][@revision] and what a repository holds. Layer 10.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "adapters/http/http_client.hpp"

namespace rigor::adapters {

struct HubAddress {
  std::string repository;  ///< "org/name", or a name alone for the oldest ones
  std::string file;        ///< path inside the repository; empty: the repository as a whole
  std::string revision = "main";
};

/// Reads "hf:Qwen/Qwen3-8B-GGUF/Qwen3-8B-Q4_K_M.gguf@main". Also addresses of the hub's web pages.
Result<HubAddress> parse_hub_address(const std::string& text, const std::string& hub);
/// Whether `parse_hub_address` is meant to read it.
bool is_hub_address(const std::string& text, const std::string& hub);

struct HubFile {
  std::string path;
  std::uint64_t size = 0;
};

/// All files of a repository. Errors: no such repository or revision, gated, unreachable, an answer
/// that is none.
Result<std::vector<HubFile>> list_hub_files(const HubAddress& address, HttpClient& client);

/// Where the file's content is: {hub}/{repository}/resolve/{revision}/{path}.
std::string hub_url(const HubAddress& address, const std::string& path, const std::string& hub);

}  // namespace rigor::adapters
