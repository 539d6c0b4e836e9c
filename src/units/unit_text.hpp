// Quantities as text: every number a person writes carries its unit, spelled exactly. GB is 1e9
// bytes, GiB is 2^30, bits are written Gbit. Parsing is the only door from text to a quantity.
// Layer 1.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "units/quantity.hpp"

namespace rigor {

/// A number in coherent base units together with its dimension.
struct AnyQuantity {
  double base = 0.0;
  Dimension dimension = {};
};

/// "1008 GB/s", "0.15 USD/kWh", "6400 MT/s". The unit is required unless the number is 0.
/// Errors name the offending text and say what was probably meant.
Result<AnyQuantity> parse_any(std::string_view text);

/// As `parse_any`, and the unit must be of the wanted dimension. `example` goes into the message.
Result<double> parse_as(std::string_view text, Dimension wanted, std::string_view example);

template <class Q>
Result<Q> parse(std::string_view text, std::string_view example) {
  return parse_as(text, Q::dimension, example).map([](double base) { return Q::from_base(base); });
}
inline Result<Bytes> parse_bytes(std::string_view text) {
  return parse<Bytes>(text, "24 GiB");
}
inline Result<Watts> parse_watts(std::string_view text) {
  return parse<Watts>(text, "300 W");
}

/// "35 dBA" or "35 dB(A)", as 35.
Result<double> parse_sound_level(std::string_view text);

/// "92 %" as 0.92. Requires the sign, so that 45 % is never 45. The result lies in [0, 1].
Result<double> parse_fraction(std::string_view text);

/// A plain decimal number, all of it; no sign but '-', no spaces, finite.
Result<double> parse_number(std::string_view text);

/// For people: three or four significant digits and the unit that suits the size ("310.6 GB").
std::string to_text(Bytes amount);         ///< decimal units: B, kB, MB, GB, TB
std::string to_text_binary(Bytes amount);  ///< binary units: B, KiB, MiB, GiB, TiB
std::string to_text(BytesPerSecond rate);
std::string to_text(FlopsPerSecond rate);
std::string to_text(Watts power);
std::string to_text(Seconds time);

/// For people, in the unit they would write it with, which is that of `example`: 3e10 B/s is
/// "30 GB/s" beside "1008 GB/s". Where that would be no short number, as `to_exact_text`.
/// Requires: `example` is a quantity of the same dimension.
std::string to_text_like(AnyQuantity quantity, std::string_view example);

/// For machines: the shortest text that `parse_any` reads back to the very same number.
/// Requires: the dimension has a unit in the table (any product of base units does).
std::string to_exact_text(AnyQuantity quantity);
template <Dimension D>
std::string to_exact_text(Quantity<D> quantity) {
  return to_exact_text(AnyQuantity{quantity.in(Quantity<D>::from_base(1)), D});
}

}  // namespace rigor
