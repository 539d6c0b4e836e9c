// What own measurements say of a question: cases worked out by hand, and laws for any rows.
#include "place/own_rows.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace rigor::place {
namespace {

using doctest::Approx;

constexpr double kLow = 0.8, kHigh = 1.25;  // a published spread of ln 1.25 / 1.645 = 0.1356

OwnSetting decode(double tokens = 1000) {
  return {.engine = "llama.cpp",
          .backend = "CUDA",
          .device = "gpu/nvidia/rtx-4090",
          .network = "llama-3.1-8b",
          .form = "Q4_K_M",
          .size = tokens};
}

OwnRow measured(double ratio, OwnSetting setting = decode()) {
  return {std::move(setting), std::log(ratio), 0};
}

Correction asked(const std::vector<OwnRow>& rows, const OwnSetting& setting = decode()) {
  return correction(rows, setting, kLow, kHigh);
}

OwnSetting other_network() {
  OwnSetting s = decode();
  s.network = "qwen2.5-7b";
  return s;
}

}  // namespace

TEST_CASE("without own rows the published interval stays") {
  const Correction none = asked({});
  CHECK(none.rows == 0);
  CHECK(none.factor == 1);
  CHECK(none.low == kLow);
  CHECK(none.high == kHigh);
}

TEST_CASE("the same setting measured is the answer, within the noise of a run") {
  // One row: the share is v / (v + n), v = 0.1356^2, n = 0.03^2: 0.9533.
  const Correction once = asked({measured(0.9)});
  CHECK(once.rows == 1);
  CHECK(once.factor == Approx(std::pow(0.9, 0.9533)).epsilon(0.0005));
  CHECK(once.low < 1);
  CHECK(once.high > 1);
  CHECK(std::log(once.high / once.low) < 0.4 * std::log(kHigh / kLow));
  // Twenty rows: nearer still, and never surer than a run is.
  const Correction often = asked(std::vector<OwnRow>(20, measured(0.9)));
  CHECK(often.factor == Approx(0.9).epsilon(0.001));
  CHECK(often.high >= std::exp(1.645 * 0.03) * 0.9999);
  CHECK(often.high < once.high);
}

TEST_CASE("what is farther away says less") {
  struct Case {
    const char* what;
    OwnSetting setting;
    double likeness;
  };
  OwnSetting deeper = decode(14'336);  // 2048 + 14336 is 5.4 times 2048 + 1000
  OwnSetting stored = decode(), cards = decode(), engine = decode(), card = decode(),
             prompts = decode(), network = other_network();
  stored.form = "Q8_0";
  cards.devices = 2;
  engine.engine = "vllm";
  card.device = "gpu/nvidia/rtx-3090";
  prompts.quantity = OwnQuantity::prefill;
  for (const Case& c :
       {Case{"itself", decode(), 1.0},
        Case{"deeper", deeper, 0.55 + 0.45 * std::exp(-std::log(16384.0 / 3048) / std::log(4.0))},
        Case{"stored otherwise", stored, 0.20 + 0.5 * 0.80}, Case{"another network", network, 0.20},
        Case{"two cards", cards, 0.5}, Case{"another engine", engine, 0},
        Case{"another card", card, 0}, Case{"prompts", prompts, 0}}) {
    CAPTURE(c.what);
    CHECK(likeness(c.setting, decode()) == Approx(c.likeness));
    CHECK(likeness(decode(), c.setting) == Approx(c.likeness));
  }
}

TEST_CASE("one wild row among many does not decide") {
  std::vector<OwnRow> rows(9, measured(0.95));
  for (std::size_t i = 0; i < rows.size(); ++i)
    rows[i].setting.size = 500.0 * static_cast<double>(i + 1);
  const double before = asked(rows, other_network()).factor;
  rows.push_back(measured(0.01, other_network()));
  const Correction after = asked(rows, other_network());
  CHECK(before < 1);
  CHECK(after.factor > 0.6);
}

TEST_CASE("runs that differ among themselves leave the interval wide") {
  const Correction steady = asked({measured(0.9), measured(0.9), measured(0.9)});
  const Correction loose = asked({measured(0.75), measured(0.9), measured(1.08)});
  CHECK(loose.high / loose.low > 1.5 * steady.high / steady.low);
  OwnRow stated = measured(0.9);
  stated.noise = 0.1;
  CHECK(asked({stated}).high > asked({measured(0.9)}).high);
}

TEST_CASE("for any rows: between no correction and the rows, and never wider than published") {
  CHECK(rc::check([] {
    const double low = *rc::gen::inRange(20, 97) / 100.0;
    const double high = *rc::gen::inRange(103, 400) / 100.0;
    std::vector<OwnRow> rows;
    double least = 0, most = 0;
    for (int i = *rc::gen::inRange(1, 80); i > 0; --i) {
      OwnSetting s = decode(*rc::gen::inRange(1, 100'000));
      s.devices = *rc::gen::inRange(1, 3);
      s.network = *rc::gen::element<std::string>("a", "b", "llama-3.1-8b");
      s.form = *rc::gen::element<std::string>("Q4_K_M", "Q8_0");
      OwnRow row = measured(*rc::gen::inRange(10, 400) / 100.0, s);
      row.noise = *rc::gen::inRange(0, 100) / 100.0;
      least = std::min(least, row.logarithm);
      most = std::max(most, row.logarithm);
      rows.push_back(row);
    }
    const Correction c = correction(rows, decode(), low, high);
    RC_ASSERT(c.rows >= 1 && c.rows <= 64);
    RC_ASSERT(std::log(c.factor) >= least - 1e-9 && std::log(c.factor) <= most + 1e-9);
    RC_ASSERT(c.low < 1 && c.high > 1);
    const double floor = std::exp(1.645 * 0.03);
    RC_ASSERT(c.high >= floor * 0.999999 && c.low <= 1.000001 / floor);
  }));
}

}  // namespace rigor::place
