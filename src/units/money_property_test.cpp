#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "units/money.hpp"

namespace rigor {
namespace {

Price any_price() {
  const auto code = *rc::gen::element<std::string>("USD", "EUR", "ILS", "JPY", "KRW", "CHF");
  const auto minor = *rc::gen::inRange<std::int64_t>(-100'000'000'000'000, 100'000'000'000'000);
  const Currency currency = *parse_currency(code);
  return {minor_digits(currency) == 0 ? minor / 100 : minor, currency, {}};
}

}  // namespace

TEST_CASE("a price that is written reads back as itself") {
  CHECK(rc::check([] {
    const Price price = any_price();
    RC_LOG() << to_text(price);
    const Result<Price> back = parse_price(to_text(price));
    RC_ASSERT(back.has_value());
    RC_ASSERT(*back == price);
  }));
}

TEST_CASE("grouping changes nothing but the commas") {
  CHECK(rc::check([] {
    const Price price = any_price();
    std::string grouped = to_grouped_text(price);
    std::erase(grouped, ',');
    RC_ASSERT(grouped == to_text(price));
  }));
}

TEST_CASE("sums are exact in any order") {
  CHECK(rc::check([] {
    const Price a = any_price();
    Price b = any_price();
    b.currency = a.currency;
    const int count = *rc::gen::inRange(0, 20);
    RC_ASSERT(a + b == b + a);
    RC_ASSERT(a + b - b == a);
    Price sum{0, a.currency, {}};
    for (int i = 0; i < count; ++i) sum = sum + a;
    RC_ASSERT(sum == a * count);
  }));
}

TEST_CASE("dollars are proportional to the rate") {
  CHECK(rc::check([] {
    const Price price = any_price();
    RC_PRE(price.currency != Currency{});
    ExchangeRates once;
    once.set(price.currency, 0.25);
    ExchangeRates twice;
    twice.set(price.currency, 0.5);
    RC_ASSERT(2 * *once.dollars(price) == *twice.dollars(price));
  }));
}

}  // namespace rigor
