#include "report/catalog_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "catalog/value_text.hpp"
#include "report/json.hpp"

namespace rigor::report {
namespace {

using catalog::Catalog;
using catalog::Entry;
using catalog::Field;

std::string source_line(const catalog::Provenance& provenance) {
  return fmt::format("{}, {}, {}", to_text(provenance.origin), provenance.cite, provenance.as_of);
}

}  // namespace

std::string catalog_list_text(const std::vector<Catalog::Row>& rows) {
  std::size_t width = 0;
  for (const Catalog::Row& row : rows) width = std::max(width, row.id.size());
  std::string text;
  for (const Catalog::Row& row : rows) text += fmt::format("{:<{}}  {}\n", row.id, width, row.name);
  return text + fmt::format("{} entries\n", rows.size());
}

std::string catalog_list_json(const std::vector<Catalog::Row>& rows) {
  Json json;
  json.begin_object().member("schema_version", 1).key("entries").begin_list();
  for (const Catalog::Row& row : rows) {
    json.begin_object().member("id", row.id).member("name", row.name).end_object();
  }
  json.end_list().end_object();
  return json.text();
}

std::string entry_text(const Entry& entry) {
  std::string text = fmt::format("{}\n{}\n", entry.name, entry.id);
  if (!entry.base.empty()) text += fmt::format("based on {}\n", entry.base);
  if (!entry.aliases.empty()) text += fmt::format("also called {}\n", join(entry.aliases, ", "));
  std::size_t width = 0;
  for (const Field& field : entry.fields) width = std::max(width, field.key.size());
  std::vector<std::string> sources;  // numbered on first use, so that lines stay short
  text += "\n";
  for (const Field& field : entry.fields) {
    const std::string source = source_line(field.provenance);
    auto place = std::find(sources.begin(), sources.end(), source);
    if (place == sources.end()) place = sources.insert(sources.end(), source);
    text += fmt::format("  {:<{}}  {}  [{}]", field.key, width, catalog::to_text(field.value),
                        place - sources.begin() + 1);
    if (!field.provenance.vendor.empty())
      text += fmt::format("  vendor says {}", field.provenance.vendor);
    if (!field.provenance.note.empty()) text += fmt::format("  ({})", field.provenance.note);
    text += "\n";
  }
  text += "\nsources\n";
  for (std::size_t i = 0; i < sources.size(); ++i)
    text += fmt::format("  [{}] {}\n", i + 1, sources[i]);
  return text;
}

std::string entry_json(const Entry& entry) {
  Json json;
  json.begin_object().member("schema_version", 1).member("id", entry.id).member("name", entry.name);
  json.key("values").begin_list();
  for (const Field& field : entry.fields) {
    json.begin_object().member("key", field.key).member("value", catalog::to_text(field.value));
    json.member("origin", to_text(field.provenance.origin)).member("source", field.provenance.cite);
    json.member("as_of", field.provenance.as_of);
    if (!field.provenance.vendor.empty()) json.member("vendor_figure", field.provenance.vendor);
    if (!field.provenance.note.empty()) json.member("note", field.provenance.note);
    json.end_object();
  }
  json.end_list().end_object();
  return json.text();
}

}  // namespace rigor::report
