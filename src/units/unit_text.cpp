#include "units/unit_text.hpp"

#include <fast_float/fast_float.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "base/text.hpp"

namespace rigor {
namespace {

struct Unit {
  std::string_view name;
  double factor;
  Dimension dimension;
};

constexpr Dimension kTime{.time = 1};
constexpr Dimension kRate{.time = -1};
constexpr Dimension kData{.data = 1};
constexpr Dimension kWork{.work = 1};
constexpr Dimension kEnergy{.energy = 1};
constexpr Dimension kPower{.time = -1, .energy = 1};
constexpr Dimension kToken{.token = 1};
constexpr Dimension kLength{.length = 1};
constexpr Dimension kVolt{.time = -1, .energy = 1, .current = -1};

/// Every spelling that is accepted; within one dimension the larger units stand first.
constexpr std::array kUnits = {
    Unit{"min", 60, kTime},
    Unit{"h", 3600, kTime},
    Unit{"day", 86400, kTime},
    Unit{"s", 1, kTime},
    Unit{"ms", 1e-3, kTime},
    Unit{"us", 1e-6, kTime},
    Unit{"ns", 1e-9, kTime},
    Unit{"TiB", 1099511627776.0, kData},
    Unit{"GiB", 1073741824.0, kData},
    Unit{"MiB", 1048576.0, kData},
    Unit{"KiB", 1024.0, kData},
    Unit{"PB", 1e15, kData},
    Unit{"TB", 1e12, kData},
    Unit{"GB", 1e9, kData},
    Unit{"MB", 1e6, kData},
    Unit{"kB", 1e3, kData},
    Unit{"B", 1, kData},
    Unit{"Tbit", 1.25e11, kData},
    Unit{"Gbit", 1.25e8, kData},
    Unit{"Mbit", 1.25e5, kData},
    Unit{"kbit", 125, kData},
    Unit{"bit", 0.125, kData},
    Unit{"PFLOP", 1e15, kWork},
    Unit{"TFLOP", 1e12, kWork},
    Unit{"GFLOP", 1e9, kWork},
    Unit{"MFLOP", 1e6, kWork},
    Unit{"FLOP", 1, kWork},
    Unit{"TOP", 1e12, kWork},
    Unit{"MWh", 3.6e9, kEnergy},
    Unit{"kWh", 3.6e6, kEnergy},
    Unit{"Wh", 3600, kEnergy},
    Unit{"MJ", 1e6, kEnergy},
    Unit{"kJ", 1e3, kEnergy},
    Unit{"J", 1, kEnergy},
    Unit{"MW", 1e6, kPower},
    Unit{"kW", 1e3, kPower},
    Unit{"W", 1, kPower},
    Unit{"mW", 1e-3, kPower},
    Unit{"VA", 1, kPower},
    Unit{"GHz", 1e9, kRate},
    Unit{"MHz", 1e6, kRate},
    Unit{"kHz", 1e3, kRate},
    Unit{"Hz", 1, kRate},
    Unit{"rpm", 1.0 / 60, kRate},
    Unit{"kIOPS", 1e3, kRate},
    Unit{"IOPS", 1, kRate},
    Unit{"GT", 1e9, {}},
    Unit{"MT", 1e6, {}},
    Unit{"Mtok", 1e6, kToken},
    Unit{"ktok", 1e3, kToken},
    Unit{"tok", 1, kToken},
    Unit{"USD", 1, {.money = 1}},
    Unit{"K", 1, {.temperature = 1}},
    Unit{"m", 1, kLength},
    Unit{"cm", 1e-2, kLength},
    Unit{"mm", 1e-3, kLength},
    Unit{"m3", 1, {.length = 3}},
    Unit{"CFM", 0.3048 * 0.3048 * 0.3048 / 60, {.time = -1, .length = 3}},
    Unit{"A", 1, {.current = 1}},
    Unit{"V", 1, kVolt},
    Unit{"mV", 1e-3, kVolt},
};

const Unit* find_unit(std::string_view name) {
  for (const Unit& unit : kUnits) {
    if (unit.name == name) return &unit;
  }
  return nullptr;
}

/// Spellings people use that are ambiguous or wrong, with what to write instead.
std::string unit_hint(std::string_view name) {
  if (name == "Gb" || name == "Mb" || name == "Kb" || name == "kb" || name == "Tb") {
    return fmt::format("\"{0}\" could be bits or bytes: write \"{1}bit\" or \"{1}B\"", name,
                       name[0]);
  }
  if (name == "KB") return "write \"kB\" (1000 bytes) or \"KiB\" (1024 bytes)";
  if (name == "FLOPS" || name == "TFLOPS" || name == "GFLOPS") {
    return "FLOP is a count, FLOP/s a rate: write \"TFLOP/s\"";
  }
  if (name.starts_with(','))
    return "write the number with a point and no commas, such as \"1.5 GB\"";
  if (name == "tokens" || name == "token") return "write \"tok\"";
  std::vector<std::string> names;
  names.reserve(kUnits.size());
  for (const Unit& unit : kUnits) names.emplace_back(unit.name);
  return did_you_mean(name, names);
}

struct UnitProduct {
  double factor = 1.0;
  Dimension dimension = {};
};

constexpr int kMostFactors = 8;  // keeps the exponents of a Dimension far from overflow

Error unit_error(std::string_view name, std::string_view whole) {
  std::string message = name.empty() ? fmt::format("a unit is missing in \"{}\"", whole)
                                     : fmt::format("unknown unit \"{}\" in \"{}\"", name, whole);
  return {ErrorCode::malformed, std::move(message), {}, unit_hint(name)};
}

/// Base units that `parse_unit` reads back; a plain ratio is a number of hertz seconds.
std::string base_unit_text(Dimension d) {
  static constexpr std::array<std::string_view, 9> names = {"s",   "B", "FLOP", "J", "tok",
                                                            "USD", "K", "m",    "A"};
  const std::array<int, 9> powers = {d.time,  d.data,        d.work,   d.energy, d.token,
                                     d.money, d.temperature, d.length, d.current};
  std::string above;
  std::string below;
  for (std::size_t i = 0; i < names.size(); ++i) {
    for (int k = 0; k < powers[i]; ++k) above += (above.empty() ? "" : "*") + std::string(names[i]);
    for (int k = 0; k < -powers[i]; ++k) below += "/" + std::string(names[i]);
  }
  if (!above.empty()) return above + below;
  return below.starts_with("/s") ? "Hz" + below.substr(2) : "Hz*s" + below;
}

/// A product of derived units may stand for more base units than a text may name; what is read can
/// always be written and read again.
Result<UnitProduct> writable(const UnitProduct& product, std::string_view whole) {
  const std::string text = base_unit_text(product.dimension);
  const auto separators =
      std::count_if(text.begin(), text.end(), [](char c) { return c == '*' || c == '/'; });
  if (separators < kMostFactors) return product;
  return fail(ErrorCode::malformed,
              fmt::format("\"{}\" stands for more than {} base units", whole, kMostFactors));
}

Result<UnitProduct> parse_unit(std::string_view text, std::string_view whole) {
  UnitProduct product;
  bool divide = false;
  for (int factors = 0; factors < kMostFactors; ++factors) {
    const std::size_t end = text.find_first_of("/*");
    const std::string_view name = text.substr(0, end);
    const Unit* unit = find_unit(name);
    if (unit == nullptr) return tl::unexpected<Error>(unit_error(name, whole));
    product.factor = divide ? product.factor / unit->factor : product.factor * unit->factor;
    product.dimension = product.dimension + (divide ? -unit->dimension : unit->dimension);
    if (end == std::string_view::npos) return writable(product, whole);
    divide = text[end] == '/';
    text.remove_prefix(end + 1);
  }
  return fail(ErrorCode::malformed,
              fmt::format("\"{}\" has more than {} units", whole, kMostFactors));
}

/// What rounds to 1000 of one unit is written as 1.00 of the next.
constexpr double kRoundsToOne = 0.99995;

/// 3 to 4 significant digits: 0.53, 12.6, 310.6, 1810.
std::string rounded(double value) {
  const double size = std::fabs(value);
  if (size >= 1000) return fmt::format("{:.0f}", value);
  if (size >= 10) return fmt::format("{:.1f}", value);
  return fmt::format("{:.2f}", value);
}

struct Step {
  double factor;
  std::string_view unit;
};

template <std::size_t N>
std::string scaled(double base, const std::array<Step, N>& steps) {
  for (const Step& step : steps) {
    if (std::fabs(base) >= kRoundsToOne * step.factor) {
      return rounded(base / step.factor) + " " + std::string(step.unit);
    }
  }
  const Step& last = steps.back();
  return (base == 0 ? "0" : rounded(base / last.factor)) + " " + std::string(last.unit);
}

/// Makes `best` the same number in this unit (per second), if that is shorter.
void shorten(std::string& best, AnyQuantity quantity, const Unit& unit, std::string_view per) {
  const double count = quantity.base / unit.factor;
  if (std::fabs(count) < 1.0 && unit.factor != 1.0) return;
  // 15 digits drop what the division added; 17 are needed by numbers that never were round.
  for (std::string text : {fmt::format("{:.15g} {}{}", count, unit.name, per),
                           fmt::format("{} {}{}", count, unit.name, per)}) {
    if (text.size() >= best.size()) continue;
    const Result<AnyQuantity> back = parse_any(text);
    if (back && back->base == quantity.base) best = std::move(text);
  }
}

}  // namespace

Result<double> parse_number(std::string_view text) {
  double value = 0.0;
  const char* first = text.begin();
  const char* end = text.end();
  const auto [stop, status] = fast_float::from_chars(first, end, value);
  if (text.empty() || status != std::errc{} || stop != end || !std::isfinite(value)) {
    return fail(ErrorCode::malformed, fmt::format("\"{}\" is not a number", text));
  }
  return value;
}

Result<AnyQuantity> parse_any(std::string_view text) {
  const std::string_view whole = trim(text);
  const std::size_t digits = std::min(whole.find_first_not_of("0123456789.eE+-"), whole.size());
  const std::string_view number = trim(whole.substr(0, digits));
  const std::string_view unit = trim(whole.substr(digits));
  const Result<double> value = parse_number(number);
  if (!value) {
    return fail(ErrorCode::malformed, fmt::format("\"{}\" is not a quantity", text), {},
                "write a number and its unit, such as \"24 GiB\"");
  }
  if (unit.empty()) {
    if (*value == 0.0) return AnyQuantity{};
    return fail(ErrorCode::malformed, fmt::format("\"{}\" has no unit", whole), {},
                "write the unit after the number, such as \"24 GiB\", \"300 W\" or \"1008 GB/s\"");
  }
  const Result<UnitProduct> product = parse_unit(unit, whole);
  if (!product) return tl::unexpected<Error>(product.error());
  const double base = *value * product->factor;
  if (!std::isfinite(base)) {
    return fail(ErrorCode::malformed, fmt::format("\"{}\" is too large to be a quantity", whole));
  }
  return AnyQuantity{base, product->dimension};
}

Result<double> parse_as(std::string_view text, Dimension wanted, std::string_view example) {
  const Result<AnyQuantity> any = parse_any(text);
  if (!any) {
    Error error = any.error();
    if (error.message.ends_with("has no unit")) {
      error.hint = fmt::format("write the unit after the number, such as \"{}\"", example);
    } else if (error.message.ends_with("is not a quantity")) {
      error.hint = fmt::format("write a number and its unit, such as \"{}\"", example);
    } else if (error.hint.empty()) {
      error.hint = fmt::format("write something like \"{}\"", example);
    }
    return tl::unexpected<Error>(error);
  }
  const bool unitless_zero = any->base == 0.0 && any->dimension == Dimension{};
  if (any->dimension != wanted && !unitless_zero) {
    return fail(ErrorCode::malformed,
                fmt::format("\"{}\" has the wrong kind of unit here", trim(text)), {},
                fmt::format("write something like \"{}\"", example));
  }
  return any->base;
}

Result<double> parse_sound_level(std::string_view text) {
  const std::string_view whole = trim(text);
  for (const std::string_view unit : {"dBA", "dB(A)"}) {
    if (!whole.ends_with(unit)) continue;
    const Result<double> level = parse_number(trim(whole.substr(0, whole.size() - unit.size())));
    if (level) return level;
  }
  return fail(ErrorCode::malformed, fmt::format("\"{}\" is not a sound level", whole), {},
              "write it like \"35 dBA\"");
}

Result<double> parse_fraction(std::string_view text) {
  const std::string_view whole = trim(text);
  if (!whole.ends_with('%')) {
    return fail(ErrorCode::malformed, fmt::format("\"{}\" is not a percentage", whole), {},
                "write it with its sign, such as \"92 %\"");
  }
  const Result<double> number = parse_number(trim(whole.substr(0, whole.size() - 1)));
  if (!number || *number < 0 || *number > 100) {
    return fail(ErrorCode::malformed, fmt::format("\"{}\" is not between 0 % and 100 %", whole));
  }
  return *number / 100.0;
}

std::string to_text(Bytes amount) {
  static constexpr std::array<Step, 5> steps = {
      {{1e12, "TB"}, {1e9, "GB"}, {1e6, "MB"}, {1e3, "kB"}, {1, "B"}}};
  return scaled(amount.in(byte), steps);
}

std::string to_text_binary(Bytes amount) {
  static constexpr std::array<Step, 5> steps = {{{1099511627776.0, "TiB"},
                                                 {1073741824.0, "GiB"},
                                                 {1048576.0, "MiB"},
                                                 {1024.0, "KiB"},
                                                 {1, "B"}}};
  return scaled(amount.in(byte), steps);
}

std::string to_text(BytesPerSecond rate) {
  static constexpr std::array<Step, 3> steps = {{{1e12, "TB/s"}, {1e9, "GB/s"}, {1e6, "MB/s"}}};
  return scaled(rate.in(BytesPerSecond::from_base(1)), steps);
}

std::string to_text(FlopsPerSecond rate) {
  static constexpr std::array<Step, 3> steps = {
      {{1e15, "PFLOP/s"}, {1e12, "TFLOP/s"}, {1e9, "GFLOP/s"}}};
  return scaled(rate.in(FlopsPerSecond::from_base(1)), steps);
}

std::string to_text(Watts power) {
  static constexpr std::array<Step, 2> steps = {{{1e4, "kW"}, {1, "W"}}};
  if (power.in(watt) >= 1e4) return rounded(power.in(1000 * watt)) + " kW";
  return scaled(power.in(watt), std::array<Step, 1>{steps[1]});
}

std::string to_text(Seconds time) {
  static constexpr std::array<Step, 6> steps = {
      {{86400, "days"}, {3600, "h"}, {60, "min"}, {1, "s"}, {1e-3, "ms"}, {1e-6, "us"}}};
  return scaled(time.in(second), steps);
}

std::string to_text_like(AnyQuantity quantity, std::string_view example) {
  const std::string_view unit = trim(example.substr(example.find_first_not_of("0123456789.")));
  const Result<UnitProduct> product = parse_unit(unit, example);
  RIGOR_ASSERT(product && product->dimension == quantity.dimension);
  const std::string number = fmt::format("{:.6g}", quantity.base / product->factor);
  std::string text = fmt::format("{} {}", number, unit);
  const Result<AnyQuantity> back = parse_any(text);
  const bool same =
      back && std::fabs(back->base - quantity.base) <= 1e-12 * std::fabs(quantity.base);
  return same && number.find('e') == std::string::npos ? text : to_exact_text(quantity);
}

std::string to_exact_text(AnyQuantity quantity) {
  if (quantity.base == 0 && quantity.dimension == Dimension{}) return "0";
  std::string best = fmt::format("{} {}", quantity.base, base_unit_text(quantity.dimension));
  for (const std::string_view per : {"", "/s"}) {
    const Dimension of = per.empty() ? quantity.dimension : quantity.dimension + kTime;
    for (const Unit& unit : kUnits) {
      if (unit.dimension == of && of != Dimension{}) shorten(best, quantity, unit, per);
    }
  }
  return best;
}

}  // namespace rigor
