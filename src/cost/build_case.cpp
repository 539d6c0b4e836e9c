#include "cost/build_case.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "cost/returns.hpp"

namespace rigor::cost {
namespace {

std::int64_t scaled(std::int64_t minor, double factor) {
  return std::llround(static_cast<double>(minor) * factor);
}

double grown(double annual, int months) {
  return std::pow(1 + annual, static_cast<double>(months) / kMonthsPerYear);
}

}  // namespace

std::int64_t Bill::total() const {
  std::int64_t sum = 0;
  for (const PricedPart& part : parts) sum += part.paid;
  return sum;
}

std::string_view to_text(Rent rent) {
  static constexpr std::array<std::string_view, kRents> kNames = {"on demand", "spot", "committed",
                                                                  "API"};
  return kNames[static_cast<std::size_t>(rent)];
}

double hours_in(const WorkOnRig& work, Month start, int t) {
  double hours = work.hours;
  const Month month = start.plus(t);
  for (const Use* use : work.uses) {
    const bool holds = (!use->from || *use->from <= month) && (!use->until || month <= *use->until);
    if (!holds) continue;
    if (use->hours) hours = *use->hours;
    if (use->tokens && work.tokens_per_s > 0) hours = *use->tokens / work.tokens_per_s / 3600;
  }
  return hours * grown(work.growth, t);
}

std::string why_not(const std::vector<WorkOnRig>& work, Rent rent) {
  for (const WorkOnRig& one : work) {
    const auto which = static_cast<std::size_t>(rent);
    if (!one.is_private && !one.match[which])
      return fmt::format("{}: {}", one.name, one.missing[which]);
  }
  const bool any =
      std::any_of(work.begin(), work.end(), [](const WorkOnRig& one) { return !one.is_private; });
  return any ? std::string() : "all work is private: it may not leave the machine";
}

namespace {

/// Value of a price after so many months, by curve; the caller anchors it.
struct Worth {
  std::int64_t at_start = 0, at_end = 0;
  std::string from = {};
};

class BillMaker {
 public:
  BillMaker(const Terms& terms, const ValueCurves& curves, const std::string& usual)
      : terms_(terms), curves_(curves), usual_(usual) {}

  /// False when the part has no price at all.
  Result<bool> add(const OwnPart& part, Bill& bill) const {
    PricedPart line;
    line.name = part.name;
    line.count = part.count;
    const Result<std::optional<std::int64_t>> price = price_of(part, line.price_from);
    if (!price) return tl::unexpected<Error>(price.error());
    if (!*price) return false;
    Month bought = terms_.start;
    if (!part.bought.empty()) {
      const Result<Month> month = parse_month(part.bought);
      if (!month) return tl::unexpected<Error>(month.error());
      bought = *month;
    }
    const std::int64_t asked = price->value_or(0);
    const Result<Worth> worth = worth_of(part, asked, bought);
    if (!worth) return tl::unexpected<Error>(worth.error());
    line.is_owned = bought < terms_.start;
    const std::int64_t piece = line.is_owned ? scaled(worth->at_start, 1 - terms_.selling_fee)
                                             : scaled(asked, 1 + terms_.sales_tax);
    line.paid = piece * part.count;
    line.value_at_end = worth->at_end * part.count;
    line.value_from = worth->from;
    bill.parts.push_back(std::move(line));
    return true;
  }

 private:
  Result<std::optional<std::int64_t>> price_of(const OwnPart& part, std::string& from) const {
    std::optional<Price> price = part.price;
    from = "the rig file";
    if (!price && part.candidate != nullptr && !part.candidate->fresh.empty()) {
      const PricePath& path = part.candidate->fresh;
      if (const auto minor = path.at(terms_.start)) price = Price{*minor, path.currency, {}};
      from = part.candidate->source.empty() ? "the plan" : part.candidate->source;
    }
    if (!price && part.list_price) {
      price = part.list_price;
      from = "list price: " + part.list_source;
    }
    if (!price) return std::optional<std::int64_t>();
    const Result<std::int64_t> worth = terms_.worth(*price);
    if (!worth) return tl::unexpected<Error>(worth.error());
    return std::optional<std::int64_t>(*worth);
  }

