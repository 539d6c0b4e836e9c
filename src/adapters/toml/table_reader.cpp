#include "adapters/toml/table_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace rigor::adapters {

TableReader::TableReader(const TomlNode& table, std::string what, Diagnostics& diagnostics)
    : table_(table), what_(std::move(what)), diagnostics_(diagnostics) {}

const TomlNode* TableReader::take(std::string_view key) {
  known_.emplace_back(key);
  return table_.find(key);
}

const TomlNode* TableReader::take_as(std::string_view key, TomlNode::Type type,
                                     std::string_view wanted) {
  const TomlNode* node = take(key);
  if (node == nullptr || node->type == type) return node;
  error(*node, fmt::format("{}: {} is wanted, this is {}", key, wanted, node->type_name()));
  return nullptr;
}

std::string TableReader::text(std::string_view key, std::string fallback) {
  const TomlNode* node = take(key);
  if (node == nullptr) return fallback;
  if (node->type == TomlNode::Type::text || node->type == TomlNode::Type::date) return node->text;
  error(*node, fmt::format("{}: a text is wanted, this is {}", key, node->type_name()));
  return fallback;
}

std::string TableReader::required_text(std::string_view key) {
  const TomlNode* node = table_.find(key);
  if (node == nullptr) {
    diagnostics_.error(table_.where, fmt::format("{} has no \"{}\"", what_, key));
  } else if (node->type == TomlNode::Type::text && trim(node->text).empty()) {
    error(*node, fmt::format("{}: a text is wanted, this is empty", key));
  }
  return text(key);
}

std::vector<std::string> TableReader::texts(std::string_view key) {
  const TomlNode* node = take(key);
  if (node == nullptr) return {};
  if (node->type == TomlNode::Type::text) return {node->text};
  std::vector<std::string> list;
  for (const TomlNode& item : node->items) {
    if (item.type == TomlNode::Type::text) list.push_back(item.text);
  }
  if (node->type != TomlNode::Type::array || list.size() != node->items.size()) {
    error(*node, fmt::format("{}: a text or a list of texts is wanted", key));
  }
  return list;
}

long long TableReader::count(std::string_view key, long long fallback, long long low,
                             long long high) {
  const TomlNode* node = take_as(key, TomlNode::Type::integer, "a whole number");
  if (node == nullptr) return fallback;
  if (node->integer >= low && node->integer <= high) return node->integer;
  error(*node, fmt::format("{}: {} is not between {} and {}", key, node->integer, low, high));
  return fallback;
}

std::optional<double> TableReader::real(std::string_view key, double low, double high) {
  const TomlNode* node = take(key);
  if (node == nullptr) return std::nullopt;
  const bool number = node->type == TomlNode::Type::integer || node->type == TomlNode::Type::real;
  const double value =
      node->type == TomlNode::Type::integer ? static_cast<double>(node->integer) : node->real;
  if (number && value >= low && value <= high) return value;
  error(*node, fmt::format("{}: a number from {} to {} is wanted", key, low, high));
  return std::nullopt;
}

bool TableReader::flag(std::string_view key, bool fallback) {
  const TomlNode* node = take_as(key, TomlNode::Type::boolean, "true or false");
  return node != nullptr ? node->boolean : fallback;
}

std::optional<Price> TableReader::price(std::string_view key) {
  const TomlNode* node = take(key);
  if (node == nullptr) return std::nullopt;
  if (node->type != TomlNode::Type::text) {
    error(*node, fmt::format("{}: a price needs its currency", key), "write it like \"2225 ILS\"");
    return std::nullopt;
  }
  const Result<Price> parsed = parse_price(node->text);
  if (!parsed) {
    error(*node, fmt::format("{}: {}", key, parsed.error().message), parsed.error().hint);
    return std::nullopt;
  }
  if (parsed->minor < 0) {
    error(*node, fmt::format("{}: a price is not negative", key));
    return std::nullopt;
  }
  return *parsed;
}

std::optional<double> TableReader::quantity_as(std::string_view key, Dimension dimension,
                                               std::string_view example) {
  const TomlNode* node = take(key);
  if (node == nullptr) return std::nullopt;
  if (node->type != TomlNode::Type::text) {
    error(*node, fmt::format("{}: the number has no unit", key),
          fmt::format("write it like \"{}\"", example));
    return std::nullopt;
  }
  const Result<double> parsed = parse_as(node->text, dimension, example);
  if (!parsed) {
    error(*node, fmt::format("{}: {}", key, parsed.error().message), parsed.error().hint);
    return std::nullopt;
  }
  return *parsed;
}

void TableReader::out_of_range(std::string_view key, const std::string& low,
                               const std::string& high) {
  const TomlNode& node = *table_.find(key);
  error(node, fmt::format("{}: \"{}\" is not between {} and {}", key, node.text, low, high));
}

std::string TableReader::choice(std::string_view key, const std::vector<std::string>& names,
                                std::string fallback) {
  const TomlNode* node = take_as(key, TomlNode::Type::text, "a word");
  if (node == nullptr) return fallback;
  if (std::find(names.begin(), names.end(), node->text) != names.end()) return node->text;
  std::string hint = did_you_mean(node->text, names);
  if (hint.empty()) hint = "one of: " + join(names, ", ");
  error(*node, fmt::format("{}: \"{}\" is unknown", key, node->text), hint);
  return fallback;
}

std::vector<std::pair<std::string, const TomlNode*>> TableReader::rest() {
  std::vector<std::pair<std::string, const TomlNode*>> others;
  for (const auto& [name, member] : table_.members) {
    if (std::find(known_.begin(), known_.end(), name) == known_.end())
      others.emplace_back(name, &member);
  }
  for (const auto& [name, member] : others) known_.push_back(name);
  return others;
}

void TableReader::finish(const std::vector<std::string>& also) {
  std::vector<std::string> legal = known_;
  legal.insert(legal.end(), also.begin(), also.end());
  for (const auto& [name, node] : rest()) {
    std::string hint = did_you_mean(name, legal);
    if (hint.empty()) hint = fmt::format("{} may have: {}", what_, join(legal, ", "));
    error(*node, fmt::format("unknown key \"{}\" in {}", name, what_), hint);
  }
}

void TableReader::error(const TomlNode& node, std::string message, std::string hint) {
  diagnostics_.error(node.where, std::move(message), std::move(hint));
}

}  // namespace rigor::adapters
