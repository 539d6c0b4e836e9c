#include "catalog/architecture_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace rigor::catalog {
namespace {

constexpr std::int64_t kMostParameters = std::int64_t{1} << 50;

}  // namespace

bool ArchitectureReader::has_table(std::string_view table) const {
  return std::any_of(entry_.fields.begin(), entry_.fields.end(),
                     [&](const Field& field) { return field.key.starts_with(table); });
}

int ArchitectureReader::count(std::string_view key, int high, int fallback) {
  asked_.emplace_back(key);
  const std::int64_t value = reader_.count(key, fallback);
  if (value >= 0 && value <= high) return static_cast<int>(value);
  error(key, fmt::format("{} is not plausible (expected 0 to {})", value, high));
  return fallback;
}

std::vector<int> ArchitectureReader::counts(std::string_view key, int high) {
  asked_.emplace_back(key);
  std::vector<int> result;
  for (const std::int64_t value : reader_.counts(key)) {
    if (value < 0 || value > high) {
      error(key, fmt::format("{} is not plausible (expected 0 to {})", value, high));
    }
    result.push_back(static_cast<int>(std::clamp<std::int64_t>(value, 0, high)));
  }
  return result;
}

std::int64_t ArchitectureReader::large_count(std::string_view key) {
  asked_.emplace_back(key);
  const std::int64_t value = reader_.count(key);
  if (value >= 0 && value <= kMostParameters) return value;
  error(key, fmt::format("{} is not plausible", value));
  return 0;
}

bool ArchitectureReader::flag(std::string_view key, bool fallback) {
  asked_.emplace_back(key);
  return reader_.flag(key, fallback);
}

std::string ArchitectureReader::text(std::string_view key) {
  asked_.emplace_back(key);
  return reader_.text(key);
}

std::vector<std::string> ArchitectureReader::texts(std::string_view key) {
  asked_.emplace_back(key);
  return reader_.texts(key);
}

void ArchitectureReader::require(std::string_view key) {
  reader_.require(key);
}

void ArchitectureReader::unknown_word(std::string_view key, std::string_view word,
                                      const std::vector<std::string>& words) {
  std::string hint = did_you_mean(word, words);
  if (hint.empty()) hint = "write one of: " + join(words, ", ");
  error(key, fmt::format("unknown word \"{}\"", word), std::move(hint));
}

void ArchitectureReader::report_unknown_keys() {
  for (const Field& field : entry_.fields) {
    if (std::find(asked_.begin(), asked_.end(), field.key) != asked_.end()) continue;
    diagnostics_.error(field.where, fmt::format("unknown key \"{}\"", field.key),
                       did_you_mean(field.key, asked_));
  }
}

}  // namespace rigor::catalog
