#include "base/text.hpp"

#include <algorithm>
#include <utility>

namespace rigor {
namespace {

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
bool is_letter(char c) {
  return lower(c) >= 'a' && lower(c) <= 'z';
}

}  // namespace

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = lower(c);
  return result;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> pieces;
  for (;;) {
    const std::size_t at = text.find(separator);
    pieces.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return pieces;
    text.remove_prefix(at + 1);
  }
}

std::string join(const std::vector<std::string>& pieces, std::string_view separator) {
  std::string text;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    if (i > 0) text += separator;
    text += pieces[i];
  }
  return text;
}

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> result;
  char previous = ' ';
  for (const char raw : text) {
    const char c = lower(raw);
    const bool counts = is_letter(c) || is_digit(c);
    const bool joins =
        counts && (is_letter(previous) ? is_letter(c) : is_digit(previous) && is_digit(c));
    if (counts && joins) {
      result.back() += c;
    } else if (counts) {
      result.emplace_back(1, c);
    }
    previous = counts ? c : ' ';
  }
  return result;
}

int edit_distance(std::string_view a, std::string_view b) {
  std::vector<int> before(b.size() + 1);
  std::vector<int> row(b.size() + 1);
  std::vector<int> next(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = static_cast<int>(j);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    next[0] = static_cast<int>(i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const int substituted = row[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      next[j] = std::min({row[j] + 1, next[j - 1] + 1, substituted});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        next[j] = std::min(next[j], before[j - 2] + 1);
      }
    }
    std::swap(before, row);
    std::swap(row, next);
  }
  return row[b.size()];
}

std::vector<std::string> nearest(std::string_view word, const std::vector<std::string>& candidates,
                                 std::size_t most) {
  std::vector<std::pair<int, std::string>> ranked;
  const std::string wanted = lower(word);
  const int reach = std::max(1, static_cast<int>(wanted.size()) / 3);
  for (const std::string& candidate : candidates) {
    const std::string offered = lower(candidate);
    const int longest = static_cast<int>(std::max(wanted.size(), offered.size()));
    const int shortest = static_cast<int>(std::min(wanted.size(), offered.size()));
    const bool within = wanted.size() > 3 && offered.find(wanted) != std::string::npos;
    if (!within && longest - shortest > reach) continue;
    int distance = edit_distance(wanted, offered);
    if (within) distance = std::min(distance, 1);
    // A word with no letter in common is never near, however short it is.
    if (distance <= reach && distance < longest) ranked.emplace_back(distance, candidate);
  }
  std::stable_sort(ranked.begin(), ranked.end(),
                   [](const auto& x, const auto& y) { return x.first < y.first; });
  std::vector<std::string> result;
  for (const auto& [distance, candidate] : ranked) {
    if (result.size() == most) break;
    const bool fresh = std::find(result.begin(), result.end(), candidate) == result.end();
    if (fresh) result.push_back(candidate);
  }
  return result;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates) {
  std::string list;
  for (const std::string& name : nearest(word, candidates)) {
    list += (list.empty() ? "\"" : " or \"") + name + "\"";
  }
  return list.empty() ? list : "did you mean " + list + "?";
}

}  // namespace rigor
