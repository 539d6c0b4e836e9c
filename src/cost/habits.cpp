#include "cost/habits.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "catalog/field_reader.hpp"
#include "units/unit_text.hpp"

namespace rigor::cost {
namespace {

using catalog::Entry;
using catalog::FieldReader;

std::string source_text(const catalog::Provenance& from) {
  std::string text = from.note.empty() ? from.cite : from.note;
  return fmt::format("{} ({})", text, catalog::to_text(from.origin));
}

/// The first problem, if there is one.
Result<void> sound(const Diagnostics& diagnostics) {
  if (!diagnostics.has_errors()) return {};
  const Diagnostic& first = diagnostics.all().front();
  return fail(ErrorCode::malformed, first.message, to_text(first.where), first.hint);
}

/// "73 %" as 0.73; more than all is allowed, nothing is not.
std::optional<double> share_of(const std::string& text) {
  const std::string_view whole = trim(text);
  if (!whole.ends_with('%')) return std::nullopt;
  const Result<double> number = parse_number(trim(whole.substr(0, whole.size() - 1)));
  if (!number || *number <= 0) return std::nullopt;
  return *number / 100;
}

Result<ValueCurves::Known> read_curve(const Entry& entry, const std::string& key) {
  Diagnostics diagnostics;
  FieldReader reader(entry, diagnostics);
  reader.require(key + ".name");
  reader.require(key + ".months");
  reader.require(key + ".shares");
  ValueCurves::Known known;
  known.curve.name = reader.text(key + ".name");
  known.kinds = reader.texts(key + ".kinds");
  const std::vector<std::int64_t> months = reader.counts(key + ".months");
  const std::vector<std::string> shares = reader.texts(key + ".shares");
  if (const Result<void> ok = sound(diagnostics); !ok) return tl::unexpected<Error>(ok.error());
  const catalog::Field* field = entry.find(key + ".shares");
  known.curve.source = source_text(field->provenance);
  bool is_sound = months.size() == shares.size() && !months.empty();
  for (std::size_t i = 0; is_sound && i < months.size(); ++i) {
    const std::optional<double> share = share_of(shares[i]);
    is_sound = share.has_value() && (i == 0 || months[i] > months[i - 1]);
    if (is_sound) known.curve.points.push_back({static_cast<int>(months[i]), *share});
  }
  if (is_sound) return known;
  return fail(ErrorCode::malformed,
              fmt::format("curve \"{}\": months must rise, with a share above 0 % for each",
                          known.curve.name),
              to_text(field->where), "months = [0, 12], shares = [\"100 %\", \"75 %\"]");
}

}  // namespace

std::string MoneyHabits::source(std::string_view key) const {
  for (const auto& [name, text] : sources) {
    if (name == key) return text;
  }
  return {};
}

Result<MoneyHabits> money_habits(const catalog::Catalog& catalog) {
  const Result<const Entry*> found = catalog.entry("choice/money");
  if (!found) return tl::unexpected<Error>(found.error());
  const Entry& entry = **found;
  Diagnostics diagnostics;
  FieldReader reader(entry, diagnostics);
  MoneyHabits habits;
  const auto take = [&](Range<double>& into, std::string_view key) {
    reader.require(key);
    into = reader.range<double>(key);
  };
  take(habits.discount_rate, "money.discount_rate");
  take(habits.selling_fee, "money.selling_fee");
  take(habits.failures, "money.failures");
  take(habits.renting_idle, "money.renting_idle");
  take(habits.interruption, "money.interruption");
  take(habits.test_hours, "money.test_hours");
  take(habits.used_failure, "money.used_failure");
  take(habits.prompt_share, "money.prompt_share");
  take(habits.supply_efficiency, "money.supply_efficiency");
  habits.tie_resale_cloud = reader.range<double>("money.tie_resale_cloud").expected;
  habits.tie_resale_later = reader.range<double>("money.tie_resale_later").expected;
  habits.tie_cloud_later = reader.range<double>("money.tie_cloud_later").expected;
  take(habits.hours, "factor.hours");
  take(habits.cloud_price, "factor.cloud_price");
  take(habits.tariff_factor, "factor.tariff");
  take(habits.resale_factor, "factor.resale");
  take(habits.later_price, "factor.later_price");
  for (const char* key : {"term.horizon", "term.warranty", "term.tariff", "term.hour_of_work"})
    reader.require(key);
  habits.horizon = static_cast<int>(reader.count("term.horizon"));
  habits.warranty = static_cast<int>(reader.count("term.warranty"));
  habits.tariff = reader.quantity<DollarsPerJoule>("term.tariff").in(USD / kWh);
  constexpr auto kPerHour = USD / (3600 * second);
  habits.hour_of_work =
      reader.quantity<std::remove_const_t<decltype(kPerHour)>>("term.hour_of_work").in(kPerHour);
  if (const Result<void> ok = sound(diagnostics); !ok) return tl::unexpected<Error>(ok.error());
  for (const catalog::Field& field : entry.fields) {
    habits.sources.emplace_back(field.key, source_text(field.provenance));
    if (habits.as_of.empty()) habits.as_of = field.provenance.as_of;
  }
  return habits;
}

const ValueCurve* ValueCurves::named(std::string_view name) const {
  for (const Known& known : all) {
    if (known.curve.name == name) return &known.curve;
  }
  return nullptr;
}

const ValueCurve* ValueCurves::of_kind(std::string_view kind) const {
  for (const Known& known : all) {
    if (std::find(known.kinds.begin(), known.kinds.end(), kind) != known.kinds.end())
      return &known.curve;
  }
  return kind == "other" ? nullptr : of_kind("other");
}

std::vector<std::string> ValueCurves::names() const {
  std::vector<std::string> names;
  names.reserve(all.size());
  for (const Known& known : all) names.push_back(known.curve.name);
  return names;
}

Result<ValueCurves> value_curves(const catalog::Catalog& catalog) {
  const Result<const Entry*> found = catalog.entry("choice/depreciation");
  if (!found) return tl::unexpected<Error>(found.error());
  ValueCurves curves;
  for (int i = 0; (*found)->find(fmt::format("curve[{}].name", i)) != nullptr; ++i) {
    Result<ValueCurves::Known> known = read_curve(**found, fmt::format("curve[{}]", i));
    if (!known) return tl::unexpected<Error>(known.error());
    curves.all.push_back(std::move(*known));
  }
  if (curves.of_kind("other") == nullptr)
    return fail(ErrorCode::malformed, "no curve of market value is for kind \"other\"",
                "choice/depreciation", "add kinds = [\"other\"] to one");
  return curves;
}

}  // namespace rigor::cost
