#include "cost/ranges.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace rigor::cost {
namespace {

std::vector<std::string> lever_names() {
  std::vector<std::string> names;
  for (const LeverSpec& spec : levers()) names.emplace_back(spec.name);
  return names;
}

/// The error for a name that is no lever.
tl::unexpected<Error> unknown(const std::string& name, const Location& where) {
  const std::string near = did_you_mean(name, lever_names());
  return fail(ErrorCode::not_found,
              fmt::format("nothing is called \"{}\" that may be uncertain", name), to_text(where),
              near.empty() ? "one of: " + join(lever_names(), ", ") : near);
}

std::optional<std::size_t> place_of(const std::vector<Margin>& margins, Lever lever) {
  for (std::size_t i = 0; i < margins.size(); ++i) {
    if (margins[i].lever == lever) return i;
  }
  return std::nullopt;
}

Result<void> from_plan(const PlanFile& plan, Ranges& ranges) {
  for (const Uncertain& one : plan.uncertain) {
    const std::optional<Lever> lever = find_lever(one.what);
    if (!lever) return unknown(one.what, one.where);
    if (place_of(ranges.tornado, *lever))
      return fail(ErrorCode::malformed, fmt::format("\"{}\" is declared uncertain twice", one.what),
                  to_text(one.where), "once will do");
    const Margin margin{*lever, {one.low, one.likely, one.high}};
    ranges.tornado.push_back(margin);
    if (*lever != Lever::discount_rate) ranges.chance.push_back(margin);
  }
  for (const Correlated& tie : plan.correlated) {
    std::size_t places[2] = {};
    for (int i = 0; i < 2; ++i) {
      const std::string& name = i == 0 ? tie.a : tie.b;
      const std::optional<Lever> lever = find_lever(name);
      if (!lever) return unknown(name, tie.where);
      const auto place = place_of(ranges.chance, *lever);
      if (!place)
        return fail(ErrorCode::malformed, fmt::format("\"{}\" is tied, but is not uncertain", name),
                    to_text(tie.where), "declare it with [[uncertain]]");
      places[i] = *place;
    }
    if (places[0] == places[1])
      return fail(ErrorCode::malformed, fmt::format("\"{}\" is tied to itself", tie.a),
                  to_text(tie.where), "two different values are tied");
    ranges.ties.push_back({places[0], places[1], tie.rank});
  }
  return {};
}

Pert around(double base, const Range<double>& factor) {
  return {base * factor.low, base, base * factor.high};
}

/// A range that is stated itself, stretched to hold what the case has.
Pert holding(double base, const Range<double>& range) {
  return {std::min(base, range.low), base, std::max(base, range.high)};
}

}  // namespace

Result<Ranges> make_ranges(const NpvModel& model, const PlanFile* plan, const MoneyHabits& habits,
                           const EstimateRanges& estimates) {
  Ranges ranges;
  ranges.from_plan = plan != nullptr && !plan->uncertain.empty();
  if (ranges.from_plan) {
    const Result<void> read = from_plan(*plan, ranges);
    if (!read) return tl::unexpected<Error>(read.error());
    return ranges;
  }
  const LeverValues& base = model.base();
  const auto add = [&](Lever lever, const Pert& pert) {
    if (pert.high <= pert.low) return;
    ranges.tornado.push_back({lever, pert});
    if (lever != Lever::discount_rate) ranges.chance.push_back({lever, pert});
  };
  add(Lever::hours, around(base[Lever::hours], habits.hours));
  add(Lever::cloud_price, around(base[Lever::cloud_price], habits.cloud_price));
  add(Lever::cloud_speed, around(1, estimates.cloud_hours));
  add(Lever::tariff, around(base[Lever::tariff], habits.tariff_factor));
  add(Lever::power, around(1, estimates.energy));
  add(Lever::later_purchase, around(base[Lever::later_purchase], habits.later_price));
  add(Lever::resale, around(base[Lever::resale], habits.resale_factor));
  add(Lever::selling_fee, holding(base[Lever::selling_fee], habits.selling_fee));
  add(Lever::discount_rate, holding(base[Lever::discount_rate], habits.discount_rate));
  const auto tie = [&](Lever a, Lever b, double rank) {
    const auto first = place_of(ranges.chance, a), second = place_of(ranges.chance, b);
    if (first && second) ranges.ties.push_back({*first, *second, rank});
  };
  tie(Lever::resale, Lever::cloud_price, habits.tie_resale_cloud);
  tie(Lever::resale, Lever::later_purchase, habits.tie_resale_later);
  tie(Lever::cloud_price, Lever::later_purchase, habits.tie_cloud_later);
  return ranges;
}

}  // namespace rigor::cost
