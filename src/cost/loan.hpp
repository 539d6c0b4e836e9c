// A loan paid back in equal monthly amounts. Layer 6.
#pragma once

#include <cstdint>
#include <vector>

namespace rigor::cost {

/// In minor units; the last payment takes what rounding left.
struct LoanMonth {
  std::int64_t payment = 0, interest = 0, left = 0;
};
/// `annual` is nominal, charged as annual / 12 a month: payment = P i / (1 - (1 + i)^-n).
/// Principal comes back to the last minor unit. Requires: principal >= 0, months > 0, annual >= 0.
std::vector<LoanMonth> loan_schedule(std::int64_t principal, double annual, int months);

}  // namespace rigor::cost
