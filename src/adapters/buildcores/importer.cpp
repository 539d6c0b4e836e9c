#include "adapters/buildcores/importer.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "adapters/buildcores/overlay_file.hpp"
#include "adapters/bytes/plain_text.hpp"
#include "adapters/json/json_node.hpp"
#include "adapters/toml/entry_writer.hpp"

namespace rigor::adapters::buildcores {
namespace {

constexpr std::size_t kLongestRecord = 64;
constexpr std::size_t kShortCommit = 10;

/// "a/b/1234.json" -> "1234".
std::string stem(const std::string& file) {
  const std::string name = file.substr(file.rfind('/') + 1);
  return name.substr(0, name.rfind('.'));
}

/// Letters, digits and '-' only, so that it may stand in a comment and in a path.
bool is_record_id(std::string_view text) {
  constexpr std::string_view kPlain =
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-";
  return !text.empty() && text.size() <= kLongestRecord &&
         text.find_first_not_of(kPlain) == std::string_view::npos;
}

/// The record's own id, else the file's name.
std::string record_id(const JsonNode& root, const std::string& file) {
  const JsonNode* stated = root.find("opendb_id");
  const std::string* text = stated == nullptr ? nullptr : stated->text();
  return text != nullptr && is_record_id(*text) ? *text : stem(file);
}

/// `text` without what differs between files, so that a tally can gather them.
std::string general(const Error& error) {
  return error.code == ErrorCode::limit ? "JSON that is too large or too deep" : "no valid JSON";
}

}  // namespace

void Importer::skip(const Category& category, const std::string& name, const std::string& why) {
  skipped_.add(fmt::format("{}: {}", category.kind, why), shown(name, 100));
}

void Importer::add_unreadable(const Category& category, const std::string& file,
                              const std::string& why) {
  ++kinds_[std::string(category.kind)].records;
  skip(category, file, why);
}

catalog::Provenance Importer::source_of(const std::string& record) const {
  const std::string commit =
      origin_.commit.empty() ? "" : " @" + origin_.commit.substr(0, kShortCommit);
  return {catalog::Origin::vendor_spec,
          fmt::format("BuildCores open database{} (ODC-By 1.0), record {}", commit, record),
          origin_.date,
          {},
          {}};
}

void Importer::add(const Category& category, const std::string& file, std::string_view text) {
  ++kinds_[std::string(category.kind)].records;
  const Result<JsonNode> root = read_json(text, file);
  if (!root)
    return skip(category, fmt::format("{}: {}", root.error().where, root.error().message),
                general(root.error()));
  const std::string record = record_id(*root, file);
  if (!is_record_id(record)) return skip(category, file, "no plain record id");
  if (!records_.insert(record).second)
    return skip(category, record, "a record id that another file has too");
  Accepted one;
  one.source = source_of(record);
  Mapped mapped = map_record(category, *root, one.source, around_.chips);
  const std::string name = mapped.entry.name.empty() ? record : mapped.entry.name;
  if (!mapped.skipped.empty()) return skip(category, name, mapped.skipped);
  one.named = {record, std::string(category.kind), mapped.maker, mapped.entry.name};
  one.entry = std::move(mapped.entry);
  if (const std::string known = known_as(one); !known.empty())
    return skip(category, fmt::format("{} ({})", name, known), "the catalogue has it");
  for (const LeftOut& value : mapped.left_out)
    left_out_.add(fmt::format("{} {}: {}", category.kind, value.key, value.why), name);
  accepted_.push_back(std::move(one));
}

std::string Importer::known_as(const Accepted& one) const {
  const auto found = around_.catalogue_names.find(name_key(one.named.kind, one.named.name));
  if (found != around_.catalogue_names.end()) return found->second;
  const auto& cited = around_.catalogue_records;
  const auto after = cited.upper_bound(one.named.record);
  if (after == cited.begin()) return {};
  const auto& [beginning, id] = *std::prev(after);
  return one.named.record.starts_with(beginning) && id.starts_with(one.named.kind + "/") ? id : "";
}

std::vector<PlannedFile> Importer::finish() {
  const auto by_record = [](const Accepted& a, const Accepted& b) {
    return a.named.record < b.named.record;
  };
  std::sort(accepted_.begin(), accepted_.end(), by_record);
  std::vector<Named> names;
  names.reserve(accepted_.size());
  for (const Accepted& one : accepted_) names.push_back(one.named);
  give_ids(names, around_.former);
  std::vector<PlannedFile> files;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const Named& named = names[i];
    const auto other = around_.overlay_names.find(name_key(named.kind, named.name));
    const bool shadows = around_.catalogue_ids.contains(named.id);
    if (shadows || (other != around_.overlay_names.end() && other->second != named.id)) {
      skipped_.add(fmt::format("{}: {}", named.kind,
                               shadows ? "the catalogue has an entry of that id"
                                       : "your overlay has an entry of that name"),
                   named.name);
      continue;
    }
    accepted_[i].entry.name = named.name;
    const std::string entry = entry_toml(accepted_[i].entry, accepted_[i].source);
    files.push_back({named.id, named.name, overlay_text(named.record, entry)});
    ++kinds_[named.kind].imported;
  }
  std::sort(files.begin(), files.end(),
            [](const PlannedFile& a, const PlannedFile& b) { return a.id < b.id; });
  return files;
}

}  // namespace rigor::adapters::buildcores
