#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/text.hpp"
#include "catalog/field_reader.hpp"
#include "catalog/schema.hpp"

namespace rigor::catalog {
namespace {

/// A bound as it would be written in the entry.
std::string bound_text(const FieldSpec& spec, double bound) {
  const bool has_unit = spec.dimension != Dimension{};
  if (has_unit) return to_text_like({bound, spec.dimension}, spec.example);
  return fmt::format("{}{}", bound, spec.type == FieldType::level ? " dBA" : "");
}

void out_of_range(const Field& field, const FieldSpec& spec, double value,
                  Diagnostics& diagnostics) {
  if (spec.high <= spec.low || (value >= spec.low && value <= spec.high)) return;
  const auto* written = std::get_if<std::string>(&field.value);
  diagnostics.error(field.where,
                    fmt::format("{}: {} is not plausible (expected {} to {})", field.key,
                                written != nullptr ? *written : fmt::format("{}", value),
                                bound_text(spec, spec.low), bound_text(spec, spec.high)));
}

void wrong_type(const Field& field, std::string_view wanted, const FieldSpec& spec,
                Diagnostics& diagnostics) {
  diagnostics.error(field.where, fmt::format("{}: {} is wanted here", field.key, wanted),
                    spec.example.empty() ? "" : fmt::format("write it like \"{}\"", spec.example));
}

void lint_number(const Field& field, const FieldSpec& spec, Diagnostics& diagnostics) {
  if (const auto* whole = std::get_if<std::int64_t>(&field.value)) {
    out_of_range(field, spec, static_cast<double>(*whole), diagnostics);
  } else if (const auto* real = std::get_if<double>(&field.value);
             real != nullptr && spec.type == FieldType::real) {
    out_of_range(field, spec, *real, diagnostics);
  } else {
    wrong_type(field, spec.type == FieldType::count ? "a whole number" : "a number", spec,
               diagnostics);
  }
}

/// The text of a value that must be one; complains otherwise.
const std::string* text_of(const Field& field, const FieldSpec& spec, Diagnostics& diagnostics) {
  const auto* text = std::get_if<std::string>(&field.value);
  if (text == nullptr) wrong_type(field, "a text with its unit", spec, diagnostics);
  return text;
}

void lint_unit(const Field& field, const FieldSpec& spec, Diagnostics& diagnostics) {
  const std::string* text = text_of(field, spec, diagnostics);
  if (text == nullptr) return;
  const auto complain = [&](const Error& error) {
    diagnostics.error(field.where, field.key + ": " + error.message, error.hint);
  };
  if (spec.type == FieldType::quantity) {
    const Result<double> value = parse_as(*text, spec.dimension, spec.example);
    if (!value) return complain(value.error());
    out_of_range(field, spec, *value, diagnostics);
  } else if (spec.type == FieldType::fraction) {
    const Result<double> value = parse_fraction(*text);
    if (!value) complain(value.error());
  } else if (spec.type == FieldType::price) {
    const Result<Price> value = parse_price(*text);
    if (!value) return complain(value.error());
    if (value->minor <= 0) diagnostics.error(field.where, field.key + ": a price is positive");
  } else {
    const Result<double> value = parse_sound_level(*text);
    if (!value) return complain(value.error());
    out_of_range(field, spec, *value, diagnostics);
  }
}

/// One text or three, in order.
void lint_range(const Field& field, const FieldSpec& spec, Diagnostics& diagnostics) {
  const Result<Range<double>> range = parse_range(field.value, spec.dimension, spec.example);
  if (!range) {
    diagnostics.error(field.where, field.key + ": " + range.error().message, range.error().hint);
    return;
  }
  for (const double value : {range->low, range->high}) {
    if (value >= spec.low && value <= spec.high) continue;
    diagnostics.error(field.where,
                      fmt::format("{}: not plausible (expected {} to {})", field.key,
                                  bound_text(spec, spec.low), bound_text(spec, spec.high)));
    return;
  }
}

bool is_date(std::string_view text) {
  if (text.size() != 4 && text.size() != 7 && text.size() != 10) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 4 || i == 7;
    if (dash != (text[i] == '-')) return false;
    if (!dash && (text[i] < '0' || text[i] > '9')) return false;
  }
  const auto within = [&](std::size_t at, std::string_view low, std::string_view high) {
    const std::string_view two = text.substr(std::min(at, text.size()), 2);
    return two.empty() || (two >= low && two <= high);
  };
  return within(5, "01", "12") && within(8, "01", "31");
}

}  // namespace