  Result<const ValueCurve*> curve_of(const OwnPart& part) const {
    std::string name = part.candidate != nullptr ? part.candidate->curve : std::string();
    if (name.empty()) name = usual_;
    if (name.empty()) return curves_.of_kind(part.kind);
    if (const ValueCurve* curve = curves_.named(name)) return curve;
    const std::string hint = did_you_mean(name, curves_.names());
    const bool is_own = part.candidate != nullptr && !part.candidate->curve.empty();
    return fail(ErrorCode::not_found, fmt::format("there is no curve \"{}\"", name),
                is_own ? to_text(part.candidate->where) : "[resale] curve",
                hint.empty() ? "curves: " + join(curves_.names(), ", ") : hint);
  }

  Result<Worth> worth_of(const OwnPart& part, std::int64_t price, Month bought) const {
    const Month end = terms_.start.plus(terms_.months);
    if (part.candidate != nullptr && !part.candidate->used.empty()) {
      const PricePath& path = part.candidate->used;
      const auto at = [&](Month month) {
        return terms_.worth(Price{path.at(month).value_or(0), path.currency, {}});
      };
      const auto now = at(terms_.start), then = at(end);
      if (!now) return tl::unexpected<Error>(now.error());
      return Worth{*now, terms_.resale_share ? scaled(price, *terms_.resale_share) : *then,
                   "used prices of the plan"};
    }
    const Result<const ValueCurve*> curve = curve_of(part);
    if (!curve) return tl::unexpected<Error>(curve.error());
    Worth worth{scaled(price, (*curve)->at(std::max(0, terms_.start - bought))),
                scaled(price, (*curve)->at(end - bought)),
                fmt::format("curve \"{}\": {}", (*curve)->name, (*curve)->source)};
    if (terms_.resale_share) {
      worth.at_end = scaled(price, *terms_.resale_share);
      worth.from = "the plan's share of all prices";
    }
    return worth;
  }

