// An import of the BuildCores open database as a pure computation: texts of records in, texts of
// catalogue files and a tally of what was not taken out. Layer 10.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/buildcores/mapping.hpp"
#include "adapters/buildcores/naming.hpp"
#include "report/import_text.hpp"

namespace rigor::adapters::buildcores {

/// What there is already.
struct Surroundings {
  std::vector<Chip> chips;
  std::map<std::string, std::string>
      catalogue_names;  ///< name key -> id, of the built-in catalogue
  std::set<std::string> catalogue_ids;
  /// Beginnings of record ids that built-in entries cite -> id.
  std::map<std::string, std::string> catalogue_records;
  std::map<std::string, std::string> overlay_names;  ///< name key -> id, of the user's overlay
  std::map<std::string, std::string> former;         ///< record -> id, of an earlier import
};

struct Origin {
  std::string commit;  ///< empty: unknown
  std::string date;    ///< ISO, of a day or a month
};

struct PlannedFile {
  std::string id;  ///< "psu/corsair/rm1000x"; the file is this with ".toml"
  std::string name;
  std::string text;
};

class Importer {
 public:
  /// `around` must outlive the importer.
  Importer(const Surroundings& around, Origin origin)
      : around_(around), origin_(std::move(origin)) {}

  /// One file of the database. Whatever is wrong with it goes into the tally.
  void add(const Category& category, const std::string& file, std::string_view text);
  /// A file that could not be read.
  void add_unreadable(const Category& category, const std::string& file, const std::string& why);

  /// All files to be written, sorted by id. Call once, after the last `add`.
  std::vector<PlannedFile> finish();

  [[nodiscard]] const report::Tally& skipped() const { return skipped_; }
  [[nodiscard]] const report::Tally& left_out() const { return left_out_; }
  /// Records seen and files planned, by kind.
  [[nodiscard]] const std::map<std::string, report::ImportedKind>& kinds() const { return kinds_; }

 private:
  struct Accepted {
    Named named;
    catalog::Entry entry;
    catalog::Provenance source;
  };
  [[nodiscard]] catalog::Provenance source_of(const std::string& record) const;
  /// The id of the built-in entry that is this part; empty when there is none.
  [[nodiscard]] std::string known_as(const Accepted& one) const;
  void skip(const Category& category, const std::string& name, const std::string& why);

  const Surroundings& around_;
  Origin origin_;
  std::vector<Accepted> accepted_;
  std::set<std::string> records_;
  std::map<std::string, report::ImportedKind> kinds_;
  report::Tally skipped_, left_out_;
};

}  // namespace rigor::adapters::buildcores
