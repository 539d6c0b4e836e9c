#include "catalog/quantization_entry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "catalog/field_reader.hpp"

namespace rigor::catalog {
namespace {

using llm::Quantization;
using llm::RecipeRule;
using llm::TensorType;

constexpr std::array<std::string_view, 3> kKeys = {"gguf", "fallback", "tolerance"};
constexpr std::array<std::string_view, 3> kRuleKeys = {"roles", "when", "type"};

std::vector<std::string> type_names() {
  std::vector<std::string> names;
  for (const TensorType& type : llm::tensor_types()) names.emplace_back(type.name);
  return names;
}

const TensorType* read_type(FieldReader& reader, const std::string& key) {
  reader.require(key);
  if (!reader.has(key)) return nullptr;
  const std::string name = reader.text(key);
  const TensorType* type = llm::find_tensor_type(name);
  if (type == nullptr) {
    reader.error(key, fmt::format("unknown tensor type \"{}\"", name),
                 did_you_mean(name, type_names()));
  }
  return type;
}

llm::RoleSet read_roles(FieldReader& reader, const std::string& key) {
  llm::RoleSet roles;
  for (const std::string& name : reader.texts(key)) {
    if (const auto named = llm::find_roles(name)) {
      roles |= *named;
    } else {
      reader.error(key, fmt::format("unknown role \"{}\"", name),
                   did_you_mean(name, llm::role_names()));
    }
  }
  return roles;
}

llm::When read_when(FieldReader& reader, const std::string& key) {
  const Result<llm::When> when = llm::parse_when(reader.text(key));
  if (when) return *when;
  reader.error(key, when.error().message, when.error().hint);
  return {};
}

/// How many `[[rule]]` tables the entry has.
int rules_in(const Entry& entry) {
  const auto stated = [&](int i) {
    const std::string prefix = fmt::format("rule[{}].", i);
    return std::ranges::any_of(entry.fields,
                               [&](const Field& f) { return f.key.starts_with(prefix); });
  };
  int count = 0;
  while (stated(count)) ++count;
  return count;
}

bool is_known(std::string_view key) {
  if (!key.starts_with("rule[")) return std::ranges::find(kKeys, key) != kKeys.end();
  const std::size_t dot = std::min(key.find("]."), key.size() - 2);
  return std::ranges::find(kRuleKeys, key.substr(dot + 2)) != kRuleKeys.end();
}

void reject_unknown_keys(const Entry& entry, Diagnostics& diagnostics) {
  std::vector<std::string> names(kKeys.begin(), kKeys.end());
  names.emplace_back("rule");
  for (const Field& field : entry.fields) {
    if (is_known(field.key)) continue;
    diagnostics.error(field.where, fmt::format("unknown key \"{}\"", field.key),
                      did_you_mean(field.key, names));
  }
}

}  // namespace

Quantization to_quantization(const Entry& entry, Diagnostics& diagnostics) {
  reject_unknown_keys(entry, diagnostics);
  FieldReader reader(entry, diagnostics);
  Quantization quantization{.id = entry.id, .name = entry.name};
  quantization.gguf = reader.flag("gguf");
  quantization.tolerance = reader.fraction("tolerance");
  quantization.fallback = read_type(reader, "fallback");
  for (int i = 0; i < rules_in(entry); ++i) {
    const std::string prefix = fmt::format("rule[{}].", i);
    quantization.rules.push_back(RecipeRule{.roles = read_roles(reader, prefix + "roles"),
                                            .when = read_when(reader, prefix + "when"),
                                            .type = read_type(reader, prefix + "type")});
  }
  return quantization;
}

Result<Quantization> to_quantization(const Entry& entry) {
  Diagnostics diagnostics;
  Quantization quantization = to_quantization(entry, diagnostics);
  if (!diagnostics.has_errors()) return quantization;
  const Diagnostic& first = diagnostics.all().front();
  return fail(ErrorCode::malformed, first.message, to_text(first.where), first.hint);
}

}  // namespace rigor::catalog
