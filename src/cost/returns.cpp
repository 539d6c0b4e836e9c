#include "cost/returns.hpp"

#include <algorithm>
#include <cmath>

#include "base/result.hpp"
#include "cost/month.hpp"

namespace rigor::cost {
namespace {

constexpr double kLowestRate = -0.9999, kHighestRate = 1000;  // of a period
constexpr int kScan = 4000;                                   // steps between them
constexpr int kBisections = 200;

/// Present value at a rate of a period. By Horner's rule from the last flow.
double value_at(std::span<const double> flows, double rate) {
  const double factor = 1 / (1 + rate);
  double value = 0;
  for (auto flow = flows.rbegin(); flow != flows.rend(); ++flow) value = value * factor + *flow;
  return value;
}

double bisect(std::span<const double> flows, double low, double high) {
  const bool rises = value_at(flows, low) < 0;
  for (int i = 0; i < kBisections && high - low > 1e-15 * std::max(1.0, std::fabs(low)); ++i) {
    const double middle = low + (high - low) / 2;
    ((value_at(flows, middle) < 0) == rises ? low : high) = middle;
  }
  return low + (high - low) / 2;
}

int sign_changes(std::span<const double> flows) {
  int changes = 0;
  double last = 0;
  for (const double flow : flows) {
    if (flow == 0) continue;
    if (last != 0 && (flow > 0) != (last > 0)) ++changes;
    last = flow;
  }
  return changes;
}

/// Rates from -99.99 % to 100,000 % a period, evenly in log(1 + rate).
double scan_rate(int step) {
  const double low = std::log1p(kLowestRate), high = std::log1p(kHighestRate);
  return std::expm1(low + (high - low) * step / kScan);
}

double yearly(double rate, int periods_per_year) {
  return std::expm1(periods_per_year * std::log1p(rate));
}

}  // namespace

double monthly_rate(double annual) {
  RIGOR_ASSERT(annual > -1);
  return std::expm1(std::log1p(annual) / kMonthsPerYear);
}

double discount_factor(double annual, double months) {
  RIGOR_ASSERT(annual > -1);
  return std::exp(-std::log1p(annual) * months / kMonthsPerYear);
}

double annuity_factor(double annual, int months) {
  const double rate = monthly_rate(annual);
  if (rate == 0) return months;
  return (1 - discount_factor(annual, months)) / rate;
}

double real_rate(double nominal, double inflation) {
  return (1 + nominal) / (1 + inflation) - 1;
}

double nominal_rate(double real, double inflation) {
  return (1 + real) * (1 + inflation) - 1;
}

double npv(std::span<const double> flows, double annual) {
  return value_at(flows, monthly_rate(annual));
}

Irr irr(std::span<const double> flows, int periods_per_year) {
  Irr result;
  result.sign_changes = sign_changes(flows);
  if (result.sign_changes == 0) return result;
  double from = scan_rate(0), below = value_at(flows, from);
  for (int step = 1; step <= kScan; ++step) {
    const double to = scan_rate(step), above = value_at(flows, to);
    if (above == 0) {
      result.rates.push_back(yearly(to, periods_per_year));
    } else if (below != 0 && (above > 0) != (below > 0)) {
      result.rates.push_back(yearly(bisect(flows, from, to), periods_per_year));
    }
    from = to, below = above;
  }
  return result;
}

std::optional<double> mirr(std::span<const double> flows, int periods_per_year, double finance,
                           double reinvest) {
  const auto per_period = [&](double annual) {
    return std::expm1(std::log1p(annual) / periods_per_year);
  };
  const double out_rate = per_period(finance), in_rate = per_period(reinvest);
  const double last = static_cast<double>(flows.size()) - 1;
  double outlay = 0, proceeds = 0;
  for (std::size_t t = 0; t < flows.size(); ++t) {
    const double time = static_cast<double>(t);
    if (flows[t] < 0) outlay -= flows[t] * std::pow(1 + out_rate, -time);
    if (flows[t] > 0) proceeds += flows[t] * std::pow(1 + in_rate, last - time);
  }
  if (outlay <= 0 || proceeds <= 0 || last < 1) return std::nullopt;
  return yearly(std::pow(proceeds / outlay, 1 / last) - 1, periods_per_year);
}

std::optional<double> payback(std::span<const double> flows, double annual) {
  const double factor = 1 / (1 + monthly_rate(annual));
  double sum = 0, present = 1;
  std::optional<double> since;
  for (std::size_t t = 0; t < flows.size(); ++t, present *= factor) {
    const double flow = flows[t] * present;
    const double before = sum;
    sum += flow;
    if (sum < 0) {
      since.reset();
    } else if (!since) {
      const double part = flow > 0 && before < 0 ? -before / flow : 0;
      since = t == 0 ? 0 : static_cast<double>(t) - 1 + part;
    }
  }
  return since;
}

std::optional<double> profitability_index(std::span<const double> flows, double annual) {
  if (flows.empty() || flows.front() >= 0) return std::nullopt;
  return (npv(flows, annual) - flows.front()) / -flows.front();
}

double equivalent_annual(double present, double annual, int months) {
  RIGOR_ASSERT(months > 0);
  const double years = static_cast<double>(months) / kMonthsPerYear;
  if (annual == 0) return present / years;
  return present * annual / (1 - std::exp(-std::log1p(annual) * years));
}

}  // namespace rigor::cost
