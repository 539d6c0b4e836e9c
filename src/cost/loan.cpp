#include "cost/loan.hpp"

#include <algorithm>
#include <cmath>

#include "base/result.hpp"
#include "cost/month.hpp"

namespace rigor::cost {

std::vector<LoanMonth> loan_schedule(std::int64_t principal, double annual, int months) {
  RIGOR_ASSERT(principal >= 0 && months > 0 && annual >= 0);
  const double rate = annual / kMonthsPerYear;
  const double amount = static_cast<double>(principal);
  const double even =
      rate == 0 ? amount / months : amount * rate / -std::expm1(-months * std::log1p(rate));
  const std::int64_t payment = std::llround(even);
  std::vector<LoanMonth> schedule;
  std::int64_t left = principal;
  for (int month = 1; month <= months; ++month) {
    const std::int64_t interest = std::llround(static_cast<double>(left) * rate);
    const std::int64_t due = left + interest;
    const std::int64_t paid = month == months ? due : std::min(payment, due);
    left = due - paid;
    schedule.push_back({paid, interest, left});
  }
  return schedule;
}

}  // namespace rigor::cost
