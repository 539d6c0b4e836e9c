#include "adapters/toml/entry_reader.hpp"

#include <fmt/format.h>

namespace rigor::adapters {
namespace {

using catalog::Entry;
using catalog::Field;
using catalog::Origin;
using catalog::Provenance;

Result<Origin> read_origin(const TomlNode& node) {
  for (const Origin origin :
       {Origin::vendor_spec, Origin::measured, Origin::derived, Origin::assumed}) {
    if (node.text == to_text(origin)) return origin;
  }
  return fail(ErrorCode::malformed, fmt::format("unknown origin \"{}\"", node.text),
              to_text(node.where), "write vendor_spec, measured, derived or assumed");
}

/// What `table` states, the rest taken from `inherited`.
Result<Provenance> read_provenance(const TomlNode& table, Provenance inherited) {
  if (const TomlNode* origin = table.find("origin")) {
    const Result<Origin> parsed = read_origin(*origin);
    if (!parsed) return tl::unexpected<Error>(parsed.error());
    inherited.origin = *parsed;
  }
  const auto take = [&](std::string_view key, std::string& target) {
    if (const TomlNode* node = table.find(key)) target = node->text;
  };
  take("cite", inherited.cite);
  take("as_of", inherited.as_of);
  take("note", inherited.note);
  take("vendor", inherited.vendor);
  return inherited;
}

bool is_scalar(const TomlNode& node) {
  return node.type != TomlNode::Type::table && node.type != TomlNode::Type::array;
}

/// A list of texts or of whole numbers; anything else is flattened item by item.
bool is_plain_list(const TomlNode& node, TomlNode::Type type) {
  if (node.type != TomlNode::Type::array) return false;
  for (const TomlNode& item : node.items) {
    if (item.type != type) return false;
  }
  return true;
}

catalog::Value scalar(const TomlNode& node) {
  switch (node.type) {
    case TomlNode::Type::integer: return node.integer;
    case TomlNode::Type::real: return node.real;
    case TomlNode::Type::boolean: return node.boolean;
    default: return node.text;
  }
}

Result<void> flatten_members(const TomlNode& table, const std::string& prefix,
                             const Provenance& provenance, std::vector<Field>& fields) {
  for (const auto& [name, member] : table.members) {
    if (name == "cite" || name == "as_of" || name == "origin" || name == "note") continue;
    if (Result<void> done = flatten(member, prefix + name, provenance, fields); !done) return done;
  }
  return {};
}

}  // namespace

Result<void> flatten(const TomlNode& node, const std::string& key, const Provenance& inherited,
                     std::vector<Field>& fields) {
  if (is_scalar(node)) {
    fields.push_back({key, scalar(node), inherited, node.where});
    return {};
  }
  if (is_plain_list(node, TomlNode::Type::text)) {
    std::vector<std::string> list;
    for (const TomlNode& item : node.items) list.push_back(item.text);
    fields.push_back({key, std::move(list), inherited, node.where});
    return {};
  }
  if (is_plain_list(node, TomlNode::Type::integer)) {
    std::vector<std::int64_t> list;
    for (const TomlNode& item : node.items) list.push_back(item.integer);
    fields.push_back({key, std::move(list), inherited, node.where});
    return {};
  }
  if (node.type == TomlNode::Type::array) {
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      const std::string place = fmt::format("{}[{}]", key, i);
      if (Result<void> done = flatten(node.items[i], place, inherited, fields); !done) return done;
    }
    return {};
  }
  const Result<Provenance> provenance = read_provenance(node, inherited);
  if (!provenance) return tl::unexpected<Error>(provenance.error());
  if (const TomlNode* value = node.find("value")) return flatten(*value, key, *provenance, fields);
  return flatten_members(node, key + ".", *provenance, fields);
}

namespace {

tl::unexpected<Error> wanted(std::string_view what, std::string_view key, const TomlNode& node) {
  return fail(ErrorCode::malformed,
              fmt::format("{}: {} is wanted, this is {}", key, what, node.type_name()),
              to_text(node.where));
}

/// The keys that describe the entry itself; false when `key` is none of them.
Result<bool> read_own(const std::string& key, const TomlNode& node, Entry& entry) {
  if (key == "name" || key == "base") {
    if (node.type != TomlNode::Type::text) return wanted("a text", key, node);
    (key == "name" ? entry.name : entry.base) = node.text;
    return true;
  }
  if (key != "aliases") return false;
  if (!is_plain_list(node, TomlNode::Type::text)) return wanted("a list of texts", key, node);
  for (const TomlNode& alias : node.items) entry.aliases.push_back(alias.text);
  return true;
}

}  // namespace

Result<Entry> read_entry(std::string_view text, std::string id, const std::string& file) {
  const Result<TomlNode> root = parse_toml(text, file);
  if (!root) return tl::unexpected<Error>(root.error());
  Entry entry;
  entry.id = std::move(id);
  Provenance provenance;
  if (const TomlNode* source = root->find("source")) {
    const Result<Provenance> stated = read_provenance(*source, provenance);
    if (!stated) return tl::unexpected<Error>(stated.error());
    provenance = *stated;
  } else {
    return fail(ErrorCode::malformed, "the entry has no source", file,
                "add source = { origin = \"vendor_spec\", cite = \"…\", as_of = 2026-01-31 }");
  }
  for (const auto& [name, member] : root->members) {
    if (name == "source") continue;
    const Result<bool> own = read_own(name, member, entry);
    if (!own) return tl::unexpected<Error>(own.error());
    if (*own) continue;
    if (Result<void> done = flatten(member, name, provenance, entry.fields); !done) {
      return tl::unexpected<Error>(done.error());
    }
  }
  if (entry.name.empty()) return fail(ErrorCode::malformed, "the entry has no name", file);
  return entry;
}

}  // namespace rigor::adapters
