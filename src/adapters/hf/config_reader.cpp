#include "adapters/hf/config_reader.hpp"

#include <fmt/format.h>

#include <cmath>

#include "adapters/bytes/plain_text.hpp"

namespace rigor::adapters {
namespace {

constexpr std::int64_t kHighest = 1LL << 30;

/// A whole number, also one written as 4096.0; nothing for anything else.
std::optional<std::int64_t> whole(const JsonNode& node) {
  if (const auto* integer = std::get_if<std::int64_t>(&node.value)) return *integer;
  const auto* real = std::get_if<double>(&node.value);
  const bool exact = real != nullptr && std::abs(*real) <= static_cast<double>(kHighest) &&
                     *real == std::floor(*real);
  return exact ? std::optional(static_cast<std::int64_t>(*real)) : std::nullopt;
}

}  // namespace

const JsonNode* ConfigReader::find(Names names) const {
  for (const std::string_view name : names) {
    const JsonNode* node = root_->find(name);
    if (node != nullptr && !node->is_null()) return node;
  }
  return nullptr;
}

void ConfigReader::complain(std::string message) {
  if (complaint_.empty()) complaint_ = std::move(message);
}

void ConfigReader::give_up(std::string reason) {
  if (obstacle_.empty()) obstacle_ = std::move(reason);
}

int ConfigReader::bounded(const JsonNode& node, std::string_view name, int fallback) {
  const auto value = whole(node);
  if (value && *value >= 0 && *value <= kHighest) return static_cast<int>(*value);
  complain(value ? fmt::format("{} is {}, which no network has", name, *value)
                 : fmt::format("{}: a whole number is wanted, this is {}", name, node.type_name()));
  return fallback;
}

int ConfigReader::count(Names names, int fallback) {
  for (const std::string_view name : names) {
    if (const JsonNode* node = find({name})) return bounded(*node, name, fallback);
  }
  return fallback;
}

int ConfigReader::count_of_layer(Names names, std::size_t layer, int fallback) {
  for (const std::string_view name : names) {
    const JsonNode* node = find({name});
    if (node == nullptr) continue;
    const JsonNode::List* list = node->list();
    if (list == nullptr) return bounded(*node, name, fallback);
    if (layer < list->size()) return bounded((*list)[layer], name, fallback);
    complain(fmt::format("{} has {} values, layer {} needs one", name, list->size(), layer));
    return fallback;
  }
  return fallback;
}

bool ConfigReader::flag(Names names, bool fallback) {
  for (const std::string_view name : names) {
    const JsonNode* node = find({name});
    if (node == nullptr) continue;
    if (const bool* truth = std::get_if<bool>(&node->value)) return *truth;
    complain(fmt::format("{}: true or false is wanted, this is {}", name, node->type_name()));
    return fallback;
  }
  return fallback;
}

double ConfigReader::real(Names names, double fallback) {
  for (const std::string_view name : names) {
    const JsonNode* node = find({name});
    if (node == nullptr) continue;
    if (const auto* integer = std::get_if<std::int64_t>(&node->value))
      return static_cast<double>(*integer);
    if (const auto* number = std::get_if<double>(&node->value)) return *number;
    complain(fmt::format("{}: a number is wanted, this is {}", name, node->type_name()));
    return fallback;
  }
  return fallback;
}

std::string ConfigReader::text(Names names) {
  for (const std::string_view name : names) {
    const JsonNode* node = find({name});
    if (node == nullptr) continue;
    if (node->text() != nullptr) return shown(*node->text());
    complain(fmt::format("{}: a text is wanted, this is {}", name, node->type_name()));
    return {};
  }
  return {};
}

std::vector<int> ConfigReader::counts(std::string_view name) {
  std::vector<int> values;
  const JsonNode* node = find({name});
  if (node == nullptr) return values;
  if (node->list() == nullptr) {
    complain(fmt::format("{}: a list is wanted, this is {}", name, node->type_name()));
    return values;
  }
  for (const JsonNode& item : *node->list()) values.push_back(bounded(item, name, 0));
  return values;
}

std::vector<std::string> ConfigReader::texts(std::string_view name) {
  std::vector<std::string> values;
  const JsonNode* node = find({name});
  const JsonNode::List* list = node != nullptr ? node->list() : nullptr;
  if (list == nullptr) return values;
  for (const JsonNode& item : *list) {
    if (item.text() == nullptr) {
      complain(fmt::format("{}: a list of texts is wanted", name));
      return {};
    }
    values.push_back(shown(*item.text()));
  }
  return values;
}

std::optional<ConfigReader> ConfigReader::inside(std::string_view name) const {
  const JsonNode* node = find({name});
  if (node == nullptr || node->object() == nullptr) return std::nullopt;
  return ConfigReader(*node, file_);
}

}  // namespace rigor::adapters
