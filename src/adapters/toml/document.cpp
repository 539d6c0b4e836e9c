#include "adapters/toml/document.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <array>
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

/// The place after the string that starts at `start`.
std::size_t after_string(std::string_view text, std::size_t start) {
  const char quote = text[start];
  const bool tall = text.substr(start, 3) == std::string(3, quote);
  const std::string close(tall ? 3 : 1, quote);
  std::size_t at = start + close.size();
  while (at < text.size() && text.substr(at, close.size()) != close) {
    at += quote == '"' && text[at] == '\\' ? 2 : 1;
  }
  at += close.size();
  for (int extra = 0; tall && extra < 2 && at < text.size() && text[at] == quote; ++extra) ++at;
  return std::min(at, text.size());
}

Location place_of(std::string_view text, std::size_t at, const std::string& file) {
  const std::string_view before = text.substr(0, at);
  const auto lines = std::count(before.begin(), before.end(), '\n');
  return {file, static_cast<int>(lines) + 1, static_cast<int>(at - (before.rfind('\n') + 1)) + 1};
}

/// toml++ recurses once per part of a dotted key and knows no limit, so it is checked before.
void refuse_endless_keys(std::string_view text, const std::string& file) {
  int dots = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '"' || c == '\'') {
      at = after_string(text, at) - 1;
    } else if (c == '#') {
      at = std::min(text.find('\n', at), text.size()) - 1;
    } else if (c == '.') {
      if (++dots > kDeepest) throw TooDeep{place_of(text, at, file)};
    } else if (c == '\n' || std::string_view("=,[]{}").find(c) != std::string_view::npos) {
      dots = 0;
    }
  }
}

/// "Error while parsing table header: expected ']', saw '\n'" without its preamble.
std::string plain(std::string_view description) {
  constexpr std::string_view kPreamble = "Error while parsing ";
  if (description.starts_with(kPreamble)) description.remove_prefix(kPreamble.size());
  return "this is not valid TOML: " + std::string(description);
}

/// What people meant, by what toml++ says of it.
std::string syntax_hint(std::string_view description) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kHints = {{
      {"could not determine value type", "a text stands in quotes: name = \"my rig\""},
      {"unescaped control characters", "the quote at the end of the text is missing"},
      {"parsing string: encountered end-of-file", "the quote at the end of the text is missing"},
      {"table header", "a header stands alone on its line, like [site] or [[part]]"},
      {"root table", "a line is key = value, a header like [[part]], or a remark after #"},
      {"expected '='", "a line is key = value, a header like [[part]], or a remark after #"},
      {"cannot redefine existing",
       "a key stands once in its table; a further part or workload "
       "begins with a [[part]] or [[workload]] of its own"},
      {"not representable in 64 bits", "the number is too large"},
      {"utf-8", "save the file as text in UTF-8"},
  }};
  for (const auto& [said, hint] : kHints) {
    if (description.find(said) != std::string_view::npos) return std::string(hint);
  }
  return {};
}

TomlNode convert(const toml::node& node, const std::string& file, int depth);

void convert_table(const toml::table& table, TomlNode& result, const std::string& file, int depth) {
  result.type = TomlNode::Type::table;
  for (const auto& [key, value] : table) {
    TomlNode member = convert(value, file, depth + 1);
    member.where.line = static_cast<int>(key.source().begin.line);
    member.where.column = static_cast<int>(key.source().begin.column);
    result.members.push_back({std::string(key.str()), std::move(member)});
  }
  std::stable_sort(result.members.begin(), result.members.end(), [](const auto& a, const auto& b) {
    return std::pair(a.value.where.line, a.value.where.column) <
           std::pair(b.value.where.line, b.value.where.column);
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
    case Type::real: return "a decimal number";
    case Type::boolean: return "true or false";
    case Type::date: return "a date";
  }
  return "a value";
}

Result<TomlNode> parse_toml(std::string_view text, const std::string& file) {
  try {
    refuse_endless_keys(text, file);
    const toml::table table = toml::parse(text, file);
    TomlNode root = convert(table, file, 0);
    root.where = {file, 1, 1};
    return root;
  } catch (const toml::parse_error& error) {
    const Location where{file, static_cast<int>(error.source().begin.line),
                         static_cast<int>(error.source().begin.column)};
    return fail(ErrorCode::malformed, plain(error.description()), to_text(where),
                syntax_hint(error.description()));
  } catch (const TooDeep& deep) {
    return fail(ErrorCode::limit, "nested deeper than 32 levels", to_text(deep.where));
  }
}

}  // namespace rigor::adapters