void lint_value(const Field& field, const FieldSpec& spec, Diagnostics& diagnostics) {
  switch (spec.type) {
    case FieldType::count:
    case FieldType::real: return lint_number(field, spec, diagnostics);
    case FieldType::quantity:
    case FieldType::fraction:
    case FieldType::price:
    case FieldType::level: return lint_unit(field, spec, diagnostics);
    case FieldType::range: return lint_range(field, spec, diagnostics);
    case FieldType::boolean:
      if (!std::holds_alternative<bool>(field.value))
        wrong_type(field, "true or false", spec, diagnostics);
      return;
    case FieldType::texts:
      if (!std::holds_alternative<std::vector<std::string>>(field.value)) {
        wrong_type(field, "a list of texts", spec, diagnostics);
      }
      return;
    case FieldType::date:
      if (const auto* text = std::get_if<std::string>(&field.value);
          text == nullptr || !is_date(*text)) {
        wrong_type(field, "a date such as 2025-04 or 2025-04-16", spec, diagnostics);
      }
      return;
    case FieldType::text:
      if (!std::holds_alternative<std::string>(field.value)) {
        wrong_type(field, "a text", spec, diagnostics);
      }
      return;
    case FieldType::counts:
      if (!std::holds_alternative<std::vector<std::int64_t>>(field.value)) {
        wrong_type(field, "a list of whole numbers", spec, diagnostics);
      }
      return;
  }
}

namespace {

void lint_provenance(const Field& field, Diagnostics& diagnostics) {
  if (field.provenance.cite.empty())
    diagnostics.error(field.where, field.key + ": no source is cited");
  if (!is_date(field.provenance.as_of)) {
    diagnostics.error(field.where, field.key + ": no date (as_of) is given for the value");
  }
}

bool required_is_missing(const Entry& entry, const FieldSpec& spec) {
  if (!spec.required) return false;
  return std::none_of(entry.fields.begin(), entry.fields.end(), [&](const Field& field) {
    return find_field(KindSpec{{}, {}, {&spec, 1}}, field.key) != nullptr;
  });
}

/// What a board's entry says of its lanes.
struct Lanes {
  std::map<std::string, std::int64_t> group_lanes;
  std::map<std::string, std::int64_t> mode_sum;
  std::map<std::string, std::set<std::string>> groups_of;
  std::set<std::string> connectors;
};

Lanes lanes_of(const Entry& entry, Diagnostics& diagnostics) {
  Lanes lanes;
  auto& [group_lanes, mode_sum, groups_of, connectors] = lanes;
  for (const Field& field : entry.fields) {
    const std::size_t dot = field.key.find('.');
    if (field.key.starts_with("connector[") && field.key.ends_with("].name")) {
      const auto* name = std::get_if<std::string>(&field.value);
      if (name != nullptr && !connectors.insert(*name).second) {
        diagnostics.error(field.where, fmt::format("\"{}\" names two connectors", *name));
      }
    }
    const auto* count = std::get_if<std::int64_t>(&field.value);
    if (!field.key.starts_with("lanes[") || count == nullptr) continue;
    const std::string group = field.key.substr(0, dot);
    if (field.key.ends_with("].lanes")) group_lanes[group] = *count;
    if (dot == std::string::npos) continue;
    const std::size_t mode_end = field.key.find("].", dot);
    if (field.key.compare(dot, 7, ".modes[") != 0 || mode_end == std::string::npos) continue;
    mode_sum[field.key.substr(0, mode_end + 1)] += *count;
    groups_of[field.key.substr(mode_end + 2)].insert(group);
  }
  return lanes;
}

/// Connectors stand in exactly one lane group, and no mode hands out more lanes than the group has.
void lint_lanes(const Entry& entry, Diagnostics& diagnostics) {
  Lanes lanes = lanes_of(entry, diagnostics);
  auto& [group_lanes, mode_sum, groups_of, connectors] = lanes;
  for (const auto& [mode, sum] : mode_sum) {
    const std::string group = mode.substr(0, mode.find('.'));
    if (sum > group_lanes[group]) {
      diagnostics.error({entry.id}, fmt::format("{} hands out {} lanes, the group has {}", mode,
                                                sum, group_lanes[group]));
    }
  }
  for (const auto& [name, groups] : groups_of) {
    if (!connectors.contains(name))
      diagnostics.error({entry.id}, fmt::format("lanes name the unknown connector \"{}\"", name));
    if (groups.size() > 1)
      diagnostics.error({entry.id}, fmt::format("\"{}\" stands in several lane groups", name));
  }
  for (const std::string& name : connectors) {
    if (!groups_of.contains(name))
      diagnostics.error({entry.id}, fmt::format("\"{}\" stands in no lane group", name));
  }
}

}  // namespace

