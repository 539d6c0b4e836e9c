#include "adapters/buildcores/draft.hpp"

#include <fmt/format.h>

namespace rigor::adapters::buildcores {

std::string short_number(double value) {
  return fmt::format("{}", value);
}

void Draft::add(std::string_view key, catalog::Value value, catalog::Provenance provenance) {
  entry.fields.push_back({std::string(key), std::move(value), std::move(provenance), {}});
}

void Draft::count(std::string_view key, std::string_view path) {
  if (const auto value = record.count(path)) put(key, static_cast<std::int64_t>(*value));
}

void Draft::quantity(std::string_view key, std::string_view path, std::string_view unit) {
  if (const auto value = record.number(path))
    put(key, fmt::format("{} {}", short_number(*value), unit));
}

void Draft::only_true(std::string_view key, std::string_view path) {
  const std::optional<bool> value = record.truth(path);
  if (!value) return;
  if (*value) {
    put(key, true);
  } else {
    record.leave_out(path, "false, which may mean unknown there");
  }
}

void Draft::released() {
  if (const auto year = record.count("metadata.releaseYear")) put("released", short_number(*year));
}

void Draft::put(std::string_view key, std::string value) {
  if (!value.empty()) add(key, std::move(value), source_);
}
void Draft::put(std::string_view key, std::vector<std::string> values) {
  if (!values.empty()) add(key, std::move(values), source_);
}
void Draft::put(std::string_view key, std::int64_t value) {
  add(key, value, source_);
}
void Draft::put(std::string_view key, double value) {
  add(key, value, source_);
}
void Draft::put(std::string_view key, bool value) {
  add(key, value, source_);
}

void Draft::derive(std::string_view key, catalog::Value value, std::string rule) {
  add(key, std::move(value),
      {catalog::Origin::derived, source_.cite, source_.as_of, std::move(rule), {}});
}

std::string translate(Draft& draft, std::string_view path, std::span<const Word> words) {
  const std::string theirs = draft.record.text(path);
  if (theirs.empty()) return {};
  for (const Word& word : words) {
    if (word.theirs == theirs) return std::string(word.ours);
  }
  draft.record.leave_out(path, "a word that rigor does not know");
  return {};
}

}  // namespace rigor::adapters::buildcores
