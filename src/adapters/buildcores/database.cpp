#include "adapters/buildcores/database.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <filesystem>
#include <optional>

#include "adapters/buildcores/mapping.hpp"
#include "adapters/files/files.hpp"
#include "base/text.hpp"

namespace rigor::adapters::buildcores {
namespace fs = std::filesystem;
namespace {

constexpr std::uint64_t kLargestGitFile = 16ULL << 20;

std::string content(const std::string& path) {
  return read_file(path, kLargestGitFile).value_or(std::string());
}

bool is_commit(std::string_view text) {
  return text.size() == 40 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// The commit that git's folder says is checked out; empty when it does not say.
std::string commit_of(const std::string& git) {
  std::string head(trim(content(git + "/HEAD")));
  if (is_commit(head)) return head;
  constexpr std::string_view kRef = "ref: ";
  const std::string name = head.starts_with(kRef) ? head.substr(kRef.size()) : "";
  const bool plain = name.starts_with("refs/") && name.find("..") == std::string::npos;
  if (!plain) return {};
  std::string loose(trim(content(git + "/" + name)));
  if (is_commit(loose)) return loose;
  const std::string packed = content(git + "/packed-refs");
  for (const std::string_view line : split(packed, '\n')) {
    const std::size_t space = line.find(' ');
    if (space != std::string_view::npos && trim(line.substr(space + 1)) == name &&
        is_commit(line.substr(0, space)))
      return std::string(line.substr(0, space));
  }
  return {};
}

/// Days since 1970-01-01 as a date (Gregorian; Hinnant's algorithm).
std::string date_of_day(std::int64_t days) {
  days += 719468;
  const std::int64_t era = days / 146097;
  const std::int64_t of_era = days - era * 146097;
  const std::int64_t year_of_era =
      (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  const std::int64_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t month_from_march = (5 * of_year + 2) / 153;
  const std::int64_t day = of_year - (153 * month_from_march + 2) / 5 + 1;
  const std::int64_t month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
  const std::int64_t year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
  return fmt::format("{:04}-{:02}-{:02}", year, month, day);
}

std::vector<std::string> folders_in(const std::string& path) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator it(path, error), end; !error && it != end; it.increment(error)) {
    std::error_code ignored;
    const std::string name = it->path().filename().string();
    if (it->is_directory(ignored) && !name.starts_with('.')) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

bool has_category(const std::vector<std::string>& names) {
  return std::any_of(names.begin(), names.end(),
                     [](const std::string& name) { return find_category(name) != nullptr; });
}

}  // namespace

std::string date_of_git_log(std::string_view log) {
  const std::vector<std::string_view> lines = split(trim(log), '\n');
  std::string_view line = lines.back();
  line = line.substr(0, line.find('\t'));
  const std::size_t mail_end = line.rfind('>');
  if (mail_end == std::string_view::npos) return {};
  line = trim(line.substr(mail_end + 1));
  std::int64_t seconds = 0;
  const auto [end, problem] = std::from_chars(line.data(), line.data() + line.size(), seconds);
  constexpr std::int64_t kLast = 253402300799;  // the end of the year 9999
  const bool usable = problem == std::errc() && seconds > 0 && seconds <= kLast;
  return usable ? date_of_day(seconds / 86400) : std::string();
}

Result<Checkout> open_checkout(const std::string& path) {
  if (!is_directory(path)) {
    return exists(path) ? fail(ErrorCode::io, "this is a file, a folder is wanted", path)
                        : fail(ErrorCode::not_found, "no such folder", path);
  }
  const std::string inner = path + "/open-db";
  Checkout checkout{is_directory(inner) ? inner : path};
  checkout.categories = folders_in(checkout.folder);
  if (!has_category(checkout.categories)) {
    return fail(ErrorCode::malformed, "no checkout of the BuildCores open database", path,
                "it has a folder open-db with folders such as GPU, PSU and PCCase in it");
  }
  const std::string git = path + (is_directory(inner) ? "/.git" : "/../.git");
  checkout.commit = commit_of(git);
  if (!checkout.commit.empty()) checkout.date = date_of_git_log(content(git + "/logs/HEAD"));
  return checkout;
}

}  // namespace rigor::adapters::buildcores
