// Rows of power: what is read from them, why others are refused, what is said of them.
#include "evidence/power_row.hpp"

#include <doctest/doctest.h>

#include "adapters/toml/entry_reader.hpp"
#include "catalog/packed.hpp"

namespace rigor::evidence {
namespace {

using doctest::Approx;
using estimate::Phase;

Library& library() {
  static const catalog::Catalog all(catalog::packed_catalogue(), &adapters::read_entry);
  static estimate::Calibration calibration;
  static const auto power = estimate::PowerCalibration::parse(catalog::packed_power_calibration());
  REQUIRE(power.has_value());
  calibration.set_power(*power);
  static Library lookups(all, calibration);
  return lookups;
}

/// An RTX 5090 that generates under 400 of its 600 W.
Row row(std::initializer_list<std::pair<const std::string, std::string>> columns = {}) {
  Row out;
  out.columns = {{"source", "somebody"},       {"device_id", "gpu/nvidia/rtx-5090"},
                 {"device_count", "1"},        {"default_limit_w", "600"},
                 {"reference_limit_w", "600"}, {"power_limit_w", "400"},
                 {"metric", "rate_decode"},    {"value", "0.952"}};
  for (const auto& [name, text] : columns) out.columns[name] = text;
  return out;
}

}  // namespace

TEST_CASE("limits and draws become shares of the card's default limit") {
  const ReadPowerRow rate = read_power_row(row(), library());
  REQUIRE(rate.row.has_value());
  CHECK(rate.row->phase == Phase::decode);
  CHECK(rate.row->quantity == PowerQuantity::rate);
  CHECK(rate.row->family == "blackwell 12.0 geforce");
  CHECK(rate.row->limit == Approx(400 / 600.));
  CHECK(rate.row->value == 0.952);
  const ReadPowerRow draw =
      read_power_row(row({{"metric", "draw_prefill_w"}, {"value", "399"}}), library());
  REQUIRE(draw.row.has_value());
  CHECK(draw.row->phase == Phase::prefill);
  CHECK(draw.row->value == Approx(399 / 600.));
  CHECK(!draw.row->is_free_draw());  // the limit holds it
}

TEST_CASE("a draw tells of the work where the limit does not hold it") {
  const auto is_free = [](const char* limit, const char* watts) {
    const Row asked =
        row({{"metric", "draw_decode_w"}, {"power_limit_w", limit}, {"value", watts}});
    return read_power_row(asked, library()).row->is_free_draw();
  };
  CHECK(is_free("600", "537"));
  CHECK(is_free("600", "600"));
  CHECK(is_free("400", "300"));
  CHECK(!is_free("400", "395"));
}

TEST_CASE("rows that cannot be asked say why") {
  struct Case {
    std::initializer_list<std::pair<const std::string, std::string>> columns;
    const char* reason;
  };
  for (const auto& [columns, reason] :
       {Case{{{"device_id", "gpu/nobody/nothing"}}, "the device is not in the catalogue"},
        Case{{{"default_limit_w", ""}}, "the row states no limit or no default limit"},
        Case{{{"power_limit_w", "0"}}, "the row states no limit or no default limit"},
        Case{{{"power_limit_w", "610"}}, "the limit is above the card's default"},
        Case{{{"value", "0"}}, "the value is not above 0"}}) {
    CAPTURE(reason);
    const ReadPowerRow read = read_power_row(row(columns), library());
    CHECK(!read.row.has_value());
    CHECK(read.reason == reason);
  }
}

TEST_CASE("only metrics of power are taken") {
  for (const char* metric : {"rate_decode", "rate_output", "draw_training_w", "draw_idle_w"})
    CHECK(is_power_row(row({{"metric", metric}})));
  for (const char* metric : {"decode_tps", "rate_idle", "draw_decode", "draw__w", "rate_", ""})
    CHECK(!is_power_row(row({{"metric", metric}})));
}

TEST_CASE("the prediction is in the row's own unit, with an interval") {
  const Prediction rate = predict_power(row(), {}, library());
  CHECK(rate.status == Status::mapped);
  CHECK(rate.expected == Approx(0.952).epsilon(0.03));
  CHECK(rate.low < 0.952);
  CHECK(rate.high > 0.952);
  const Prediction draw =
      predict_power(row({{"metric", "draw_decode_w"}, {"power_limit_w", "600"}, {"value", "537"}}),
                    {}, library());
  CHECK(draw.expected == Approx(537).epsilon(0.06));
  CHECK(draw.high <= 1.02 * 600);
}

}  // namespace rigor::evidence
