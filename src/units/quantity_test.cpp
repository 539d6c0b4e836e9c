#include "units/quantity.hpp"

#include <doctest/doctest.h>

#include <initializer_list>
#include <type_traits>

namespace rigor {
namespace {

template <class A, class B>
concept Addable = requires(A a, B b) { a + b; };
template <class A, class B>
concept Subtractable = requires(A a, B b) { a - b; };
template <class A, class B>
concept Comparable = requires(A a, B b) { a < b; };
template <class A, class B>
concept Equatable = requires(A a, B b) { a == b; };
template <class A, class B>
concept Expressible = requires(A a, B b) { a.in(b); };
template <class Q>
concept HasBareValue = requires(Q q) { q.value(); };

static_assert(Addable<Bytes, Bytes> && Subtractable<Watts, Watts>);
static_assert(Comparable<Seconds, Seconds> && Equatable<Bytes, Bytes>);
static_assert(!Addable<Bytes, Seconds> && !Addable<Bytes, BytesPerSecond>);
static_assert(!Addable<Bytes, double> && !Addable<double, Bytes> && !Addable<Bytes, int>);
static_assert(!Subtractable<Watts, Joules> && !Subtractable<Dollars, DollarsPerJoule>);
static_assert(!Comparable<Bytes, Flops> && !Comparable<Bytes, double>);
static_assert(!Equatable<Tokens, Bytes> && !Equatable<Hertz, Seconds>);
static_assert(!Expressible<Bytes, Seconds> && !Expressible<Bytes, double>);
static_assert(!std::is_convertible_v<double, Bytes> && !std::is_convertible_v<Bytes, double>);
static_assert(!std::is_constructible_v<Bytes, double> && !std::is_constructible_v<Bytes, Seconds>);
static_assert(!HasBareValue<Bytes>);
static_assert(sizeof(Bytes) == sizeof(double) && std::is_trivially_copyable_v<Bytes>);

// What dimensions make of each other.
static_assert(std::is_same_v<decltype(watt * second), Joules>);
static_assert(std::is_same_v<decltype(GB / second), BytesPerSecond>);
static_assert(std::is_same_v<decltype(GB / (GB / second)), Seconds>);
static_assert(std::is_same_v<decltype(GB / GiB), double>);
static_assert(std::is_same_v<decltype(joule * (USD / joule)), Dollars>);
static_assert(std::is_same_v<decltype(watt / Amperes::from_base(1)), Volts>);

static_assert(GB != GiB && GB < GiB && GiB == 1024 * MiB && MB == 1e6 * byte);
static_assert(kWh == 3.6e6 * joule && watt * (3600 * second) * 1000 == kWh);
static_assert(Bytes{} == 0 * byte && -(2 * GB) == 0 * byte - 2 * GB);

}  // namespace

TEST_CASE("a quantity leaves as a count of the unit asked for") {
  CHECK((24 * GiB).in(GiB) == 24.0);
  CHECK((24 * GiB).in(byte) == 25'769'803'776.0);
  CHECK((24 * GB).in(MB) == 24'000.0);
  CHECK((1 * kWh).in(watt * (3600 * second)) == 1000.0);
}

TEST_CASE("compound assignment keeps the dimension") {
  Bytes sum = 2 * GB;
  sum += 1 * GB;
  sum -= 500 * MB;
  sum *= 2;
  CHECK(sum == 5 * GB);
  CHECK(sum / 5 == GB);
}

TEST_CASE("rounding up gives the next whole multiple and leaves multiples alone") {
  struct Case {
    Bytes amount, block, expected;
  };
  for (const auto& [amount, block, expected] :
       {Case{0 * byte, 256 * byte, 0 * byte}, Case{1 * byte, 256 * byte, 256 * byte},
        Case{256 * byte, 256 * byte, 256 * byte}, Case{257 * byte, 256 * byte, 512 * byte},
        Case{3 * MiB - byte, MiB, 3 * MiB}, Case{7 * byte, 1 * byte, 7 * byte}}) {
    CHECK(round_up_to(amount, block) == expected);
  }
}

}  // namespace rigor
