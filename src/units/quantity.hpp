// Physical quantities with compile-time dimensions, held in coherent base units: seconds, bytes,
// FLOP, joules, tokens, US dollars, kelvins (differences), metres, amperes. Bits are bytes / 8.
// Layer 1.
//
// A quantity is built with a unit (`24 * GiB`) and left with one (`x.in(GiB)`); there is no bare
// value.
#pragma once

#include <cmath>
#include <compare>

namespace rigor {

/// Exponents of rigor's base dimensions.
struct Dimension {
  signed char time = 0, data = 0, work = 0, energy = 0, token = 0, money = 0, temperature = 0,
              length = 0, current = 0;
  constexpr bool operator==(const Dimension&) const = default;
};

constexpr Dimension operator+(Dimension a, Dimension b) {
  const auto sum = [](int x, int y) { return static_cast<signed char>(x + y); };
  return {sum(a.time, b.time),
          sum(a.data, b.data),
          sum(a.work, b.work),
          sum(a.energy, b.energy),
          sum(a.token, b.token),
          sum(a.money, b.money),
          sum(a.temperature, b.temperature),
          sum(a.length, b.length),
          sum(a.current, b.current)};
}
constexpr Dimension operator-(Dimension a) {
  const auto negative = [](int x) { return static_cast<signed char>(-x); };
  return {negative(a.time),        negative(a.data),   negative(a.work),
          negative(a.energy),      negative(a.token),  negative(a.money),
          negative(a.temperature), negative(a.length), negative(a.current)};
}

/// A value of dimension D. Trivially copyable, the size of a double.
template <Dimension D>
class Quantity {
 public:
  static constexpr Dimension dimension = D;
  constexpr Quantity() = default;
  static constexpr Quantity from_base(double value) { return Quantity{value}; }
  /// How many of `unit` this is: `latency.in(milliseconds)`.
  [[nodiscard]] constexpr double in(Quantity unit) const { return value_ / unit.value_; }

  constexpr auto operator<=>(const Quantity&) const = default;
  constexpr Quantity& operator+=(Quantity other) {
    value_ += other.value_;
    return *this;
  }
  constexpr Quantity& operator-=(Quantity other) {
    value_ -= other.value_;
    return *this;
  }
  constexpr Quantity& operator*=(double k) {
    value_ *= k;
    return *this;
  }
  friend constexpr Quantity operator+(Quantity a, Quantity b) { return a += b; }
  friend constexpr Quantity operator-(Quantity a, Quantity b) { return a -= b; }
  friend constexpr Quantity operator-(Quantity a) { return Quantity{-a.value_}; }
  friend constexpr Quantity operator*(Quantity a, double k) { return Quantity{a.value_ * k}; }
  friend constexpr Quantity operator*(double k, Quantity a) { return Quantity{a.value_ * k}; }
  friend constexpr Quantity operator/(Quantity a, double k) { return Quantity{a.value_ / k}; }

 private:
  explicit constexpr Quantity(double value) : value_{value} {}
  template <Dimension A, Dimension B>
  friend constexpr auto operator*(Quantity<A>, Quantity<B>);
  template <Dimension A, Dimension B>
  friend constexpr auto operator/(Quantity<A>, Quantity<B>);
  double value_ = 0.0;
};

namespace detail {
template <Dimension D>
constexpr auto make(double value) {
  if constexpr (D == Dimension{})
    return value;
  else
    return Quantity<D>::from_base(value);
}
}  // namespace detail

template <Dimension A, Dimension B>
constexpr auto operator*(Quantity<A> a, Quantity<B> b) {
  return detail::make<A + B>(a.value_ * b.value_);
}
template <Dimension A, Dimension B>
constexpr auto operator/(Quantity<A> a, Quantity<B> b) {
  return detail::make<A + -B>(a.value_ / b.value_);
}

using Seconds = Quantity<Dimension{.time = 1}>;
using Hertz = Quantity<Dimension{.time = -1}>;
using Bytes = Quantity<Dimension{.data = 1}>;
using Flops = Quantity<Dimension{.work = 1}>;
using Joules = Quantity<Dimension{.energy = 1}>;
using Watts = Quantity<Dimension{.time = -1, .energy = 1}>;
using BytesPerSecond = Quantity<Dimension{.time = -1, .data = 1}>;
using FlopsPerSecond = Quantity<Dimension{.time = -1, .work = 1}>;
using Tokens = Quantity<Dimension{.token = 1}>;
using TokensPerSecond = Quantity<Dimension{.time = -1, .token = 1}>;
using BytesPerToken = Quantity<Dimension{.data = 1, .token = -1}>;
using Dollars = Quantity<Dimension{.money = 1}>;
using DollarsPerJoule = Quantity<Dimension{.energy = -1, .money = 1}>;
using Kelvins = Quantity<Dimension{.temperature = 1}>;
using Metres = Quantity<Dimension{.length = 1}>;
using Amperes = Quantity<Dimension{.current = 1}>;
using Volts = Quantity<Dimension{.time = -1, .energy = 1, .current = -1}>;

inline constexpr Seconds second = Seconds::from_base(1);
inline constexpr Bytes byte = Bytes::from_base(1);
inline constexpr Bytes MB = 1e6 * byte;
inline constexpr Bytes GB = 1e9 * byte;
inline constexpr Bytes KiB = 1024.0 * byte;
inline constexpr Bytes MiB = 1048576.0 * byte;
inline constexpr Bytes GiB = 1073741824.0 * byte;
inline constexpr Joules joule = Joules::from_base(1);
inline constexpr Joules kWh = 3.6e6 * joule;
inline constexpr Watts watt = Watts::from_base(1);
inline constexpr Flops TFLOP = Flops::from_base(1e12);
inline constexpr Tokens token = Tokens::from_base(1);
inline constexpr Dollars USD = Dollars::from_base(1);
inline constexpr Kelvins kelvin = Kelvins::from_base(1);
inline constexpr Metres millimetre = Metres::from_base(1e-3);

/// The next whole multiple of `block` that is not smaller than `amount`.
/// Requires: block > 0.
inline Bytes round_up_to(Bytes amount, Bytes block) {
  return std::ceil(amount.in(block)) * block;
}

}  // namespace rigor
