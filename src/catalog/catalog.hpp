// The index of everything rigor knows. Entries are compiled in as text and parsed when first asked
// for; the user's own entries overlay them. Lookup is forgiving about spelling and strict about
// ambiguity. Layer 4.
#pragma once

#include <deque>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "catalog/entry.hpp"
#include "catalog/packed.hpp"

namespace rigor::catalog {

class Catalog {
 public:
  /// Turns the text of an entry into an entry; supplied by the adapter that knows the file format.
  using Parser = Result<Entry> (*)(std::string_view text, std::string id, const std::string& file);

  Catalog(std::span<const PackedEntry> packed, Parser parser);

  /// A user's entry: replaces the entry of the same id, or adds one.
  void overlay(Entry entry);

  /// The entry with this exact id, with the values of its `base` filled in. The pointer stays
  /// valid.
  Result<const Entry*> entry(std::string_view id) const;

  /// What people type: an id, the end of an id, a name, an alias, or some of its words ("5060ti
  /// 16"). `kind` empty: all but cloud and api. Ambiguity is an error whose hint lists candidates.
  Result<std::string> resolve(std::string_view words, std::string_view kind = {}) const;
  /// `entry(resolve(words))`.
  Result<const Entry*> find(std::string_view words, std::string_view kind = {}) const;

  struct Row {
    std::string_view id;
    std::string_view name;
  };
  /// Sorted by id; `kind` empty lists all; `filter` words must all occur in id, name or aliases.
  std::vector<Row> list(std::string_view kind = {}, std::string_view filter = {}) const;

 private:
  struct Known {
    std::string_view id, name, aliases, base, text;
  };
  const Known* known(std::string_view id) const;
  /// The error for words that name nothing, with what is near.
  tl::unexpected<Error> unknown(std::string_view words, std::string_view kind) const;
  Result<Entry> load(const Known& known, int depth) const;

  std::vector<Known> known_;  // sorted by id
  Parser parser_;
  std::map<std::string, Entry, std::less<>> overlay_;
  mutable std::map<std::string, Entry, std::less<>> loaded_;
  std::deque<std::string> storage_;  // text of overlay rows
};

}  // namespace rigor::catalog
