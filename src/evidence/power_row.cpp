#include "evidence/power_row.hpp"

#include <fmt/format.h>

#include "estimate/speed/speed_case.hpp"
#include "evidence/memory_row.hpp"

namespace rigor::evidence {
namespace {

using estimate::Phase;

/// Metrics: "rate_PHASE", "draw_PHASE_w", "draw_idle_w".
struct PowerMetric {
  PowerQuantity quantity;
  Phase phase;
};

std::optional<PowerMetric> metric_of(std::string_view metric) {
  constexpr std::string_view kRate = "rate_", kDraw = "draw_", kWatts = "_w";
  if (metric == "draw_idle_w") return PowerMetric{PowerQuantity::idle, Phase::decode};
  const bool rates = metric.starts_with(kRate);
  if (!rates && !(metric.starts_with(kDraw) && metric.ends_with(kWatts))) return std::nullopt;
  metric.remove_prefix(kRate.size());
  if (!rates) metric.remove_suffix(kWatts.size());
  const std::optional<Phase> phase = estimate::parse_phase(metric);
  if (!phase) return std::nullopt;
  return PowerMetric{rates ? PowerQuantity::rate : PowerQuantity::draw, *phase};
}

}  // namespace

bool PowerRow::is_free_draw() const {
  constexpr double kUnbound = 0.9, kDefault = 0.97;
  if (quantity != PowerQuantity::draw) return false;
  return value < kUnbound * limit || limit >= kDefault;
}

double PowerRow::predict(const estimate::PowerConstants& constants) const {
  switch (quantity) {
    case PowerQuantity::rate:
      return rate_share(constants, phase, limit) / rate_share(constants, phase, reference);
    case PowerQuantity::draw: return draw_share(constants, phase, limit);
    case PowerQuantity::idle: break;
  }
  return constants.idle;
}

bool is_power_row(const Row& row) {
  return metric_of(row["metric"]).has_value();
}

ReadPowerRow read_power_row(const Row& row, Library& library) {
  const std::optional<PowerMetric> metric = metric_of(row["metric"]);
  if (!metric) return {std::nullopt, "no metric of power"};
  const hardware::Accelerator* device = library.device(row["device_id"]);
  if (device == nullptr) return {std::nullopt, "the device is not in the catalogue"};
  PowerRow out;
  out.quantity = metric->quantity;
  out.phase = metric->phase;
  out.family = estimate::family_of(*device);
  out.device = device->id;
  out.default_watts = row.number("default_limit_w");
  const double limit = row.number("power_limit_w");
  if (out.default_watts <= 0 || limit <= 0)
    return {std::nullopt, "the row states no limit or no default limit"};
  out.limit = limit / out.default_watts;
  out.reference = row.number("reference_limit_w", out.default_watts) / out.default_watts;
  if (out.limit > 1 || out.reference > 1)
    return {std::nullopt, "the limit is above the card's default"};
  const bool rates = out.quantity == PowerQuantity::rate;
  out.value = row.number("value") / (rates ? 1 : out.default_watts);
  if (out.value <= 0) return {std::nullopt, "the value is not above 0"};
  out.cards = static_cast<int>(row.number("device_count", 1));
  out.source = row["source"];
  out.sweep = fmt::format("{}|{}|{}|{}|{}|{}", row["source"], row["device"], row["workload"],
                          row["engine"], row["model_id"], to_text(out.phase));
  return {std::move(out), {}};
}

bool accepts_power(const Row& row) {
  return is_power_row(row);
}

Prediction predict_power(const Row& row, Siblings, Library& library) {
  if (library.calibration() == nullptr) return unmapped("power needs the calibration");
  const ReadPowerRow read = read_power_row(row, library);
  if (!read.row) return unmapped(read.reason);
  const PowerRow& r = *read.row;
  const estimate::PowerCalibration& power = library.calibration()->power();
  const double expected = r.predict(power.resolve(r.family));
  Prediction prediction;
  prediction.status = Status::mapped;
  prediction.family = r.family;
  prediction.reason = power.support(r.phase, r.family).family ? "family" : "all families";
  // A row is itself good to so much: a ratio of two runs, a reading of a sensor.
  constexpr double kNoise = 0.02;
  if (r.quantity == PowerQuantity::rate) {
    const estimate::PowerFactor at = power.rate(r.phase, r.family, r.limit);
    const double reference = at.expected / expected;
    prediction.low = (1 - kNoise) * at.low / reference;
    prediction.high = (1 + kNoise) * at.high / reference;
    prediction.expected = expected;
    return prediction;
  }
  const bool several = r.cards > 1;
  const estimate::PowerFactor at = power.draw(r.phase, r.family, r.limit, several);
  const bool idle = r.quantity == PowerQuantity::idle;
  prediction.expected = expected * r.default_watts;
  prediction.low = (1 - kNoise) * (idle ? 0.5 * expected : at.low) * r.default_watts;
  prediction.high = (1 + kNoise) * (idle ? 2 * expected : at.high) * r.default_watts;
  return prediction;
}

}  // namespace rigor::evidence
