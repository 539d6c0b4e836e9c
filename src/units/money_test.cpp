#include "units/money.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <string>

namespace rigor {
namespace {

constexpr Currency kShekel{{'I', 'L', 'S'}};
constexpr Currency kYen{{'J', 'P', 'Y'}};

struct Good {
  std::string_view text;
  std::int64_t minor;
  Currency currency;
  std::string_view written;
};
constexpr std::array kGood = {
    Good{"2225 ILS", 222500, kShekel, "2225 ILS"},
    Good{"1599.99 USD", 159999, {}, "1599.99 USD"},
    Good{"1599.9 USD", 159990, {}, "1599.90 USD"},
    Good{" 0.07   USD ", 7, {}, "0.07 USD"},
    Good{"2500 JPY", 2500, kYen, "2500 JPY"},
    Good{"-3.50 USD", -350, {}, "-3.50 USD"},
    Good{"-0 USD", 0, {}, "0 USD"},
    Good{"0.29 USD", 29, {}, "0.29 USD"},  // 0.29 * 100 is 28.999… in binary
    Good{"999999999999.99 USD", 99'999'999'999'999, {}, "999999999999.99 USD"},
};

struct Bad {
  std::string_view text, message, hint;
};
constexpr std::string_view kShape = "write the amount and its currency, such as \"2225 ILS\"";
constexpr std::string_view kPlain =
    "write the amount without commas or signs, such as \"2225 ILS\"";
constexpr std::string_view kCodes =
    "write its code, one of: USD, EUR, GBP, ILS, JPY, CNY, CHF, CAD, AUD, INR, SEK, NOK, DKK, PLN, "
    "CZK, BRL, KRW, TWD, SGD, HKD, MXN, ZAR, TRY, NZD";
constexpr std::array kBad = {
    Bad{"", "\"\" is not a price", kShape},
    Bad{"   ", "\"\" is not a price", kShape},
    Bad{"2225", "\"2225\" is not a price", kShape},
    Bad{"USD", "\"USD\" is not a price", kShape},
    Bad{"2225ILS", "\"2225ILS\" is not a price", kShape},
    Bad{"$429", "\"$429\" is not a price", kShape},
    Bad{"429 usd", "unknown currency \"usd\"", "did you mean \"USD\"?"},
    Bad{"429 US", "unknown currency \"US\"", "did you mean \"USD\"?"},
    Bad{"429 $", "unknown currency \"$\"", kCodes},
    Bad{"429 \xE2\x82\xAC", "unknown currency \"\xE2\x82\xAC\"", kCodes},
    Bad{"USD 429", "unknown currency \"429\"", kCodes},
    Bad{"429 USD net", "unknown currency \"net\"", kCodes},
    Bad{"about 429 USD", "\"about 429\" is not an amount of money", kPlain},
    Bad{"1,599 USD", "\"1,599\" is not an amount of money", kPlain},
    Bad{"1 599 USD", "\"1 599\" is not an amount of money", kPlain},
    Bad{"nan USD", "\"nan\" is not an amount of money", kPlain},
    Bad{"inf USD", "\"inf\" is not an amount of money", kPlain},
    Bad{"1e3 USD", "\"1e3\" is not an amount of money", kPlain},
    Bad{"1e-3 USD", "\"1e-3\" is not an amount of money", kPlain},
    Bad{"1e999 USD", "\"1e999\" is not an amount of money", kPlain},
    Bad{"2000000000000 USD", "\"2000000000000\" is not an amount of money", kPlain},
    Bad{"1.999 USD", "\"1.999 USD\" has more than 2 digits after the point", ""},
    Bad{"1.000 USD", "\"1.000 USD\" has more than 2 digits after the point", ""},
    Bad{"1.5 JPY", "\"1.5 JPY\" has more than 0 digits after the point", ""},
};

/// Runs `act` in a process of its own; true when it ends by abort().
template <class Act>
bool aborts(Act act) {
  const pid_t child = fork();
  if (child == 0) {
    std::signal(SIGABRT, SIG_DFL);  // not doctest's
    close(STDOUT_FILENO);
    close(STDERR_FILENO);
    act();
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

}  // namespace

TEST_CASE("a price is exact and is written as it was read") {
  for (const Good& good : kGood) {
    CAPTURE(good.text);
    const Result<Price> price = parse_price(good.text);
    REQUIRE(price.has_value());
    CHECK(price->minor == good.minor);
    CHECK(price->currency == good.currency);
    CHECK(to_text(*price) == good.written);
  }
}

TEST_CASE("a price needs an amount and a known currency, and is never rounded") {
  for (const Bad& bad : kBad) {
    CAPTURE(bad.text);
    const Result<Price> price = parse_price(bad.text);
    REQUIRE_FALSE(price.has_value());
    CHECK(price.error().code == ErrorCode::malformed);
    CHECK(price.error().message == bad.message);
    CHECK(price.error().hint == bad.hint);
  }
}

TEST_CASE("currencies are three capital letters") {
  CHECK(parse_currency("ILS") == kShekel);
  CHECK(minor_digits(kShekel) == 2);
  CHECK(minor_digits(kYen) == 0);
  for (const char* code : {"", "ils", "IL", "ILSS", "XXX", " ILS", "ILS ", "₪"}) {
    CAPTURE(code);
    CHECK_FALSE(parse_currency(code).has_value());
  }
}

TEST_CASE("thousands are separated for people") {
  struct Case {
    std::string_view text, grouped;
  };
  for (const auto& [text, grouped] :
       {Case{"15419 ILS", "15,419 ILS"}, Case{"999 USD", "999 USD"}, Case{"0 USD", "0 USD"},
        Case{"1000 USD", "1,000 USD"}, Case{"1234567.89 USD", "1,234,567.89 USD"},
        Case{"-999 USD", "-999 USD"}, Case{"-1000.50 USD", "-1,000.50 USD"},
        Case{"123456 JPY", "123,456 JPY"}}) {
    CAPTURE(text);
    CHECK(to_grouped_text(*parse_price(text)) == grouped);
  }
}

TEST_CASE("prices add within one currency and multiply by counts") {
  const Price card = *parse_price("750 USD");
  const Price cable = *parse_price("0.10 USD");
  CHECK(to_text(card * 4 + cable * 3) == "3000.30 USD");
  CHECK(to_text(card - cable * 10) == "749 USD");
}

TEST_CASE("prices of two currencies are never added") {
  const Price dollars = *parse_price("750 USD");
  const Price shekels = *parse_price("750 ILS");
  CHECK(aborts([&] { static_cast<void>(dollars + shekels); }));
  CHECK(aborts([&] { static_cast<void>(dollars - shekels); }));
  CHECK_FALSE(aborts([&] { static_cast<void>(dollars + dollars); }));
}

TEST_CASE("a foreign price needs a rate") {
  ExchangeRates rates;
  CHECK(*rates.dollars(*parse_price("12.50 USD")) == 12.5 * USD);
  const Result<Dollars> unknown = rates.dollars(*parse_price("100 ILS"));
  REQUIRE_FALSE(unknown.has_value());
  CHECK(unknown.error().code == ErrorCode::not_found);
  CHECK(unknown.error().message == "no exchange rate for ILS");
  CHECK(unknown.error().hint == "give one, such as --rate \"1 ILS = 0.27 USD\"");
  rates.set(kShekel, 0.25);
  rates.set(kYen, 0.01);
  CHECK(*rates.dollars(*parse_price("100 ILS")) == 25 * USD);
  CHECK(*rates.dollars(*parse_price("100 JPY")) == 1 * USD);
  rates.set(kShekel, 0.5);
  CHECK(*rates.dollars(*parse_price("100 ILS")) == 50 * USD);
  CHECK(aborts([&] { rates.set(kShekel, 0); }));
}

}  // namespace rigor
