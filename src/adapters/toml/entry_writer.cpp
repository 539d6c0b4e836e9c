#include "adapters/toml/entry_writer.hpp"

#include <fmt/format.h>

#include "base/result.hpp"

namespace rigor::adapters {
namespace {

using catalog::Entry;
using catalog::Field;
using catalog::Provenance;

struct ValueToml {
  std::string operator()(const std::string& text) const { return toml_text(text); }
  std::string operator()(std::int64_t count) const { return fmt::format("{}", count); }
  std::string operator()(double real) const {
    const std::string text = fmt::format("{}", real);
    return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
  }
  std::string operator()(bool truth) const { return truth ? "true" : "false"; }
  std::string operator()(const std::vector<std::string>& list) const {
    std::string text;
    for (const std::string& item : list) text += (text.empty() ? "" : ", ") + toml_text(item);
    return "[" + text + "]";
  }
  std::string operator()(const std::vector<std::int64_t>& list) const {
    return fmt::format("[{}]", fmt::join(list, ", "));
  }
};

/// A whole date is a date in TOML, a month is a text.
std::string date_toml(const std::string& date) {
  return date.size() == 10 ? date : toml_text(date);
}

std::string provenance_toml(const Provenance& provenance) {
  std::string text =
      fmt::format("origin = \"{}\", cite = {}, as_of = {}", to_text(provenance.origin),
                  toml_text(provenance.cite), date_toml(provenance.as_of));
  if (!provenance.note.empty()) text += ", note = " + toml_text(provenance.note);
  if (!provenance.vendor.empty()) text += ", vendor = " + toml_text(provenance.vendor);
  return text;
}

bool same(const Provenance& a, const Provenance& b) {
  return a.origin == b.origin && a.cite == b.cite && a.as_of == b.as_of && a.note == b.note &&
         a.vendor == b.vendor;
}

std::string line(std::string_view key, const Field& field, const Provenance& source) {
  const std::string value = std::visit(ValueToml{}, field.value);
  if (same(field.provenance, source)) return fmt::format("{} = {}\n", key, value);
  return fmt::format("{} = {{ value = {}, {} }}\n", key, value, provenance_toml(field.provenance));
}

}  // namespace

std::string toml_text(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      quoted += '\\';
      quoted += c;
    } else if (byte < 0x20 || byte == 0x7f) {
      quoted += fmt::format("\\u{:04X}", byte);
    } else {
      quoted += c;
    }
  }
  return quoted + "\"";
}

std::string entry_toml(const Entry& entry, const Provenance& source) {
  std::string text = fmt::format("name = {}\n", toml_text(entry.name));
  if (!entry.aliases.empty()) text += fmt::format("aliases = {}\n", ValueToml{}(entry.aliases));
  if (!entry.base.empty()) text += fmt::format("base = {}\n", toml_text(entry.base));
  text += fmt::format("source = {{ {} }}\n\n", provenance_toml(source));
  std::string tables, table;
  for (const Field& field : entry.fields) {
    const std::size_t dot = field.key.find("].");
    if (dot == std::string::npos) {
      text += line(field.key, field, source);
      continue;
    }
    const std::string place = field.key.substr(0, dot);
    if (place != table) tables += fmt::format("\n[[{}]]\n", place.substr(0, place.find('[')));
    table = place;
    tables += line(field.key.substr(dot + 2), field, source);
  }
  return text + tables;
}

}  // namespace rigor::adapters
