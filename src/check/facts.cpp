#include "check/facts.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "catalog/field_reader.hpp"
#include "catalog/value_text.hpp"
#include "units/unit_text.hpp"

namespace rigor::check {

const Item* Facts::need(std::string_view kind) {
  const Item* item = rig_.first(kind);
  if (item == nullptr) miss(std::string(kTheRig), std::string(kind));
  return item;
}

void Facts::miss(std::string part, std::string key, Location where) {
  const bool noted = std::any_of(missing_.begin(), missing_.end(), [&](const Missing& old) {
    return old.part == part && old.key == key;
  });
  if (!noted) missing_.push_back({std::move(part), std::move(key), std::move(where)});
}

void Facts::miss_in_catalogue(std::string part, std::string what) {
  miss(std::move(part), std::move(what));
  missing_.back().only_catalogue = true;
}

const catalog::Field* Facts::field(const Item* item, std::string_view key) {
  if (item == nullptr) return nullptr;  // its absence is noted already
  const catalog::Field* found = item->entry->find(key);
  if (found == nullptr) {
    miss(item->name(), std::string(key), item->placed->where);
    return nullptr;
  }
  note(item->name(), *found);
  return found;
}

void Facts::note(const std::string& part, const catalog::Field& field) {
  const bool noted = std::any_of(used_.begin(), used_.end(), [&](const Used& old) {
    return old.part == part && old.key == field.key;
  });
  if (!noted) used_.push_back({part, field.key, catalog::to_text(field.value), field.provenance});
}

double Facts::limit(std::string_view key) {
  const catalog::Field* found = rig_.limits->find(key);
  if (found == nullptr) return 0;
  note(rig_.limits->name, *found);
  Diagnostics ignored;
  catalog::FieldReader reader(*rig_.limits, ignored);
  return std::holds_alternative<std::int64_t>(found->value) ? static_cast<double>(reader.count(key))
                                                            : reader.real(key);
}

double Facts::limit_share(std::string_view key) {
  const catalog::Field* found = rig_.limits->find(key);
  if (found == nullptr) return 0;
  note(rig_.limits->name, *found);
  Diagnostics ignored;
  return catalog::FieldReader(*rig_.limits, ignored).fraction(key);
}

double Facts::limit_as(std::string_view key, Dimension dimension) {
  const catalog::Field* found = rig_.limits->find(key);
  const auto* written = found == nullptr ? nullptr : std::get_if<std::string>(&found->value);
  if (written == nullptr) return 0;
  note(rig_.limits->name, *found);
  return parse_as(*written, dimension, "300 W").value_or(0);
}

bool Facts::states(const Item* item, std::string_view key) {
  return item != nullptr && item->entry->find(key) != nullptr;
}

// What a value is was checked when its file was read; a reader that complains has nothing to say.

std::optional<std::string> Facts::text(const Item* item, std::string_view key) {
  if (field(item, key) == nullptr) return std::nullopt;
  Diagnostics ignored;
  return catalog::FieldReader(*item->entry, ignored).text(key);
}

std::optional<std::vector<std::string>> Facts::texts(const Item* item, std::string_view key) {
  if (field(item, key) == nullptr) return std::nullopt;
  Diagnostics ignored;
  return catalog::FieldReader(*item->entry, ignored).texts(key);
}

std::optional<int> Facts::count(const Item* item, std::string_view key) {
  if (field(item, key) == nullptr) return std::nullopt;
  Diagnostics ignored;
  return static_cast<int>(catalog::FieldReader(*item->entry, ignored).count(key));
}

std::optional<double> Facts::real(const Item* item, std::string_view key) {
  if (field(item, key) == nullptr) return std::nullopt;
  Diagnostics ignored;
  return catalog::FieldReader(*item->entry, ignored).real(key);
}

std::optional<bool> Facts::flag(const Item* item, std::string_view key) {
  if (field(item, key) == nullptr) return std::nullopt;
  Diagnostics ignored;
  return catalog::FieldReader(*item->entry, ignored).flag(key);
}

std::optional<double> Facts::quantity_as(const Item* item, std::string_view key,
                                         Dimension dimension) {
  const catalog::Field* found = field(item, key);
  if (found == nullptr) return std::nullopt;
  const auto* written = std::get_if<std::string>(&found->value);
  if (written == nullptr) return std::nullopt;
  const Result<double> base = parse_as(*written, dimension, "300 W");
  return base ? std::optional(*base) : std::nullopt;
}

Finding Facts::finding(Severity severity, std::string message, std::string fix) {
  return {.severity = severity,
          .message = std::move(message),
          .fix = std::move(fix),
          .used = used_,
          .missing = missing_};
}

Finding Facts::measured(Severity severity, Figure value, Figure limit, double room,
                        std::string message, std::string fix) {
  Finding made = finding(severity, std::move(message), std::move(fix));
  made.value = value;
  made.limit = limit;
  made.margin = Figure{room, limit.unit};
  return made;
}

Finding Facts::unknown(const std::string& question) {
  std::vector<std::string> names, kinds, keys, of_site, look_up;
  for (const Missing& one : missing_) {
    const bool part = one.part == kTheRig, site = one.part == kTheSite;
    names.push_back(part   ? fmt::format("a part of kind {}", one.key)
                    : site ? fmt::format("the site's {}", one.key)
                           : fmt::format("{} of {}", one.key, one.part));
    if (one.only_catalogue) {
      look_up.push_back(fmt::format("{} of {}", one.key, one.part));
      continue;
    }
    std::vector<std::string>& list = part ? kinds : site ? of_site : keys;
    if (std::find(list.begin(), list.end(), one.key) == list.end()) list.push_back(one.key);
  }
  std::vector<std::string> fixes;
  if (!kinds.empty()) fixes.push_back(fmt::format("list a [[part]] of kind {}", join(kinds, ", ")));
  if (!keys.empty()) fixes.push_back(fmt::format("write {} at the part", join(keys, ", ")));
  if (!look_up.empty())
    fixes.push_back(fmt::format("look up {} in its manual", join(look_up, ", ")));
  if (!of_site.empty()) fixes.push_back(fmt::format("write {} in [site]", join(of_site, ", ")));
  Finding made =
      finding(Severity::unknown, fmt::format("{}: nothing states {}", question, join(names, ", ")));
  made.fix = join(fixes, "; ");
  return made;
}

}  // namespace rigor::check
