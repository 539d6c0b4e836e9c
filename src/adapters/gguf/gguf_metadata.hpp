// The key-value part of a GGUF header, reduced to what sizes depend on: whole numbers, reals,
// flags, short texts and short lists of whole numbers. Token tables and chat templates are only
// measured. Layer 10.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace rigor::adapters {

/// An array of the file. `integers` is empty when the elements are texts or reals, or too many to
/// matter.
struct GgufList {
  std::uint64_t count = 0;
  std::vector<std::int64_t> integers = {};
};

/// A text that is too long to be kept.
struct GgufLongText {
  std::uint64_t length = 0;
};

/// Unsigned values beyond the signed range become the largest signed one: no count is that large.
using GgufValue = std::variant<std::int64_t, double, bool, std::string, GgufLongText, GgufList>;

class GgufMetadata {
 public:
  /// False when the key is there already.
  bool add(std::string key, GgufValue value);

  [[nodiscard]] bool has(std::string_view key) const { return values_.contains(key); }
  [[nodiscard]] std::optional<std::int64_t> integer(std::string_view key) const;
  [[nodiscard]] std::optional<bool> flag(std::string_view key) const;
  /// Empty when absent or no text.
  [[nodiscard]] std::string text(std::string_view key) const;
  /// Null when absent or no list.
  [[nodiscard]] const GgufList* list(std::string_view key) const;
  [[nodiscard]] std::size_t size() const { return values_.size(); }

 private:
  [[nodiscard]] const GgufValue* find(std::string_view key) const;
  std::map<std::string, GgufValue, std::less<>> values_;
};

}  // namespace rigor::adapters
