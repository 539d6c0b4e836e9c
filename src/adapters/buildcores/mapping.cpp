#include "adapters/buildcores/mapping.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "adapters/buildcores/draft.hpp"
#include "catalog/schema.hpp"

namespace rigor::adapters::buildcores {
namespace {

constexpr std::size_t kLongestName = 300;

constexpr std::array kCategories = {
    Category{"GPU", "gpu"},     Category{"CPU", "cpu"},          Category{"Motherboard", "board"},
    Category{"RAM", "memory"},  Category{"Storage", "drive"},    Category{"PSU", "psu"},
    Category{"PCCase", "case"}, Category{"CPUCooler", "cooler"}, Category{"CaseFan", "fan"},
    Category{"UPS", "ups"},
};

void map_by_kind(std::string_view kind, Draft& draft, std::span<const Chip> chips) {
  if (kind == "gpu") return map_gpu(draft, chips);
  if (kind == "cpu") return map_cpu(draft);
  if (kind == "board") return map_board(draft);
  if (kind == "memory") return map_memory(draft);
  if (kind == "drive") return map_drive(draft);
  if (kind == "psu") return map_psu(draft);
  if (kind == "case") return map_case(draft);
  if (kind == "cooler") return map_cooler(draft);
  if (kind == "fan") return map_fan(draft);
  return map_ups(draft);
}

/// Why the record has no usable member of this name in its metadata.
std::string why_none(const Record& record, std::string_view name) {
  for (const LeftOut& value : record.left_out()) {
    if (value.key == fmt::format("metadata.{}", name))
      return fmt::format("its {} is unusable: {}", name, value.why);
  }
  return fmt::format("no {}", name);
}

/// Leaves out what the schema refuses.
void judge_values(const catalog::KindSpec& kind, Draft& draft) {
  std::erase_if(draft.entry.fields, [&](const catalog::Field& field) {
    const catalog::FieldSpec* spec = catalog::find_field(kind, field.key);
    Diagnostics problems;
    if (spec != nullptr) catalog::lint_value(field, *spec, problems);
    const bool refused = spec == nullptr || problems.has_errors();
    if (refused) draft.record.leave_out(field.key, "out of range");
    return refused;
  });
}

/// A card takes from its chip what it does not state itself.
void judge_completeness(const catalog::KindSpec& kind, Draft& draft) {
  if (!draft.entry.base.empty()) return;
  for (const catalog::FieldSpec& spec : kind.fields) {
    if (spec.required && draft.entry.find(spec.key) == nullptr)
      draft.skip(fmt::format("{} is unknown", spec.key));
  }
}

}  // namespace

std::span<const Category> categories() {
  return kCategories;
}

const Category* find_category(std::string_view folder) {
  const auto found =
      std::find_if(kCategories.begin(), kCategories.end(),
                   [&](const Category& category) { return category.folder == folder; });
  return found == kCategories.end() ? nullptr : &*found;
}

Mapped map_record(const Category& category, const JsonNode& record,
                  const catalog::Provenance& source, std::span<const Chip> chips) {
  Draft draft(record, source);
  const catalog::KindSpec* kind = catalog::find_kind(category.kind);
  RIGOR_ASSERT(kind != nullptr);
  if (record.object() == nullptr) draft.skip("not an object");
  draft.entry.name = draft.record.text("metadata.name");
  const std::string maker = draft.record.text("metadata.manufacturer");
  if (draft.entry.name.empty()) draft.skip(why_none(draft.record, "name"));
  if (draft.entry.name.size() > kLongestName)
    draft.skip(fmt::format("a name of more than {} bytes", kLongestName));
  if (maker.empty()) draft.skip(why_none(draft.record, "manufacturer"));
  if (category.kind != "gpu") draft.put("vendor", maker);
  if (draft.skipped.empty()) map_by_kind(category.kind, draft, chips);
  if (draft.skipped.empty()) {
    judge_values(*kind, draft);
    judge_completeness(*kind, draft);
  }
  return {std::move(draft.entry), maker, std::move(draft.skipped), draft.record.left_out()};
}

}  // namespace rigor::adapters::buildcores
