#include "adapters/buildcores/record.hpp"

#include <fmt/format.h>

#include <cmath>

#include "adapters/bytes/plain_text.hpp"
#include "base/text.hpp"

namespace rigor::adapters::buildcores {
namespace {

constexpr std::size_t kLongestText = 400;

/// Nothing is said by null and by the empty text.
bool says_nothing(const JsonNode& node) {
  const std::string* text = node.text();
  return node.is_null() || (text != nullptr && trim(*text).empty());
}

std::optional<double> as_number(const JsonNode& node) {
  if (const auto* whole = std::get_if<std::int64_t>(&node.value))
    return static_cast<double>(*whole);
  if (const auto* real = std::get_if<double>(&node.value)) return *real;
  return std::nullopt;
}

}  // namespace

std::string tidy(std::string_view text) {
  std::string result;
  for (const std::string_view word : split(trim(text), ' ')) {
    if (word.empty()) continue;
    if (!result.empty()) result += ' ';
    result += word;
  }
  return result;
}

const JsonNode* Record::at(std::string_view path) const {
  const JsonNode* node = &root_;
  for (const std::string_view name : split(path, '.')) {
    node = node->find(name);
    if (node == nullptr) return nullptr;
  }
  return node;
}

void Record::leave_out(std::string_view path, std::string why) {
  for (const LeftOut& known : left_out_) {
    if (known.key == path && known.why == why) return;
  }
  left_out_.push_back({std::string(path), std::move(why)});
}

std::string Record::text(std::string_view path) {
  const JsonNode* node = at(path);
  if (node == nullptr || says_nothing(*node)) return {};
  const std::string* text = node->text();
  if (text == nullptr) {
    leave_out(path, fmt::format("{} where a text is wanted", node->type_name()));
  } else if (text->size() > kLongestText) {
    leave_out(path, fmt::format("a text of more than {} bytes", kLongestText));
  } else if (!is_plain_text(trim(*text))) {
    leave_out(path, "control characters or broken UTF-8");
  } else {
    return tidy(*text);
  }
  return {};
}

std::optional<double> Record::number(std::string_view path) {
  const JsonNode* node = at(path);
  if (node == nullptr || says_nothing(*node)) return std::nullopt;
  const std::optional<double> number = as_number(*node);
  if (!number) {
    leave_out(path, fmt::format("{} where a number is wanted", node->type_name()));
  } else if (*number == 0) {
    leave_out(path, "0, which means unknown there");
  } else if (*number < 0) {
    leave_out(path, "less than 0");
  } else {
    return number;
  }
  return std::nullopt;
}

std::optional<int> Record::count(std::string_view path) {
  const std::optional<double> value = number(path);
  if (!value) return std::nullopt;
  constexpr double kMost = 1e6;
  if (*value <= kMost && *value == std::floor(*value)) return static_cast<int>(*value);
  leave_out(path, *value > kMost ? "out of range" : "not a whole number");
  return std::nullopt;
}

std::optional<bool> Record::truth(std::string_view path) {
  const JsonNode* node = at(path);
  if (node == nullptr || says_nothing(*node)) return std::nullopt;
  if (const bool* value = std::get_if<bool>(&node->value)) return *value;
  leave_out(path, fmt::format("{} where true or false is wanted", node->type_name()));
  return std::nullopt;
}

std::vector<std::string> Record::texts(std::string_view path) {
  const JsonNode* node = at(path);
  std::vector<std::string> result;
  if (node == nullptr || says_nothing(*node)) return result;
  if (node->list() == nullptr) {
    leave_out(path, fmt::format("{} where a list is wanted", node->type_name()));
    return result;
  }
  for (const JsonNode& item : *node->list()) {
    const std::string* text = item.text();
    const std::string clean = text == nullptr ? std::string() : tidy(*text);
    const bool usable =
        !clean.empty() && clean.size() <= kLongestText && is_plain_text(trim(*text));
    if (usable) {
      result.push_back(clean);
    } else if (!says_nothing(item)) {
      leave_out(path, "an item that is no plain text");
    }
  }
  return result;
}

}  // namespace rigor::adapters::buildcores
