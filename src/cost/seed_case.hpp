// The upgrade document's two-year case, for tests: 14,949 USD at once, 8,300 after a year, all sold
// for 70 % after two; 320 h a month at 787 W (from the second year 1,112 W), 125 W waiting, 0.15
// USD/kWh; a rented hour costs 1.10 USD. Layer 6, tests only.
#pragma once

#include "cost/cost_case.hpp"

namespace rigor::cost {

inline CostCase seed_case() {
  CostCase input;
  input.discount_rate = 0.08;
  input.bought = {{"base build", 0, 1494900, 1046430, false},
                  {"second GPU", 12, 830000, 581000, false}};
  for (int t = 0; t < 24; ++t) {
    WorkMonth month;
    const double at_work = t < 12 ? 0.787 : 1.112, waiting = 0.125;  // kW
    month.hours = 320;
    month.busy_kwh = (at_work - waiting) * 320;
    month.idle_kwh = waiting * 730;
    month.tariff = 0.15;
    month.rented_hours = 320;
    month.rented = 320 * 1.10;
    input.work.push_back(month);
    input.fixed.emplace_back();
  }
  return input;
}

}  // namespace rigor::cost
