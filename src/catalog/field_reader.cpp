#include "catalog/field_reader.hpp"

#include <fmt/format.h>

#include <array>

namespace rigor::catalog {

namespace {

/// "1.5" or "25 %" without a dimension, otherwise a number with its unit.
Result<double> parse_end(const std::string& text, Dimension dimension, std::string_view example) {
  if (dimension != Dimension{}) return parse_as(text, dimension, example);
  return text.ends_with('%') ? parse_fraction(text) : parse_number(text);
}

}  // namespace

Result<Range<double>> parse_range(const Value& value, Dimension dimension,
                                  std::string_view example) {
  std::vector<std::string> texts;
  if (const auto* one = std::get_if<std::string>(&value)) texts.assign(3, *one);
  if (const auto* list = std::get_if<std::vector<std::string>>(&value)) texts = *list;
  if (texts.size() != 3) {
    return fail(ErrorCode::malformed, "one text, or three for low, expected and high, is wanted",
                {}, fmt::format("write \"{0}\" or [\"{0}\", \"{0}\", \"{0}\"]", example));
  }
  std::array<double, 3> ends = {};
  for (std::size_t i = 0; i < ends.size(); ++i) {
    const Result<double> end = parse_end(texts[i], dimension, example);
    if (!end) return tl::unexpected<Error>(end.error());
    ends[i] = *end;
  }
  if (ends[0] > ends[1] || ends[1] > ends[2])
    return fail(ErrorCode::malformed, "low, expected and high are not in order");
  return Range<double>{ends[0], ends[1], ends[2]};
}

template <class T>
const T* FieldReader::get(std::string_view key, std::string_view wanted) {
  const Field* field = entry_.find(key);
  if (field == nullptr) return nullptr;
  const T* value = std::get_if<T>(&field->value);
  if (value == nullptr) {
    diagnostics_.error(field->where, fmt::format("{}: {} is wanted here", key, wanted));
  }
  return value;
}

std::string FieldReader::text(std::string_view key, const std::string& fallback) {
  const auto* value = get<std::string>(key, "a text");
  return value != nullptr ? *value : fallback;
}

std::vector<std::string> FieldReader::texts(std::string_view key) {
  const auto* value = get<std::vector<std::string>>(key, "a list of texts");
  return value != nullptr ? *value : std::vector<std::string>{};
}

std::int64_t FieldReader::count(std::string_view key, std::int64_t fallback) {
  const auto* value = get<std::int64_t>(key, "a whole number");
  return value != nullptr ? *value : fallback;
}

std::vector<std::int64_t> FieldReader::counts(std::string_view key) {
  const Field* field = entry_.find(key);
  if (field != nullptr && std::holds_alternative<std::vector<std::string>>(field->value) &&
      std::get<std::vector<std::string>>(field->value).empty()) {
    return {};
  }
  const auto* value = get<std::vector<std::int64_t>>(key, "a list of whole numbers");
  return value != nullptr ? *value : std::vector<std::int64_t>{};
}

double FieldReader::real(std::string_view key, double fallback) {
  const Field* field = entry_.find(key);
  if (field != nullptr && std::holds_alternative<std::int64_t>(field->value)) {
    return static_cast<double>(std::get<std::int64_t>(field->value));
  }
  const auto* value = get<double>(key, "a number");
  return value != nullptr ? *value : fallback;
}

bool FieldReader::flag(std::string_view key, bool fallback) {
  const auto* value = get<bool>(key, "true or false");
  return value != nullptr ? *value : fallback;
}

double FieldReader::fraction(std::string_view key, double fallback) {
  const auto* value = get<std::string>(key, "a percentage such as \"92 %\"");
  if (value == nullptr) return fallback;
  const Result<double> parsed = parse_fraction(*value);
  if (parsed) return *parsed;
  error(key, parsed.error().message, parsed.error().hint);
  return fallback;
}

double FieldReader::quantity_as(std::string_view key, Dimension dimension, double fallback) {
  const Field* field = entry_.find(key);
  if (field == nullptr) return fallback;
  const auto* value = std::get_if<std::string>(&field->value);
  if (value == nullptr) {
    error(key, "the number has no unit", "write it as a text with its unit, such as \"24 GiB\"");
    return fallback;
  }
  const Result<double> parsed = parse_as(*value, dimension, "24 GiB, 300 W, 1008 GB/s");
  if (parsed) return *parsed;
  error(key, parsed.error().message, parsed.error().hint);
  return fallback;
}

Range<double> FieldReader::range_as(std::string_view key, Dimension dimension) {
  const Field* field = entry_.find(key);
  const Result<Range<double>> parsed = parse_range(field->value, dimension, "40 W");
  if (parsed) return *parsed;
  error(key, parsed.error().message, parsed.error().hint);
  return {};
}

Price FieldReader::price(std::string_view key) {
  const auto* value = get<std::string>(key, "a price such as \"429 USD\"");
  if (value == nullptr) return {};
  const Result<Price> parsed = parse_price(*value);
  if (parsed) return *parsed;
  error(key, parsed.error().message, parsed.error().hint);
  return {};
}

void FieldReader::require(std::string_view key) {
  if (!has(key)) diagnostics_.error({entry_.id}, fmt::format("\"{}\" is missing", key));
}

void FieldReader::error(std::string_view key, std::string message, std::string hint) {
  const Field* field = entry_.find(key);
  diagnostics_.error(field != nullptr ? field->where : Location{entry_.id},
                     fmt::format("{}: {}", key, message), std::move(hint));
}

}  // namespace rigor::catalog
