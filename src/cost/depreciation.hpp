// Book value: what the books write off each year, and what that saves in tax. Book value is never
// market value. Layer 6.
//
// Methods and worked figures: docs/models/70-money.md.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "cost/plan_file.hpp"

namespace rigor::cost {

/// Shares of the 5-year class of the US tax law, half-year convention, year 1 to 6 (IRS Publication
/// 946, table A-1).
std::span<const double> macrs_5();

struct BookTerms {
  Depreciation method = Depreciation::straight_line;
  int life = 60;              ///< months; `macrs_5` and `at_once` have their own
  double salvage = 0;         ///< book value that is left at the end, of the price
  double declining_rate = 0;  ///< a year, for `declining`
};

/// What is written off in each year, in minor units; whole years, the last one the rest of the
/// life. Sums to the price less salvage exactly (declining: to what the rate reaches).
std::vector<std::int64_t> book_schedule(std::int64_t price, const BookTerms& terms);

struct BookYear {
  std::int64_t written_off = 0, left = 0;  ///< minor units
  double tax_saved = 0;                    ///< rate times what is written off
};
/// The schedule cut to a horizon of years. What is left then is sold at `proceeds`: gain or loss
/// over book value is taxed in the last year.
struct BookView {
  std::vector<BookYear> years = {};
  double tax_on_sale = 0;    ///< negative: a loss that saves tax
  double present_value = 0;  ///< of all tax effects, tax falling due at the end of each year
};
struct BookCase {
  std::int64_t price = 0, proceeds = 0;
  BookTerms terms = {};
  double income_tax = 0, discount_rate = 0;
  int horizon = 36;  ///< months
};
BookView book_view(const BookCase& input);

}  // namespace rigor::cost
