#include "cost/depreciation.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <numeric>

namespace rigor::cost {
namespace {

using doctest::Approx;
using Years = std::vector<std::int64_t>;

TEST_CASE("what the books write off, year by year") {
  struct Case {
    const char* name;
    std::int64_t price;
    BookTerms terms;
    Years years;
  };
  for (const Case& one : {
           // (10,000 - 1,000) / 3
           Case{"straight line",
                1000000,
                {Depreciation::straight_line, 36, 0.1},
                {300000, 300000, 300000}},
           // 18 months: a whole year, then half a year of the same
           Case{"a part of a year", 900000, {Depreciation::straight_line, 18, 0}, {600000, 300000}},
           // 30 % of what is left
           Case{"declining",
                1000000,
                {Depreciation::declining, 36, 0, 0.3},
                {300000, 210000, 147000}},
           // 2/5 of what is left; in year 4 the straight line of the rest, 2160/2, is more than 864
           Case{"double declining with switch",
                1000000,
                {Depreciation::double_declining, 60, 0},
                {400000, 240000, 144000, 108000, 108000}},
           // 20, 32, 19.2, 11.52, 11.52, 5.76 %
           Case{"MACRS, 5 years",
                1000000,
                {Depreciation::macrs_5},
                {200000, 320000, 192000, 115200, 115200, 57600}},
           Case{"at once", 1000000, {Depreciation::at_once}, {1000000}},
           Case{"none", 1000000, {Depreciation::none}, {}},
           Case{"to the cent", 100, {Depreciation::straight_line, 36, 0}, {33, 34, 33}},
       }) {
    CAPTURE(one.name);
    CHECK(book_schedule(one.price, one.terms) == one.years);
  }
}

TEST_CASE("MACRS writes off everything") {
  const auto shares = macrs_5();
  CHECK(shares.size() == 6);
  CHECK(std::accumulate(shares.begin(), shares.end(), 0.0) == Approx(1.0));
}

TEST_CASE("tax is saved on what is written off and paid on the gain of the sale") {
  // 9,000 over 3 years at 25 %: 750 saved a year. After two years 3,000 stand in the books; sold
  // for 5,000, 500 is due on the gain.
  const BookView view =
      book_view({900000, 500000, {Depreciation::straight_line, 36, 0}, 0.25, 0, 24});
  REQUIRE(view.years.size() == 2);
  CHECK(view.years[1].left == 300000);
  CHECK(view.years[0].tax_saved == Approx(75000));
  CHECK(view.tax_on_sale == Approx(50000));
  CHECK(view.present_value == Approx(75000 + 75000 - 50000));
  // A loss saves tax.
  const BookView loss =
      book_view({900000, 100000, {Depreciation::straight_line, 36, 0}, 0.25, 0, 24});
  CHECK(loss.tax_on_sale == Approx(-50000));
}

TEST_CASE("the books never write off more than the price, nor less than nothing") {
  rc::check([] {
    BookTerms terms;
    terms.method = *rc::gen::element(Depreciation::straight_line, Depreciation::declining,
                                     Depreciation::double_declining, Depreciation::macrs_5);
    terms.life = *rc::gen::inRange(12, 121);
    terms.salvage = *rc::gen::inRange(0, 50) / 100.0;
    terms.declining_rate = *rc::gen::inRange(5, 60) / 100.0;
    const std::int64_t price = *rc::gen::inRange(0, 100000000);
    const Years years = book_schedule(price, terms);
    std::int64_t sum = 0;
    for (const std::int64_t year : years) {
      RC_ASSERT(year >= 0);
      sum += year;
    }
    RC_ASSERT(sum <= price);
    const bool is_whole =
        terms.method != Depreciation::declining && terms.method != Depreciation::macrs_5;
    if (is_whole)
      RC_ASSERT(std::llabs(sum - std::llround(static_cast<double>(price) * (1 - terms.salvage))) <=
                1);
  });
}

}  // namespace
}  // namespace rigor::cost