  const Terms& terms_;
  const ValueCurves& curves_;
  const std::string& usual_;
};

/// What a month of one workload costs when it is rented.
void add_rented(const WorkOnRig& work, double hours, const CaseInput& input, int t,
                WorkMonth& month) {
  const std::optional<Match>& match = work.match[static_cast<std::size_t>(input.rent)];
  if (work.is_private || !match) return;
  const Terms& terms = *input.terms;
  double rented = hours * match->ratio.expected;
  if (input.rent == Rent::committed) {
    // The machine is paid all month, and as many of them as the work fills.
    rented = kHoursPerMonth * std::ceil(rented / kHoursPerMonth - 1e-9);
  } else if (input.rent != Rent::api) {
    rented *= 1 + terms.renting_idle;
    if (input.rent == Rent::spot) rented *= 1 + terms.interruption;
  }
  const double growth = input.rent == Rent::committed ? 1 : grown(terms.price_growth, t);
  month.rented_hours += rented;
  month.rented += rented * match->per_hour * growth;
}

WorkMonth work_month(const CaseInput& input, std::optional<double> watts, int t) {
  const Terms& terms = *input.terms;
  WorkMonth month;
  for (const WorkOnRig& work : *input.work) {
    const double hours = hours_in(work, terms.start, t);
    const double kilowatts = watts ? *watts / 1000 : work.wall_kw.expected;
    month.hours += hours;
    month.busy_kwh += hours * (kilowatts - input.machine.idle_kw);
    add_rented(work, hours, input, t, month);
  }
  month.idle_kwh = input.machine.idle_kw * std::max(input.machine.hours_on, month.hours);
  month.cooling = input.machine.cooling;
  month.tariff = terms.tariff * grown(terms.tariff_growth, t);
  if (month.rented > 0 && input.rent != Rent::api)
    month.rented_fixed = terms.storage + terms.egress;
  return month;
}

FixedMonth fixed_month(const Terms& terms, std::int64_t standing, int t) {
  const double prices = grown(terms.inflation, t);
  const auto minor = [&](double major) { return std::llround(major * terms.minor_per_major); };
  FixedMonth month;
  month.space = minor(terms.space * prices);
  month.staff = minor(terms.staff * prices);
  month.insurance = minor(terms.insurance * prices);
  if (t >= terms.warranty) month.failures = scaled(standing, terms.failures / kMonthsPerYear);
  return month;
}

/// Later purchases of the policy, in minor units.
Result<std::vector<Bought>> later(const CaseInput& input, double kept) {
  std::vector<Bought> list;
  if (input.policy == nullptr) return list;
  const Terms& terms = *input.terms;
  for (const Step& step : input.policy->steps) {
    if (!step.price)
      return fail(ErrorCode::malformed,
                  fmt::format("{}: \"{}\" has no price", input.policy->name, step.what),
                  to_text(step.where), "add price = \"600 USD\" to the step");
    const Result<std::int64_t> price = terms.worth(*step.price);
    if (!price) return tl::unexpected<Error>(price.error());
    const std::int64_t paid = scaled(*price * step.count, 1 + terms.sales_tax);
    list.push_back(
        {step.what, step.month - terms.start, paid, scaled(*price * step.count, kept), false});
  }
  return list;
}

/// Draw of the whole machine at work that the policy states for month `t`.
std::optional<double> stated_watts(const CaseInput& input, int t) {
  std::optional<double> watts;
  if (input.policy == nullptr) return watts;
  for (const Step& step : input.policy->steps) {
    if (step.watts && step.month - input.terms->start <= t) watts = step.watts;
  }
  return watts;
}

}  // namespace

Result<Bill> make_bill(const std::vector<OwnPart>& parts, const Terms& terms,
                       const ValueCurves& curves, const std::string& usual_curve) {
  Bill bill;
  const BillMaker maker(terms, curves, usual_curve);
  for (const OwnPart& part : parts) {
    const Result<bool> added = maker.add(part, bill);
    if (!added) return tl::unexpected<Error>(added.error());
    if (!*added) bill.unpriced.push_back(part.name);
  }
  return bill;
}

Result<CostCase> make_case(const CaseInput& input) {
  const Terms& terms = *input.terms;
  CostCase made;
  made.currency = terms.currency;
  made.minor_per_major = terms.minor_per_major;
  made.shipping = terms.shipping;
  made.disposal = terms.disposal;
  made.financing = terms.financing;
  made.selling_fee = terms.selling_fee;
  made.discount_rate = terms.discount_rate;
  std::int64_t worth = 0;
  for (const PricedPart& part : input.bill->parts) {
    made.bought.push_back({part.name, 0, part.paid, part.value_at_end, part.is_owned});
    worth += part.value_at_end;
  }
  const std::int64_t total = input.bill->total();
  const double kept = terms.resale_share.value_or(
      total > 0 ? static_cast<double>(worth) / static_cast<double>(total) : 0);
  const Result<std::vector<Bought>> more = later(input, kept);
  if (!more) return tl::unexpected<Error>(more.error());
  made.bought.insert(made.bought.end(), more->begin(), more->end());
  for (int t = 0; t < terms.months; ++t) {
    std::int64_t standing = 0;
    for (const Bought& one : made.bought) standing += one.month <= t ? one.minor : 0;
    made.work.push_back(work_month(input, stated_watts(input, t), t));
    made.fixed.push_back(fixed_month(terms, standing, t));
  }
  return made;
}

}  // namespace rigor::cost
