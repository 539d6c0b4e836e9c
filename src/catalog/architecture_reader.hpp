// Reads an "architecture" entry: counts within bounds, words from a list, and the keys nobody asked
// for. Used by architecture_entry.cpp and architecture_layers.cpp only. Layer 4.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/diagnostic.hpp"
#include "catalog/entry.hpp"
#include "catalog/field_reader.hpp"

namespace rigor::catalog {

/// A word of the catalogue and what it means.
template <class Enum>
using Choice = std::pair<std::string_view, Enum>;

/// Remembers every key asked for. Sizes multiply, so every count has an upper bound that keeps
/// products within 63 bits.
class ArchitectureReader {
 public:
  ArchitectureReader(const Entry& entry, Diagnostics& diagnostics)
      : entry_(entry), reader_(entry, diagnostics), diagnostics_(diagnostics) {}

  [[nodiscard]] bool has(std::string_view key) const { return entry_.find(key) != nullptr; }
  /// Does any key start with this table's name? `table` ends with a dot.
  [[nodiscard]] bool has_table(std::string_view table) const;

  int count(std::string_view key, int high, int fallback = 0);
  std::vector<int> counts(std::string_view key, int high);
  std::int64_t large_count(std::string_view key);
  bool flag(std::string_view key, bool fallback = false);
  std::string text(std::string_view key);
  std::vector<std::string> texts(std::string_view key);

  template <class Enum, std::size_t N>
  Enum choice(std::string_view key, const std::array<Choice<Enum>, N>& choices, Enum fallback) {
    const std::string word = text(key);
    if (word.empty()) return fallback;
    std::vector<std::string> words;
    for (const auto& [name, value] : choices) {
      if (name == word) return value;
      words.emplace_back(name);
    }
    unknown_word(key, word, words);
    return fallback;
  }

  void require(std::string_view key);
  void error(std::string_view key, std::string message, std::string hint = {}) {
    reader_.error(key, std::move(message), std::move(hint));
  }
  /// Complains about every key of the entry that was not asked for.
  void report_unknown_keys();

 private:
  void unknown_word(std::string_view key, std::string_view word,
                    const std::vector<std::string>& words);

  const Entry& entry_;
  FieldReader reader_;
  Diagnostics& diagnostics_;
  std::vector<std::string> asked_;
};

}  // namespace rigor::catalog