void lint(const Entry& entry, Diagnostics& diagnostics) {
  const KindSpec* kind = find_kind(entry.kind());
  if (kind == nullptr) {
    diagnostics.error({entry.id}, fmt::format("unknown kind \"{}\"", entry.kind()));
    return;
  }
  std::vector<std::string> keys;
  for (const FieldSpec& spec : kind->fields) keys.emplace_back(spec.key);
  for (const Field& field : entry.fields) {
    lint_provenance(field, diagnostics);
    if (kind->fields.empty()) continue;
    const FieldSpec* spec = find_field(*kind, field.key);
    if (spec != nullptr) {
      lint_value(field, *spec, diagnostics);
    } else {
      diagnostics.error(field.where, fmt::format("unknown key \"{}\"", field.key),
                        did_you_mean(field.key, keys));
    }
  }
  for (const FieldSpec& spec : kind->fields) {
    if (required_is_missing(entry, spec)) {
      diagnostics.error({entry.id}, fmt::format("\"{}\" is missing", spec.key));
    }
  }
}

void lint_physics(const Entry& entry, Diagnostics& diagnostics) {
  Diagnostics ignored;  // types were judged by lint
  FieldReader reader(entry, ignored);
  const auto must = [&](bool holds, std::string_view key, std::string message) {
    if (!holds && reader.has(key))
      diagnostics.error(entry.find(key)->where, fmt::format("{}: {}", key, message));
  };
  if (entry.kind() == "psu") {
    must(reader.quantity<Watts>("power_low_line") <= reader.quantity<Watts>("power"),
         "power_low_line", "more than the supply gives at 200 V and above");
  }
  if (entry.kind() == "board") lint_lanes(entry, diagnostics);
  if (entry.kind() != "gpu" && entry.kind() != "system") return;
  const Bytes memory = reader.quantity<Bytes>("memory");
  must(reader.quantity<Bytes>("memory_usable") <= memory, "memory_usable",
       "more than the memory there is");
  const auto bandwidth = reader.quantity<BytesPerSecond>("memory_bandwidth");
  const auto bus = reader.quantity<Bytes>("memory_bus");
  if (reader.has("memory_bus")) {
    const double transfers = bandwidth.in(BytesPerSecond::from_base(1)) / bus.in(byte);
    must(transfers > 1e9 && transfers < 4e10, "memory_bus",
         "bandwidth and bus width give an impossible transfer rate");
  }
  const auto fp32 = reader.quantity<FlopsPerSecond>("fp32");
  const auto bf16 = reader.quantity<FlopsPerSecond>("bf16_tensor");
  const auto fp8 = reader.quantity<FlopsPerSecond>("fp8_tensor");
  must(bf16 >= 0.4 * fp32, "bf16_tensor", "less than half the vector rate");
  must(bf16 <= 40.0 * fp32 || !reader.has("fp32"), "bf16_tensor",
       "more than 40 times the vector rate: sparsity or a slip");
  must(fp8 <= 2.05 * bf16 || !reader.has("bf16_tensor"), "fp8_tensor",
       "more than twice the bf16 rate: sparsity or a slip");
}

void lint_all(const std::vector<const Entry*>& entries, Diagnostics& diagnostics) {
  std::map<std::string, std::string> names;  // kind/words -> id
  for (const Entry* entry : entries) {
    std::vector<std::string> own = entry->aliases;
    own.push_back(entry->name);
    std::set<std::string> seen;
    for (const std::string& alias : own) {
      const std::string key = std::string(entry->kind()) + "/" + join(words(alias), " ");
      if (!seen.insert(key).second) continue;
      const auto [place, fresh] = names.emplace(key, entry->id);
      if (!fresh) {
        diagnostics.error({entry->id}, fmt::format("\"{}\" also names {}", alias, place->second));
      }
    }
  }
}

}  // namespace rigor::catalog
