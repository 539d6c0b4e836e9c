#include "adapters/toml/rig_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>

#include "adapters/toml/entry_reader.hpp"
#include "adapters/toml/rig_host.hpp"
#include "adapters/toml/rig_lanes.hpp"
#include "adapters/toml/site_reader.hpp"
#include "adapters/toml/table_reader.hpp"
#include "base/text.hpp"
#include "catalog/field_reader.hpp"
#include "catalog/parts.hpp"
#include "catalog/schema.hpp"
#include "catalog/stated.hpp"
#include "catalog/value_text.hpp"

namespace rigor::adapters {
namespace {

using catalog::Entry;
using hardware::PlacedPart;

/// Reads a rig file part by part.
class RigReader {
 public:
  RigReader(const std::string& file, const catalog::Catalog& catalog, Diagnostics& diagnostics)
      : file_(file), catalog_(catalog), diagnostics_(diagnostics) {}

  RigFile read(const TomlNode& root);

 private:
  void read_part(const TomlNode& node);
  Entry find_entry(TableReader& table, PlacedPart& part);
  void read_riser(TableReader& table, PlacedPart& part);
  void read_overrides(TableReader& table, Entry& entry, const PlacedPart& part);
  void read_settings(const TomlNode& node);
  void read_display(TableReader& table);
  void check_slots();
  void collect_devices();
  const TomlNode* member_table(TableReader& table, std::string_view key);
  const Entry* first_of(std::string_view kind) const;

