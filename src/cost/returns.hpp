// What a row of cash flows is worth: present value, internal rates, payback, equal yearly amounts.
// Flows are doubles: a present value is a computed figure, no payment. Layer 6.
//
// Formulas and worked figures: docs/models/70-money.md.
#pragma once

#include <optional>
#include <span>
#include <vector>

namespace rigor::cost {

/// The rate of a month that compounds to the rate of a year: (1 + r)^(1/12) - 1.
/// Requires: annual > -1.
double monthly_rate(double annual);
/// Present value of 1 paid after so many months.
double discount_factor(double annual, double months);
/// Present value of 1 at the end of each of so many months.
double annuity_factor(double annual, int months);

/// (1 + nominal) / (1 + inflation) - 1 and back.
double real_rate(double nominal, double inflation);
double nominal_rate(double real, double inflation);

/// `flows[t]` falls at the end of month t; flows[0] at once.
double npv(std::span<const double> flows, double annual);

/// Internal rates of return.
struct Irr {
  std::vector<double> rates = {};  ///< a year; every root above -99.99 %, lowest first
  int sign_changes = 0;  ///< of the flows: no more roots above -100 % than that (Descartes)
};
/// Bracketed bisection between sign changes of the present value, for flows once per period;
/// `periods_per_year` 12 for months. A root of even multiplicity, where the value touches zero
/// without crossing, is found only when the flows' scan meets it.
Irr irr(std::span<const double> flows, int periods_per_year);

/// Modified rate: outflows financed at `finance`, inflows reinvested at `reinvest`, both a year.
/// Empty unless there are flows of both signs.
std::optional<double> mirr(std::span<const double> flows, int periods_per_year, double finance,
                           double reinvest);

/// Months until the flows sum to zero for good, linear within the month; empty: never.
/// `annual` 0: simple payback; else discounted.
std::optional<double> payback(std::span<const double> flows, double annual);

/// Present value of what comes back per money put in at the start; empty without an outlay.
std::optional<double> profitability_index(std::span<const double> flows, double annual);

/// The equal amount at the end of each year whose present value over the months is `present`.
double equivalent_annual(double present, double annual, int months);

}  // namespace rigor::cost
