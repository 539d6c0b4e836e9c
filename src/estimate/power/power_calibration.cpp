#include "estimate/power/power_calibration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "units/unit_text.hpp"

namespace rigor::estimate {
namespace {

/// Below the smallest measured limit the interval opens by so much for every unit of limit.
constexpr double kBeyond = 4;
/// Where nothing was held out.
constexpr PowerRange kUnknownRate{-1.0, 1.0, 0}, kUnknownDraw{0.5, 1.3, 0};

std::string curve_key(std::string_view name, Phase phase, const std::string& family) {
  return family.empty() ? fmt::format("{}|{}", name, to_text(phase))
                        : fmt::format("{}|{}:{}", name, to_text(phase), family);
}

/// kind,key,value,high,rows of one line.
struct Line {
  std::string_view kind, key;
  double value = 0, high = 0;
  int rows = 0;
};

std::optional<Line> read_line(std::string_view text) {
  const std::vector<std::string_view> field = split(text, ',');
  if (field.size() != 5) return std::nullopt;
  const auto value = parse_number(field[2]);
  const auto high = parse_number(field[3]);
  const auto rows = parse_number(field[4]);
  constexpr double kMostRows = 1e9;
  if (!value || !high || !rows || *rows < 0 || *rows > kMostRows) return std::nullopt;
  return Line{field[0], field[1], *value, *high, static_cast<int>(*rows)};
}

bool is_share(double value) {
  return value > 0 && value <= 1;
}

bool take(PowerCalibration& result, const Line& line) {
  if (line.kind == "constant" && is_share(line.value)) {
    result.set_constant(std::string(line.key), line.value, line.rows);
  } else if (line.kind == "range" && line.value <= line.high) {
    result.set_range(std::string(line.key), {line.value, line.high, line.rows});
  } else if (line.kind == "point" && is_share(line.value) && line.high > 0) {
    result.add_point(std::string(line.key), {line.value, line.high});
  } else {
    return false;
  }
  return true;
}

}  // namespace

double error_scale(double rate, double limit) {
  constexpr double kPerLimit = 0.1;
  return -std::log(rate) + kPerLimit * (1 - limit);
}

Result<PowerCalibration> PowerCalibration::parse(std::string_view csv) {
  PowerCalibration result;
  int number = 0;
  while (!csv.empty()) {
    const std::size_t end = csv.find('\n');
    const std::string_view text = csv.substr(0, end);
    csv.remove_prefix(end == csv.npos ? csv.size() : end + 1);
    ++number;
    if (number == 1 || text.empty()) continue;
    const std::optional<Line> line = read_line(text);
    if (!line || !take(result, *line)) {
      return fail(ErrorCode::malformed,
                  "constant,KEY,SHARE,0,ROWS, range,KEY,LOW,HIGH,ROWS or "
                  "point,KEY,LIMIT,RATE,ROWS expected",
                  fmt::format("calibration of power:{}", number));
    }
  }
  for (auto& [key, points] : result.points_) {
    std::stable_sort(points.begin(), points.end(),
                     [](const PowerPoint& a, const PowerPoint& b) { return a.limit < b.limit; });
  }
  return result;
}

const PowerCalibration::Fitted* PowerCalibration::find(std::string_view name, Phase phase,
                                                       const std::string& family) const {
  auto found = constants_.find(curve_key(name, phase, family));
  if (found == constants_.end()) found = constants_.find(curve_key(name, phase, {}));
  return found == constants_.end() ? nullptr : &found->second;
}

PowerConstants PowerCalibration::resolve(const std::string& family) const {
  PowerConstants constants;
  for (int i = 0; i < kPhases; ++i) {
    const auto phase = static_cast<Phase>(i);
    for (const CurveField& field : kCurveFields) {
      const Fitted* fitted = find(field.name, phase, family);
      if (fitted != nullptr) constants[phase].*field.member = fitted->value;
    }
  }
  const auto idle = constants_.find("idle");
  if (idle != constants_.end()) constants.idle = idle->second.value;
  return constants;
}

PowerSupport PowerCalibration::support(Phase phase, const std::string& family) const {
  const auto own = constants_.find(curve_key("core", phase, family));
  if (own != constants_.end()) return {true, own->second.rows};
  const Fitted* general = find("core", phase, {});
  return {false, general == nullptr ? 0 : general->rows};
}

PowerRange PowerCalibration::range(std::string_view of, Phase phase, const std::string& family,
                                   std::string_view more) const {
  const std::string general = fmt::format("{}|{}", of, to_text(phase));
  for (const std::string& key :
       {fmt::format("{}:{}{}", general, family, more), fmt::format("{}{}", general, more),
        fmt::format("{}|far", general), fmt::format("{}|far", of)}) {
    const auto found = ranges_.find(key);
    if (found != ranges_.end()) return found->second;
  }
  return of == "rate" ? kUnknownRate : kUnknownDraw;
}

PowerFactor PowerCalibration::rate(Phase phase, const std::string& family, double limit) const {
  const PowerConstants constants = resolve(family);
  const double expected = rate_share(constants, phase, limit);
  if (limit >= 1) return {};
  const PowerRange errors =
      range("rate", phase, family, support(phase, family).family ? "" : "|far");
  const double scale =
      error_scale(expected, limit) + kBeyond * std::max(0.0, constants[phase].lowest - limit);
  return {expected * std::exp(std::min(0.0, errors.low) * scale), expected,
          std::min(1.0, expected * std::exp(std::max(0.0, errors.high) * scale))};
}

PowerFactor PowerCalibration::draw(Phase phase, const std::string& family, double limit,
                                   bool several) const {
  const PowerConstants constants = resolve(family);
  const bool far = find("draw", phase, family) == find("draw", phase, {});
  const PowerRange errors = range("draw", phase, family, several ? "|several" : far ? "|far" : "");
  const double free = constants[phase].draw;
  const double expected = draw_share(constants, phase, limit);
  const double most = std::min(limit, 1.0);
  return {std::min(expected, errors.low * free), expected,
          std::min(most, std::max(expected, errors.high * free))};
}

std::vector<PowerPoint> PowerCalibration::points(Phase phase, const std::string& device) const {
  const auto found = points_.find(fmt::format("{}|{}", to_text(phase), device));
  return found == points_.end() ? std::vector<PowerPoint>() : found->second;
}

void PowerCalibration::set_constant(const std::string& key, double value, int rows) {
  constants_[key] = {value, rows};
}

void PowerCalibration::set_range(const std::string& key, PowerRange range) {
  ranges_[key] = range;
}

void PowerCalibration::add_point(const std::string& key, PowerPoint point) {
  points_[key].push_back(point);
}

}  // namespace rigor::estimate