  const std::string& file_;
  const catalog::Catalog& catalog_;
  Diagnostics& diagnostics_;
  RigFile result_;
  std::vector<bool> sound_;  ///< per part: no value of it was refused
};

const TomlNode* RigReader::member_table(TableReader& table, std::string_view key) {
  const TomlNode* node = table.take(key);
  if (node == nullptr || node->type == TomlNode::Type::table) return node;
  table.error(*node,
              fmt::format("{}: a table [{}] is wanted, this is {}", key, key, node->type_name()));
  return nullptr;
}

RigFile RigReader::read(const TomlNode& root) {
  TableReader table(root, "the rig file", diagnostics_);
  result_.rig.name = table.required_text("name");
  result_.rig.summary = table.text("summary");
  result_.rig.stated_total = table.price("stated_total");
  if (const TomlNode* rates = member_table(table, "rates"))
    result_.rig.rates = read_rates(*rates, diagnostics_);
  if (const TomlNode* site = member_table(table, "site"))
    result_.rig.site = read_site(*site, result_.rig.rates, diagnostics_);
  const TomlNode* settings = member_table(table, "settings");
  if (const TomlNode* system = member_table(table, "system")) {
    std::vector<catalog::Field> fields;
    if (Result<void> done = flatten(*system, "system", {}, fields); !done) {
      diagnostics_.error(system->where, done.error().message, done.error().hint);
    }
    for (const catalog::Field& field : fields) {
      result_.rig.system.emplace_back(field.key, catalog::to_text(field.value));
    }
  }
  const TomlNode* parts = table.take("part");
  table.finish();
  if (parts == nullptr || parts->type != TomlNode::Type::array || parts->items.empty()) {
    const bool one_bracket = parts != nullptr && parts->type == TomlNode::Type::table;
    diagnostics_.error(one_bracket ? parts->where : root.where, "the rig has no parts",
                       one_bracket ? "write [[part]] with two brackets, since there may be several"
                                   : "add a [[part]] with ref = \"gpu/nvidia/rtx-3090\"");
    return std::move(result_);
  }
  for (const TomlNode& part : parts->items) {
    if (part.type == TomlNode::Type::table) {
      read_part(part);
    } else {
      diagnostics_.error(part.where, "a [[part]] is a table",
                         "write ref = \"…\" in a table of its own");
    }
  }
  collect_devices();
  result_.rig.host = rig_host(result_, diagnostics_);
  if (settings != nullptr) read_settings(*settings);
  const bool sound = !diagnostics_.has_errors();
  check_slots();
  if (!diagnostics_.has_errors()) link_cards(result_, catalog_, diagnostics_);
  result_.wrong_places = sound ? diagnostics_.errors() : 0;
  if (result_.wrong_places > 0) {
    for (PlacedPart& part : result_.rig.parts) part.slots.clear();
    Diagnostics told_already;
    link_cards(result_, catalog_, told_already);
  }
  return std::move(result_);
}

/// Networks, quantizations, engines and tables of rigor's own are no parts of a machine.
bool is_part(std::string_view kind) {
  for (const char* other :
       {"architecture", "quantization", "engine", "choice", "psu-class", "cloud", "api"}) {
    if (kind == other) return false;
  }
  return catalog::find_kind(kind) != nullptr;
}

std::string kind_hint(const std::string& typed) {
  std::vector<std::string> kinds;
  for (const catalog::KindSpec& kind : catalog::kinds()) {
    if (is_part(kind.kind)) kinds.emplace_back(kind.kind);
  }
  kinds.emplace_back("other");
  const std::string hint = did_you_mean(typed, kinds);
  return hint.empty() ? "one of: " + join(kinds, ", ") : hint;
}

/// The catalogue entry behind `ref`, or an entry made of what the file says itself.
Entry RigReader::find_entry(TableReader& table, PlacedPart& part) {
  const TomlNode* ref = table.take("ref");
  const std::string kind = table.text("kind");
  part.name = table.text("name");
  const bool known_kind = kind.empty() || kind == "other" || is_part(kind);
  if (!known_kind) {
    table.error(*table.take("kind"), fmt::format("unknown kind \"{}\"", kind), kind_hint(kind));
    return Entry{"other/unknown", part.name, {}, {}, {}};
  }
  if (ref == nullptr) {
    if (part.name.empty()) {
      diagnostics_.error(table.where(), "a [[part]] needs ref = \"…\" (catalogue) or name = \"…\"");
    }
    part.kind = kind.empty() ? "other" : kind;
    return Entry{part.kind + "/" + join(words(part.name), "-"), part.name, {}, {}, {}};
  }
  if (ref->type != TomlNode::Type::text) {
    table.error(*ref, fmt::format("ref: a text is wanted, this is {}", ref->type_name()));
    return Entry{"other/unknown", part.name, {}, {}, {}};
  }
  const Result<const Entry*> found = catalog_.find(ref->text, kind);
  if (!found) {
    diagnostics_.error(ref->where, found.error().message, found.error().hint);
    return Entry{"other/unknown", ref->text, {}, {}, {}};
  }
  if (!is_part((*found)->kind())) {
    diagnostics_.error(ref->where, fmt::format("{} is no part of a machine", (*found)->id));
    return Entry{"other/unknown", ref->text, {}, {}, {}};
  }
  part.id = (*found)->id;
  part.kind = std::string((*found)->kind());
  if (part.name.empty()) part.name = (*found)->name;
  return **found;
}

namespace {

/// The nearest key a part of this kind may have, or all of them.
std::string key_hint(const std::string& key, const std::string& kind_name,
                     const catalog::KindSpec* kind) {
  std::vector<std::string> legal;
  if (kind != nullptr) {
    for (const catalog::FieldSpec& spec : kind->fields) legal.emplace_back(spec.key);
  }
  for (const char* own : {"ref", "kind", "name", "count", "slot", "price", "bought"})
    legal.emplace_back(own);
  if (kind_name == "gpu") legal.emplace_back("nvlink");
  if (kind_name == "gpu" || kind_name == "nic") legal.emplace_back("riser");
  std::string hint = did_you_mean(key, legal);
  if (!hint.empty()) return hint;
  return fmt::format("a part of kind {} may have: {}", kind_name, join(legal, ", "));
}

}  // namespace

/// Every other key of a [[part]] overrides (or supplies) a catalogue value.
void RigReader::read_overrides(TableReader& table, Entry& entry, const PlacedPart& part) {
  const auto others = table.rest();
  if (part.kind.empty()) return;  // unknown part: nothing to judge its keys by
  const catalog::KindSpec* kind = catalog::find_kind(part.kind);
  for (const auto& [name, node] : others) {
    std::vector<catalog::Field> fields;
    const catalog::Provenance own{
        catalog::Origin::assumed, file_, std::string(catalog::kRigFile), {}, {}};
    if (Result<void> done = flatten(*node, name, own, fields); !done) {
      table.error(*node, done.error().message, done.error().hint);
    }
    for (catalog::Field& field : fields) {
      const catalog::FieldSpec* spec =
          kind != nullptr ? catalog::find_field(*kind, field.key) : nullptr;
      if (spec == nullptr) {
        table.error(*node, fmt::format("unknown key \"{}\" in [[part]]", field.key),
                    key_hint(field.key, part.kind, kind));
        continue;
      }
      const int before = diagnostics_.errors();
      catalog::lint_value(field, *spec, diagnostics_);
      if (diagnostics_.errors() > before) continue;
      std::erase_if(entry.fields, [&](const catalog::Field& old) { return old.key == field.key; });
      entry.fields.push_back(std::move(field));
    }
  }
}

/// riser = { kind = "cable", length = "300 mm", generation = 4 }
void RigReader::read_riser(TableReader& table, PlacedPart& part) {
  const TomlNode* node = member_table(table, "riser");
  if (node == nullptr) return;
  constexpr double kShortest = 0.01, kLongest = 2;  // metres
  TableReader riser(*node, "riser", diagnostics_);
  part.riser.kind = riser.required_text("kind");
  const std::vector<std::string> kinds = {"cable", "retimer", "usb"};
  if (!part.riser.kind.empty() &&
      std::find(kinds.begin(), kinds.end(), part.riser.kind) == kinds.end()) {
    const std::string hint = did_you_mean(part.riser.kind, kinds);
    riser.error(*node->find("kind"), fmt::format("unknown kind of riser \"{}\"", part.riser.kind),
                hint.empty() ? "one of: " + join(kinds, ", ") : hint);
  }
  part.riser.length =
      riser.quantity("length", "300 mm", Metres::from_base(kShortest), Metres::from_base(kLongest))
          .value_or(Metres{});
  part.riser.generation = static_cast<int>(riser.count("generation", 0, 1, 6));
  riser.finish();
}

void RigReader::read_part(const TomlNode& node) {
  TableReader table(node, "[[part]]", diagnostics_);
  PlacedPart part;
  part.where = node.where;
  Entry entry = find_entry(table, part);
  const int before_count = diagnostics_.errors();
  part.count = static_cast<int>(table.count("count", 1, 1, kMostPieces));
  const bool counted = diagnostics_.errors() == before_count;
  part.slots = table.texts("slot");
  part.price = table.price("price");
  part.bought = table.text("bought");
  if (part.kind == "gpu") part.nvlink = table.flag("nvlink");
  if (part.kind == "gpu" || part.kind == "nic") read_riser(table, part);
  const int before = diagnostics_.errors();
  read_overrides(table, entry, part);
  sound_.push_back(diagnostics_.errors() == before);
  if (counted && static_cast<int>(part.slots.size()) > part.count) {
    diagnostics_.error(
        node.find("slot")->where,
        fmt::format("{} slots for {} x {}", part.slots.size(), part.count, part.name),
        fmt::format("write count = {}, or name fewer slots", part.slots.size()));
  }
  result_.rig.parts.push_back(std::move(part));
  result_.entries.push_back(std::move(entry));
}

/// Devices count from 0 in the order of the file.
void RigReader::read_display(TableReader& table) {
  const TomlNode* node = table.take("display_device");
  if (node == nullptr) return;
  using Limits = std::numeric_limits<std::int64_t>;
  const auto devices = static_cast<long long>(result_.rig.accelerators.size());
  const auto device = table.count("display_device", -1, Limits::min(), Limits::max());
  if (node->type != TomlNode::Type::integer) return;
  if (device < 0 || device >= devices) {
    const std::string hint = devices == 0   ? "the rig has no graphics card"
                             : devices == 1 ? "write 0 for the rig's only one"
                                            : fmt::format("write 0 to {}", devices - 1);
    table.error(*node, fmt::format("display_device: there is no device {}", device), hint);
    return;
  }
  result_.rig.settings.display_device = static_cast<int>(device);
}

void RigReader::read_settings(const TomlNode& node) {
  TableReader table(node, "[settings]", diagnostics_);
  hardware::Settings& settings = result_.rig.settings;
  settings.gpu_power_limit = table.quantity("gpu_power_limit", "250 W", 20 * watt, 2000 * watt);
  settings.cpu_power_limit = table.quantity("cpu_power_limit", "142 W", 5 * watt, 1000 * watt);
  read_display(table);
  settings.display_reserve =
      table.quantity("display_reserve", "1 GiB", Bytes{}, 64 * GiB).value_or(Bytes{});
  if (settings.display_reserve > Bytes{} && node.find("display_device") == nullptr) {
    table.error(node, "display_reserve needs display_device",
                "write display_device = 0 for the first card");
  }
  table.finish();
}

const Entry* RigReader::first_of(std::string_view kind) const {
  for (std::size_t i = 0; i < result_.rig.parts.size(); ++i) {
    if (result_.rig.parts[i].kind == kind) return &result_.entries[i];
  }
  return nullptr;
}

/// A slot must exist on the board and hold one thing.
void RigReader::check_slots() {
  std::vector<std::string> known;
  const Entry* board = first_of("board");
  if (board != nullptr) {
    for (const catalog::Field& field : board->fields) {
      if (!field.key.starts_with("connector[") || !field.key.ends_with("].name")) continue;
      if (const auto* name = std::get_if<std::string>(&field.value)) known.push_back(*name);
    }
  }
  std::map<std::string, std::string> taken;
  for (const PlacedPart& part : result_.rig.parts) {
    for (const std::string& slot : part.slots) {
      if (!known.empty() && std::find(known.begin(), known.end(), slot) == known.end()) {
        std::string hint = did_you_mean(slot, known);
        if (hint.empty()) hint = "the board has: " + join(known, ", ");
        diagnostics_.error(part.where, fmt::format("{} has no slot \"{}\"", board->name, slot),
                           hint);
      }
      const auto [place, fresh] = taken.emplace(slot, part.name);
      if (!fresh) {
        diagnostics_.error(part.where,
                           fmt::format("slot \"{}\" holds {} already", slot, place->second),
                           "give this part another slot");
      }
    }
  }
}

void RigReader::collect_devices() {
  for (std::size_t i = 0; i < result_.rig.parts.size(); ++i) {
    const PlacedPart& part = result_.rig.parts[i];
    if ((part.kind != "gpu" && part.kind != "system") || !sound_[i]) continue;
    Diagnostics problems;
    const hardware::Accelerator device = catalog::to_accelerator(result_.entries[i], problems);
    for (const Diagnostic& problem : problems.all()) {
      const bool placed = problem.where.line > 0;
      diagnostics_.error(placed ? problem.where : part.where, problem.message, problem.hint);
    }
    for (int k = 0; k < part.count; ++k) result_.rig.accelerators.push_back(device);
  }
}

}  // namespace

RigFile read_rig(std::string_view text, const std::string& file, const catalog::Catalog& catalog,
                 Diagnostics& diagnostics) {
  if (trim(text).empty()) {
    diagnostics.error({file}, "the file is empty",
                      "a rig file starts with name = \"…\" and has [[part]] tables");
    return {};
  }
  const Result<TomlNode> root = parse_toml(text, file);
  if (!root) {
    diagnostics.error({root.error().where}, root.error().message, root.error().hint);
    return {};
  }
  if (root->find("part") == nullptr && root->find("workload") != nullptr) {
    diagnostics.error({file}, "this is a work file, a rig file is wanted",
                      "rigor report RIG --work FILE");
    return {};
  }
  RigFile rig = RigReader(file, catalog, diagnostics).read(*root);
  diagnostics.sort();
  return rig;
}

}  // namespace rigor::adapters
