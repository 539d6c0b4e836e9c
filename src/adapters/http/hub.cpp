#include "adapters/http/hub.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "adapters/bytes/plain_text.hpp"
#include "adapters/json/json_node.hpp"
#include "base/text.hpp"

namespace rigor::adapters {
namespace {

constexpr std::string_view kScheme = "hf:";
constexpr std::uint64_t kLargestListing = 16ULL << 20;
constexpr int kMostPages = 50;
constexpr std::size_t kMostFiles = 100'000;

/// What may stand in an address unescaped.
bool is_plain(char c) {
  const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  return letter || (c >= '0' && c <= '9') ||
         std::string_view("-._~/").find(c) != std::string_view::npos;
}

std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (is_plain(c)) {
      result += c;
    } else {
      result += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return result;
}

std::string joined(const std::vector<std::string_view>& parts, std::size_t from) {
  std::string text;
  for (std::size_t i = from; i < parts.size(); ++i) {
    if (i > from) text += '/';
    text += parts[i];
  }
  return text;
}

bool is_segment(std::string_view part) {
  return !part.empty() && part != "." && part != ".." && is_plain_text(part);
}

Result<HubAddress> odd_address(const std::string& text) {
  return fail(ErrorCode::usage, "this is no address of a repository", shown(text),
              "write hf:org/repository, hf:org/repository/file.gguf or hf:org/repository@revision");
}

/// "org/repo/resolve/main/folder/file" and the like, as the hub's pages are called.
HubAddress from_page(const std::vector<std::string_view>& parts) {
  HubAddress address;
  address.repository = joined({parts.begin(), parts.begin() + 2}, 0);
  const bool deep =
      parts.size() > 3 && (parts[2] == "resolve" || parts[2] == "blob" || parts[2] == "tree");
  if (!deep) return address;
  address.revision = std::string(parts[3]);
  address.file = joined(parts, 4);
  return address;
}

/// Adds the files of one page of a listing.
Result<void> add_page(const std::string& text, const std::string& url,
                      std::vector<HubFile>& files) {
  const Result<JsonNode> root = read_json(text, url);
  if (!root) return tl::unexpected<Error>(root.error());
  const JsonNode::List* list = root->list();
  if (list == nullptr) return fail(ErrorCode::malformed, "the server's listing is no list", url);
  for (const JsonNode& item : *list) {
    const JsonNode* path = item.find("path");
    const JsonNode* type = item.find("type");
    const JsonNode* size = item.find("size");
    const bool is_file = type != nullptr && type->text() != nullptr && *type->text() == "file";
    if (!is_file || path == nullptr || path->text() == nullptr || !is_plain_text(*path->text()))
      continue;
    const auto* bytes = size != nullptr ? std::get_if<std::int64_t>(&size->value) : nullptr;
    files.push_back(
        {*path->text(), bytes != nullptr && *bytes > 0 ? static_cast<std::uint64_t>(*bytes) : 0});
    if (files.size() > kMostFiles) return fail(ErrorCode::limit, "more than 100000 files", url);
  }
  return {};
}

}  // namespace

bool is_hub_address(const std::string& text, const std::string& hub) {
  return text.starts_with(kScheme) || text.starts_with(hub + "/");
}

Result<HubAddress> parse_hub_address(const std::string& text, const std::string& hub) {
  const bool page = text.starts_with(hub + "/");
  std::string rest = page ? text.substr(hub.size() + 1) : text.substr(kScheme.size());
  HubAddress address;
  if (page) rest = rest.substr(0, rest.find_first_of("?#"));
  const std::size_t at = page ? std::string::npos : rest.find('@');
  if (at != std::string::npos) {
    address.revision = rest.substr(at + 1);
    rest.resize(at);
    if (!is_segment(address.revision)) return odd_address(text);
  }
  while (rest.ends_with('/')) rest.pop_back();
  const std::vector<std::string_view> parts = split(rest, '/');
  if (!std::all_of(parts.begin(), parts.end(), is_segment) || (page && parts.size() < 2))
    return odd_address(text);
  if (page) return from_page(parts);
  const std::size_t named = std::min<std::size_t>(parts.size(), 2);
  address.repository =
      joined({parts.begin(), parts.begin() + static_cast<std::ptrdiff_t>(named)}, 0);
  address.file = joined(parts, named);
  return address;
}

Result<std::vector<HubFile>> list_hub_files(const HubAddress& address, HttpClient& client) {
  std::string url = fmt::format("{}/api/models/{}/tree/{}?recursive=true", client.options().hub,
                                escaped(address.repository), escaped(address.revision));
  std::vector<HubFile> files;
  for (int page = 0; page < kMostPages && !url.empty(); ++page) {
    Result<HttpAnswer> answer = http_text(client, url, kLargestListing);
    if (!answer && answer.error().code == ErrorCode::not_found) {
      return fail(ErrorCode::not_found,
                  fmt::format("there is no repository \"{}\" with a revision \"{}\"",
                              address.repository, address.revision),
                  url);
    }
    if (!answer) return tl::unexpected<Error>(answer.error());
    if (auto added = add_page(answer->body, url, files); !added)
      return tl::unexpected<Error>(added.error());
    const bool same_host = answer->next_page.starts_with(client.options().hub + "/");
    url = same_host ? answer->next_page : std::string();
  }
  return files;
}

std::string hub_url(const HubAddress& address, const std::string& path, const std::string& hub) {
  return fmt::format("{}/{}/resolve/{}/{}", hub, escaped(address.repository),
                     escaped(address.revision), escaped(path));
}

}  // namespace rigor::adapters
