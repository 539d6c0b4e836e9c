#include "adapters/toml/document.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <sstream>

namespace rigor::adapters {
namespace {

constexpr int kDeepest = 32;

template <class T>
std::string streamed(const T& value) {
  std::ostringstream text;
  text << value;
  return text.str();
}

struct TooDeep {
  Location where;
};

TomlNode convert(const toml::node& node, const std::string& file, int depth);

void convert_table(const toml::table& table, TomlNode& result, const std::string& file, int depth) {
  result.type = TomlNode::Type::table;
  for (const auto& [key, value] : table) {
    TomlNode member = convert(value, file, depth + 1);
    member.where.line = static_cast<int>(key.source().begin.line);
    member.where.column = static_cast<int>(key.source().begin.column);
    result.members.emplace_back(std::string(key.str()), std::move(member));
  }
  std::stable_sort(result.members.begin(), result.members.end(), [](const auto& a, const auto& b) {
    return std::pair(a.second.where.line, a.second.where.column) <
           std::pair(b.second.where.line, b.second.where.column);
  });
}

TomlNode convert(const toml::node& node, const std::string& file, int depth) {
  TomlNode result;
  result.where = {file, static_cast<int>(node.source().begin.line),
                  static_cast<int>(node.source().begin.column)};
  if (depth > kDeepest) throw TooDeep{result.where};
  if (const toml::table* table = node.as_table()) {
    convert_table(*table, result, file, depth);
  } else if (const toml::array* array = node.as_array()) {
    result.type = TomlNode::Type::array;
    for (const toml::node& item : *array) result.items.push_back(convert(item, file, depth + 1));
  } else if (const auto* text = node.as_string()) {
    result.type = TomlNode::Type::text;
    result.text = text->get();
  } else if (const auto* integer = node.as_integer()) {
    result.type = TomlNode::Type::integer;
    result.integer = integer->get();
  } else if (const auto* real = node.as_floating_point()) {
    result.type = TomlNode::Type::real;
    result.real = real->get();
  } else if (const auto* boolean = node.as_boolean()) {
    result.type = TomlNode::Type::boolean;
    result.boolean = boolean->get();
  } else {
    result.type = TomlNode::Type::date;
    node.visit([&](const auto& value) { result.text = streamed(value); });
  }
  return result;
}

}  // namespace

const TomlNode* TomlNode::find(std::string_view key) const {
  for (const auto& [name, member] : members) {
    if (name == key) return &member;
  }
  return nullptr;
}

std::string_view TomlNode::type_name() const {
  switch (type) {
    case Type::table: return "a table";
    case Type::array: return "a list";
    case Type::text: return "a text";
    case Type::integer: return "a whole number";
    case Type::real: return "a number";
    case Type::boolean: return "true or false";
    case Type::date: return "a date";
  }
  return "a value";
}

Result<TomlNode> parse_toml(std::string_view text, const std::string& file) {
  try {
    const toml::table table = toml::parse(text, file);
    TomlNode root = convert(table, file, 0);
    root.where = {file, 1, 1};
    return root;
  } catch (const toml::parse_error& error) {
    const Location where{file, static_cast<int>(error.source().begin.line),
                         static_cast<int>(error.source().begin.column)};
    return fail(ErrorCode::malformed, std::string(error.description()), to_text(where));
  } catch (const TooDeep& deep) {
    return fail(ErrorCode::limit, "nested deeper than 32 levels", to_text(deep.where));
  }
}

}  // namespace rigor::adapters
