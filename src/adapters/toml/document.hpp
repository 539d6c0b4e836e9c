// TOML as a small tree with places, so that toml++ is included in one source only and every message
// can name line and column. Layer 10.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.hpp"
#include "base/result.hpp"

namespace rigor::adapters {

struct TomlMember;

struct TomlNode {
  enum class Type : std::uint8_t { table, array, text, integer, real, boolean, date };
  Type type = Type::table;
  Location where;
  std::string text;  ///< text, or an ISO date
  std::int64_t integer = 0;
  double real = 0.0;
  bool boolean = false;
  std::vector<TomlMember> members;  ///< tables, in file order
  std::vector<TomlNode> items;      ///< arrays

  /// Null when this is no table or has no such member.
  [[nodiscard]] const TomlNode* find(std::string_view key) const;
  [[nodiscard]] std::string_view type_name() const;
};

struct TomlMember {
  std::string key;
  TomlNode value;
};

/// The whole document. A syntax error names file, line and column. Nesting deeper than 32 is
/// refused.
Result<TomlNode> parse_toml(std::string_view text, const std::string& file);

}  // namespace rigor::adapters
