#include <doctest/doctest.h>

#include <array>
#include <string>

#include "units/unit_text.hpp"

namespace rigor {
namespace {

template <class Q>
struct Case {
  Q amount;
  std::string_view expected;
};

template <class Q, std::size_t N>
void check_texts(const std::array<Case<Q>, N>& cases) {
  for (const auto& [amount, expected] : cases) CHECK(to_text(amount) == expected);
}

constexpr BytesPerSecond kBytePerSecond = byte / second;
constexpr FlopsPerSecond kTeraPerSecond = TFLOP / second;

}  // namespace

TEST_CASE("bytes are shown with three or four digits in the unit that suits them") {
  check_texts(std::array{Case<Bytes>{0 * byte, "0 B"}, Case<Bytes>{0.25 * byte, "0.25 B"},
                         Case<Bytes>{1 * byte, "1.00 B"}, Case<Bytes>{999 * byte, "999.0 B"},
                         Case<Bytes>{1000 * byte, "1.00 kB"}, Case<Bytes>{1536 * byte, "1.54 kB"},
                         Case<Bytes>{12.345 * MB, "12.3 MB"}, Case<Bytes>{310.62 * GB, "310.6 GB"},
                         Case<Bytes>{1810 * 1e3 * GB, "1810 TB"},
                         Case<Bytes>{-5 * GB, "-5.00 GB"}});
}

TEST_CASE("what rounds to a thousand is one of the next unit") {
  check_texts(std::array{Case<Bytes>{999.94 * MB, "999.9 MB"}, Case<Bytes>{999.96 * MB, "1.00 GB"},
                         Case<Bytes>{-999.99 * MB, "-1.00 GB"}});
  check_texts(std::array{Case<Seconds>{59.999 * second, "1.00 min"},
                         Case<Seconds>{59.9 * second, "59.9 s"}});
  CHECK(to_text_binary(1023.99 * MiB) == "1.00 GiB");
}

TEST_CASE("binary units are marked as such") {
  CHECK(to_text_binary(24 * GiB) == "24.0 GiB");
  CHECK(to_text_binary(24 * GB) == "22.4 GiB");
  CHECK(to_text_binary(512 * byte) == "512.0 B");
  CHECK(to_text_binary(1 * KiB) == "1.00 KiB");
  CHECK(to_text_binary(2048 * GiB) == "2.00 TiB");
}

TEST_CASE("rates, power and time have their own steps") {
  check_texts(std::array{Case<BytesPerSecond>{1008e9 * kBytePerSecond, "1.01 TB/s"},
                         Case<BytesPerSecond>{936.2e9 * kBytePerSecond, "936.2 GB/s"},
                         Case<BytesPerSecond>{5e3 * kBytePerSecond, "0.01 MB/s"}});
  check_texts(std::array{Case<FlopsPerSecond>{71.2 * kTeraPerSecond, "71.2 TFLOP/s"},
                         Case<FlopsPerSecond>{1979 * kTeraPerSecond, "1.98 PFLOP/s"}});
  check_texts(std::array{Case<Watts>{0 * watt, "0 W"}, Case<Watts>{450 * watt, "450.0 W"},
                         Case<Watts>{1600 * watt, "1600 W"}, Case<Watts>{12e3 * watt, "12.0 kW"}});
  check_texts(std::array{Case<Seconds>{0 * second, "0 us"}, Case<Seconds>{0.05 * second, "50.0 ms"},
                         Case<Seconds>{90 * second, "1.50 min"},
                         Case<Seconds>{7200 * second, "2.00 h"},
                         Case<Seconds>{172800 * second, "2.00 days"}});
}

TEST_CASE("exact text is the shortest one") {
  struct Exact {
    std::string_view text, expected;
  };
  for (const auto& [text, expected] :
       {Exact{"24 GiB", "24 GiB"}, Exact{"5 GB", "5 GB"}, Exact{"1000 kB", "1 MB"},
        Exact{"0.1 GiB", "102.4 MiB"}, Exact{"1 bit", "1 bit"}, Exact{"0 GB", "0 B"},
        Exact{"0 MW", "0 W"}, Exact{"0 h", "0 s"}, Exact{"3600 s", "1 h"}, Exact{"90 s", "90 s"},
        Exact{"1008 GB/s", "1008 GB/s"}, Exact{"0.15 kWh", "150 Wh"}, Exact{"12 V", "12 V"},
        Exact{"2 B/s/s", "2 B/s/s"}, Exact{"5 Hz/B", "5 Hz/B"}}) {
    CAPTURE(text);
    CHECK(to_exact_text(*parse_any(text)) == expected);
  }
}

TEST_CASE("beside an example a quantity is written in its unit, if that makes a short number") {
  struct Like {
    std::string_view text, example, expected;
  };
  for (const auto& [text, example, expected] :
       {Like{"30000000000 B/s", "1008 GB/s", "30 GB/s"}, Like{"30 TB/s", "1008 GB/s", "30000 GB/s"},
        Like{"1 TFLOP/s", "209.5 TFLOP/s", "1 TFLOP/s"},
        Like{"10 PFLOP/s", "209.5 TFLOP/s", "10000 TFLOP/s"}, Like{"4 B", "384 bit", "32 bit"},
        Like{"0.05 m", "304 mm", "50 mm"}, Like{"1 /s", "1500 rpm", "60 rpm"},
        Like{"1000000000 Hz", "6400 MT/s", "1000 MT/s"}, Like{"0.5 W", "300 W", "0.5 W"},
        Like{"2 USD/kWh", "0.15 USD/kWh", "2 USD/kWh"}, Like{"0 W", "300 W", "0 W"},
        Like{"4 B", "24 GiB", "4 B"}, Like{"10 s", "24 min", "10 s"}}) {
    CAPTURE(expected);
    const AnyQuantity quantity = text == "1 /s" ? AnyQuantity{1, {.time = -1}} : *parse_any(text);
    CHECK(to_text_like(quantity, example) == expected);
  }
}

TEST_CASE("a dimension with negative exponents only is written so that it reads back") {
  const AnyQuantity per_byte{3, {.data = -1}};
  CHECK(to_exact_text(per_byte) == "3 Hz*s/B");
  CHECK(parse_any("3 Hz*s/B")->dimension == per_byte.dimension);
}

TEST_CASE("what is read can be written and read again, ratios and zero too") {
  for (const char* text : {"0", "5 B/B", "0 s/s", "2 V*V", "3 V/s/s/s"}) {
    CAPTURE(text);
    const Result<AnyQuantity> read = parse_any(text);
    REQUIRE(read.has_value());
    const Result<AnyQuantity> again = parse_any(to_exact_text(*read));
    REQUIRE(again.has_value());
    CHECK(again->base == read->base);
    CHECK(again->dimension == read->dimension);
  }
}

TEST_CASE("a product of more base units than a text may name is refused") {
  for (const char* text : {"0B*V*V*V", "0V/s/s/s/s/s/s/s"}) {
    CAPTURE(text);
    const Result<AnyQuantity> read = parse_any(text);
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().message.find("stands for more than 8 base units") != std::string::npos);
  }
}

}  // namespace rigor
