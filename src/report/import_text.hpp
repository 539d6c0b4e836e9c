// What an import into the catalogue took and what it did not, for people and for programs. Layer 9.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace rigor::report {

/// Counts by reason, with the first few names of each.
class Tally {
 public:
  struct Reason {
    std::string why;
    int count = 0;
    std::vector<std::string> first;  ///< at most `kNamed`
  };
  static constexpr std::size_t kNamed = 5;

  void add(const std::string& why, std::string_view name);
  /// `count` at once, without names.
  void add_many(const std::string& why, int count) { reasons_[why].count += count; }
  /// The most frequent first, then by their words.
  [[nodiscard]] std::vector<Reason> reasons() const;
  [[nodiscard]] int total() const;

 private:
  std::map<std::string, Reason> reasons_;
};

struct ImportedKind {
  int records = 0, imported = 0;
};

struct Import {
  std::string database;      ///< "BuildCores open database"
  std::string commit, date;  ///< commit may be empty
  std::string into;          ///< the overlay
  bool only_looked = false;
  std::map<std::string, ImportedKind> kinds;
  Tally skipped;   ///< records
  Tally left_out;  ///< values of records that were taken
  Tally kept;      ///< files of the overlay that stay as they are
  int added = 0, updated = 0, unchanged = 0;
};

std::string import_text(const Import& import);
std::string import_json(const Import& import);

}  // namespace rigor::report
