#include "adapters/http/range_cache.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <charconv>
#include <filesystem>
#include <system_error>
#include <vector>

#include "adapters/files/files.hpp"
#include "base/text.hpp"

namespace rigor::adapters {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFacts = "facts";
constexpr std::uint64_t kLargestPiece = 64ULL << 20;

/// FNV-1a; two addresses with the same name are told apart by the address in the facts.
std::uint64_t hash(std::string_view text) {
  std::uint64_t value = 0xcbf29ce484222325ULL;
  for (const char c : text) value = (value ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return value;
}

/// Written aside and renamed, so that another process never sees half a file.
void write_quietly(const std::string& path, const std::string& content) {
  const std::string aside = fmt::format("{}.{}", path, ::getpid());
  std::error_code ignored;
  if (write_file(aside, content)) fs::rename(aside, path, ignored);
  if (ignored) fs::remove(aside, ignored);
}

std::optional<RemoteFile> parse_facts(const std::string& text, const std::string& url) {
  const std::vector<std::string_view> lines = split(text, '\n');
  if (lines.size() < 3 || lines[0] != url) return std::nullopt;
  RemoteFile file{.etag = std::string(lines[1])};
  const auto [end, code] =
      std::from_chars(lines[2].data(), lines[2].data() + lines[2].size(), file.size);
  if (code != std::errc() || end != lines[2].data() + lines[2].size()) return std::nullopt;
  return file;
}

bool is_one_line(const std::string& text) {
  return text.find('\n') == std::string::npos;
}

}  // namespace

RangeCache::RangeCache(const std::string& folder, const std::string& url) : url_(url) {
  if (!folder.empty() && is_one_line(url)) place_ = fmt::format("{}/{:016x}", folder, hash(url));
}

std::optional<RemoteFile> RangeCache::recall(std::chrono::seconds age) const {
  if (place_.empty()) return std::nullopt;
  const std::string path = fmt::format("{}/{}", place_, kFacts);
  std::error_code error;
  const fs::file_time_type written = fs::last_write_time(path, error);
  const auto old = fs::file_time_type::clock::now() - written;
  if (error || std::chrono::duration_cast<std::chrono::seconds>(old) > age) return std::nullopt;
  const auto text = read_file(path, 1 << 16);
  return text ? parse_facts(*text, url_) : std::nullopt;
}

void RangeCache::remember(const RemoteFile& file) {
  if (place_.empty()) return;
  std::error_code ignored;
  const auto before = recall(std::chrono::seconds::max());
  if (!before || before->etag != file.etag || before->size != file.size)
    fs::remove_all(place_, ignored);
  known_ = !file.etag.empty() && is_one_line(file.etag);
  if (!known_) return;
  fs::create_directories(place_, ignored);
  write_quietly(fmt::format("{}/{}", place_, kFacts),
                fmt::format("{}\n{}\n{}\n", url_, file.etag, file.size));
}

std::string RangeCache::piece_path(std::uint64_t piece) const {
  return fmt::format("{}/{}", place_, piece);
}

std::optional<std::string> RangeCache::load(std::uint64_t piece, std::uint64_t length) const {
  if (place_.empty()) return std::nullopt;
  auto bytes = read_file(piece_path(piece), kLargestPiece);
  if (!bytes || bytes->size() != length) return std::nullopt;
  return std::move(*bytes);
}

void RangeCache::store(std::uint64_t piece, const std::string& bytes) const {
  if (!place_.empty() && known_) write_quietly(piece_path(piece), bytes);
}

}  // namespace rigor::adapters
