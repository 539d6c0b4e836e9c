// A JSON document as a tree, for files small enough to be one: config.json and answers of a server.
// Layer 10.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.hpp"

namespace rigor::adapters {

struct JsonMember;

struct JsonNode {
  using List = std::vector<JsonNode>;
  using Object = std::vector<JsonMember>;
  std::variant<std::monostate, bool, std::int64_t, double, std::string, List, Object> value;

  /// Null when this is no object or has no such member.
  [[nodiscard]] const JsonNode* find(std::string_view key) const;
  [[nodiscard]] bool is_null() const { return std::holds_alternative<std::monostate>(value); }
  [[nodiscard]] const List* list() const { return std::get_if<List>(&value); }
  [[nodiscard]] const Object* object() const { return std::get_if<Object>(&value); }
  [[nodiscard]] const std::string* text() const { return std::get_if<std::string>(&value); }
  /// "a text", "a list", …: for messages.
  [[nodiscard]] std::string_view type_name() const;
};

struct JsonMember {
  std::string name;
  JsonNode node;
};

/// Errors: those of `parse_json`, a key that appears twice in one object, more than half a million
/// values.
Result<JsonNode> read_json(std::string_view text, const std::string& file);

}  // namespace rigor::adapters
