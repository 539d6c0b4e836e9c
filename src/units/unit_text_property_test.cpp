#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <string>

#include "units/unit_text.hpp"

namespace rigor {
namespace {

/// Every dimension a unit has, and products of them that the catalogue and the evidence use.
constexpr std::array kDimensions = {Seconds::dimension,
                                    Hertz::dimension,
                                    Bytes::dimension,
                                    Flops::dimension,
                                    Joules::dimension,
                                    Watts::dimension,
                                    BytesPerSecond::dimension,
                                    FlopsPerSecond::dimension,
                                    Tokens::dimension,
                                    TokensPerSecond::dimension,
                                    BytesPerToken::dimension,
                                    Dollars::dimension,
                                    DollarsPerJoule::dimension,
                                    Kelvins::dimension,
                                    Metres::dimension,
                                    Amperes::dimension,
                                    Volts::dimension,
                                    Dimension{.data = -1},
                                    Dimension{.time = -2},
                                    Dimension{.data = 3},
                                    Dimension{.energy = 1, .token = -1},
                                    Dimension{.token = 1, .money = -1}};

/// Any finite double: 53 random bits times a power of two.
double any_double() {
  const auto mantissa = *rc::gen::inRange<std::int64_t>(-(1LL << 53), 1LL << 53);
  return std::ldexp(static_cast<double>(mantissa), *rc::gen::inRange(-400, 400));
}

Dimension any_dimension() {
  return *rc::gen::elementOf(kDimensions);
}

}  // namespace

TEST_CASE("what is written exactly reads back as the very same number") {
  CHECK(rc::check([] {
    const AnyQuantity quantity{any_double(), any_dimension()};
    const std::string text = to_exact_text(quantity);
    RC_LOG() << text;
    const Result<AnyQuantity> back = parse_any(text);
    RC_ASSERT(back.has_value());
    RC_ASSERT(back->base == quantity.base);
    RC_ASSERT(back->dimension == quantity.dimension);
  }));
}

TEST_CASE("whole counts of a unit read back too, and stay short") {
  CHECK(rc::check([] {
    const std::string unit = *rc::gen::element<std::string>("GiB", "GB", "W", "MHz", "mm", "min");
    const std::string text = std::to_string(*rc::gen::inRange(1, 100000)) + " " + unit;
    const AnyQuantity quantity = *parse_any(text);
    const std::string exact = to_exact_text(quantity);
    RC_ASSERT(exact.size() <= text.size());
    RC_ASSERT(parse_any(exact)->base == quantity.base);
  }));
}

TEST_CASE("any text is a finite quantity or an error that quotes it") {
  CHECK(rc::check([] {
    const auto letters =
        rc::gen::elementOf(std::string("0123456789.eE+- GiBkbt/*sWnaf%\t\xC2\xB5"));
    const std::string text = *rc::gen::container<std::string>(letters);
    const Result<AnyQuantity> parsed = parse_any(text);
    if (parsed) RC_ASSERT(std::isfinite(parsed->base));
    if (!parsed) RC_ASSERT(parsed.error().message.find('"') != std::string::npos);
  }));
}

TEST_CASE("what people are shown is within half a per cent") {
  CHECK(rc::check([] {
    const double small = std::fabs(any_double());
    const std::string one = to_text(small * byte);
    const Result<Bytes> shown = parse_bytes(one);
    RC_PRE(shown.has_value());
    // Two decimals below 10 units, one below 1000: never more than 5 in 1000 off, above 1 B.
    if (small >= 1) RC_ASSERT(std::fabs(shown->in(byte)-small) <= 0.0051 * small);
  }));
}

}  // namespace rigor
