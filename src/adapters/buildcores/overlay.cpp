#include "adapters/buildcores/overlay.hpp"

#include <algorithm>

#include "adapters/buildcores/overlay_file.hpp"
#include "adapters/files/files.hpp"
#include "adapters/toml/entry_reader.hpp"
#include "base/text.hpp"
#include "catalog/field_reader.hpp"

namespace rigor::adapters::buildcores {
namespace {

using catalog::Entry;

constexpr std::uint64_t kLargestEntry = 4ULL << 20;
constexpr std::size_t kShortestRecord = 8;

/// "…, record 27b47f69-c20b-4f4d-b9cd-c53da1d5860e" -> the id; empty when no record is cited.
std::string cited_record(const std::string& cite) {
  constexpr std::string_view kRecord = "record ";
  const std::size_t at = cite.find(kRecord);
  if (at == std::string::npos || !cite.starts_with("BuildCores")) return {};
  std::string record = cite.substr(at + kRecord.size());
  record.resize(std::min(record.find_first_not_of("0123456789abcdef-"), record.size()));
  return record.size() >= kShortestRecord ? record : std::string();
}

std::vector<std::string> all_names(const Entry& entry) {
  std::vector<std::string> names = entry.aliases;
  names.push_back(entry.name);
  return names;
}

void note_names(const Entry& entry, std::map<std::string, std::string>& names) {
  for (const std::string& name : all_names(entry))
    names.emplace(name_key(entry.kind(), name), entry.id);
}

/// Names with and without the vendor in front: that database writes "GeForce RTX 3090".
Chip chip_of(const Entry& entry) {
  Diagnostics ignored;
  catalog::FieldReader reader(entry, ignored);
  Chip chip{entry.id, {}, reader.quantity<Bytes>("memory").in(GiB)};
  const std::vector<std::string> vendor = words(reader.text("vendor"));
  for (const std::string& name : all_names(entry)) {
    std::vector<std::string> pieces = words(name);
    chip.names.push_back(join(pieces, " "));
    const bool led =
        pieces.size() > vendor.size() && std::equal(vendor.begin(), vendor.end(), pieces.begin());
    if (!led) continue;
    pieces.erase(pieces.begin(), pieces.begin() + static_cast<std::ptrdiff_t>(vendor.size()));
    chip.names.push_back(join(pieces, " "));
  }
  return chip;
}

}  // namespace

void note_catalogue(const catalog::Catalog& catalog, Surroundings& around) {
  for (const Category& category : categories()) {
    for (const catalog::Catalog::Row& row : catalog.list(category.kind)) {
      around.catalogue_ids.emplace(row.id);
      const Result<const Entry*> found = catalog.entry(row.id);
      if (!found) continue;
      const Entry& entry = **found;
      note_names(entry, around.catalogue_names);
      for (const catalog::Field& field : entry.fields) {
        const std::string record = cited_record(field.provenance.cite);
        if (!record.empty()) around.catalogue_records.emplace(record, entry.id);
      }
      if (category.kind == "gpu" && entry.base.empty()) around.chips.push_back(chip_of(entry));
    }
  }
}

Result<void> note_overlay(const std::string& folder, Surroundings& around) {
  if (!exists(folder)) return {};
  const Result<std::vector<std::string>> paths = files_below(folder, ".toml");
  if (!paths) return tl::unexpected<Error>(paths.error());
  for (const std::string& path : *paths) {
    const Result<std::string> text = read_file(path, kLargestEntry);
    if (!text) return tl::unexpected<Error>(text.error());
    const std::string file = path.substr(folder.size() + (folder.ends_with('/') ? 0 : 1));
    const std::string id = file.substr(0, file.size() - std::string_view(".toml").size());
    if (const auto mark = overlay_mark(*text)) around.former.emplace(mark->record, id);
    const Result<Entry> entry = read_entry(*text, id, path);
    if (entry) note_names(*entry, around.overlay_names);
  }
  return {};
}

namespace {

/// Why the file at `path` must stay; empty when it may be replaced.
std::string why_kept(const std::string& standing) {
  const auto mark = overlay_mark(standing);
  if (!mark) return "not written by an import";
  return mark->untouched ? "" : "changed since it was imported";
}

}  // namespace

Result<void> write_overlay(const std::string& folder, const std::vector<PlannedFile>& files,
                           WriteRules rules, report::Import& import) {
  for (const PlannedFile& file : files) {
    const std::string path = folder + (folder.ends_with('/') ? "" : "/") + file.id + ".toml";
    const bool fresh = !exists(path);
    if (!fresh) {
      const Result<std::string> standing = read_file(path, kLargestEntry);
      if (!standing) return tl::unexpected<Error>(standing.error());
      if (*standing == file.text) {
        ++import.unchanged;
        continue;
      }
      const std::string kept = rules.force ? "" : why_kept(*standing);
      if (!kept.empty()) {
        import.kept.add(kept, file.id);
        continue;
      }
    }
    ++(fresh ? import.added : import.updated);
    if (rules.only_look) continue;
    if (Result<void> made = make_folders(path.substr(0, path.rfind('/'))); !made) return made;
    if (Result<void> written = replace_file(path, file.text); !written) return written;
  }
  return {};
}

}  // namespace rigor::adapters::buildcores
