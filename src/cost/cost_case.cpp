#include "cost/cost_case.hpp"

#include <cmath>

#include "base/result.hpp"
#include "cost/loan.hpp"
#include "cost/returns.hpp"

namespace rigor::cost {
namespace {

std::int64_t to_minor(const CostCase& input, double major) {
  return std::llround(major * input.minor_per_major);
}

std::int64_t borrowed(const CostCase& input) {
  if (!input.financing) return 0;
  std::int64_t paid = 0;
  for (const Bought& one : input.bought) {
    if (one.month == 0 && !one.is_owned) paid += one.minor;
  }
  return std::llround(input.financing->share * static_cast<double>(paid));
}

/// What is borrowed comes in at once and goes out monthly; what is left at the end is paid then.
void add_loan(const CostCase& input, std::vector<std::int64_t>& column) {
  const std::int64_t principal = borrowed(input);
  if (principal == 0 || !input.financing) return;
  column[0] -= principal;
  const auto schedule = loan_schedule(principal, input.financing->rate, input.financing->term);
  const auto end = static_cast<std::size_t>(input.months());
  for (std::size_t t = 0; t < schedule.size() && t < end; ++t) column[t + 1] += schedule[t].payment;
  if (schedule.size() > end) column[end] += schedule[end - 1].left;
}

/// Present value of the loan per unit borrowed; 0 when the rate is the discount rate.
double loan_cost(const CostCase& input, double discount) {
  const std::int64_t principal = borrowed(input);
  if (principal == 0) return 0;
  std::vector<std::int64_t> column(static_cast<std::size_t>(input.months()) + 1);
  add_loan(input, column);
  const std::vector<double> flows(column.begin(), column.end());
  return npv(flows, discount) / input.minor_per_major;
}

double fixed_of(const FixedMonth& month) {
  return static_cast<double>(month.space + month.staff + month.insurance + month.failures);
}

}  // namespace

std::string_view to_text(Item item) {
  static constexpr std::array<std::string_view, kItems> kNames = {"purchase",
                                                                  "shipping",
                                                                  "loan",
                                                                  "electricity, at work",
                                                                  "electricity, waiting",
                                                                  "cooling",
                                                                  "space",
                                                                  "staff",
                                                                  "insurance",
                                                                  "failures",
                                                                  "resale",
                                                                  "selling fee",
                                                                  "disposal"};
  return kNames[static_cast<std::size_t>(item)];
}

std::int64_t Ledger::owned(int column) const {
  std::int64_t sum = 0;
  for (const auto& item : items) sum += item[static_cast<std::size_t>(column)];
  return sum;
}

std::int64_t Ledger::sum(Item item, int first, int last) const {
  std::int64_t total = 0;
  for (int column = first; column < last; ++column) total += at(item, column);
  return total;
}

Ledger make_ledger(const CostCase& input) {
  RIGOR_ASSERT(input.months() > 0 && input.fixed.size() == input.work.size());
  const auto columns = static_cast<std::size_t>(input.months()) + 1;
  Ledger ledger;
  for (auto& item : ledger.items) item.assign(columns, 0);
  ledger.rented.assign(columns, 0);
  const auto item = [&](Item which) -> std::vector<std::int64_t>& {
    return ledger.items[static_cast<std::size_t>(which)];
  };
  std::int64_t worth = 0;
  for (const Bought& one : input.bought) {
    item(Item::purchase)[static_cast<std::size_t>(one.month)] += one.minor;
    worth += one.value_at_end;
  }
  item(Item::shipping)[0] = input.shipping;
  add_loan(input, item(Item::loan));
  for (std::size_t t = 0; t + 1 < columns; ++t) {
    const WorkMonth& month = input.work[t];
    const FixedMonth& fixed = input.fixed[t];
    const double busy = month.busy_kwh * month.tariff, idle = month.idle_kwh * month.tariff;
    item(Item::busy_energy)[t + 1] = to_minor(input, busy);
    item(Item::idle_energy)[t + 1] = to_minor(input, idle);
    item(Item::cooling)[t + 1] = to_minor(input, month.cooling * (busy + idle));
    item(Item::space)[t + 1] = fixed.space;
    item(Item::staff)[t + 1] = fixed.staff;
    item(Item::insurance)[t + 1] = fixed.insurance;
    item(Item::failures)[t + 1] = fixed.failures;
    ledger.rented[t + 1] = to_minor(input, month.rented + month.rented_fixed);
  }
  item(Item::resale).back() = -worth;
  item(Item::selling_fee).back() = std::llround(input.selling_fee * static_cast<double>(worth));
  item(Item::disposal).back() = input.disposal;
  return ledger;
}

std::vector<double> owned_flows(const CostCase& input, const Ledger& ledger) {
  std::vector<double> flows;
  flows.reserve(ledger.rented.size());
  for (int t = 0; t < ledger.columns(); ++t)
    flows.push_back(-static_cast<double>(ledger.owned(t)) / input.minor_per_major);
  return flows;
}

std::vector<double> advantage_flows(const CostCase& input, const Ledger& ledger) {
  std::vector<double> flows = owned_flows(input, ledger);
  for (std::size_t t = 0; t < flows.size(); ++t)
    flows[t] += static_cast<double>(ledger.rented[t]) / input.minor_per_major;
  return flows;
}

NpvModel::NpvModel(const CostCase& input, double discount_rate) {
  const int months = input.months();
  const double end = discount_factor(discount_rate, months);
  double worth = 0, paid_first = 0, paid_later = 0, hours = 0, kwh = 0, bill = 0;
  double rented_hours = 0, rented = 0;
  for (int t = 0; t < months; ++t) {
    const WorkMonth& month = input.work[static_cast<std::size_t>(t)];
    const double factor = discount_factor(discount_rate, t + 1);
    const double energy = month.tariff * (1 + month.cooling);
    rented_ += factor * month.rented;
    rented_fixed_ += factor * month.rented_fixed;
    busy_ += factor * month.busy_kwh * energy;
    idle_ += factor * month.idle_kwh * energy;
    fixed_ += factor * fixed_of(input.fixed[static_cast<std::size_t>(t)]) / input.minor_per_major;
    hours += month.hours;
    rented_hours += month.rented_hours;
    rented += month.rented;
    kwh += month.busy_kwh + month.idle_kwh;
    bill += (month.busy_kwh + month.idle_kwh) * month.tariff;
  }
  for (const Bought& one : input.bought) {
    const double paid = static_cast<double>(one.minor) / input.minor_per_major;
    (one.month == 0 ? first_ : later_) += discount_factor(discount_rate, one.month) * paid;
    (one.month == 0 ? paid_first : paid_later) += paid;
    worth += static_cast<double>(one.value_at_end) / input.minor_per_major;
  }
  first_ += loan_cost(input, discount_rate);
  sold_first_ = paid_first * end;
  sold_later_ = paid_later * end;
  fixed_ += static_cast<double>(input.shipping) / input.minor_per_major;
  fixed_ += end * static_cast<double>(input.disposal) / input.minor_per_major;
  const double paid = paid_first + paid_later;
  base_[Lever::hours] = hours / months;
  base_[Lever::cloud_price] = rented_hours > 0 ? rented / rented_hours : 0;
  base_[Lever::cloud_speed] = base_[Lever::power] = 1;
  base_[Lever::tariff] = kwh > 0 ? bill / kwh : 0;
  base_[Lever::purchase] = paid_first;
  base_[Lever::later_purchase] = paid_later;
  base_[Lever::resale] = paid > 0 ? worth / paid : 0;
  base_[Lever::selling_fee] = input.selling_fee;
  base_[Lever::discount_rate] = discount_rate;
}

double npv_at(const CostCase& input, const LeverValues& levers) {
  return NpvModel(input, levers[Lever::discount_rate]).npv(levers);
}

}  // namespace rigor::cost
