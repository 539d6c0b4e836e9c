#include "estimate/speed/calibration.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>

#include "base/text.hpp"
#include "units/unit_text.hpp"

namespace rigor::estimate {
namespace {

using Level = EffectKey::Level;

struct FactorSpec {
  Factor first;
  int count;  ///< kKernels for a factor of every storage format
  std::string_view name;
  double prior;
};

constexpr std::array kSpecs = {
    FactorSpec{Factor::stream, kKernels, "stream", 0.75},
    FactorSpec{Factor::compute, kKernels, "compute", 0.45},
    FactorSpec{Factor::unpack, kKernels, "unpack", 4},
    FactorSpec{Factor::expert_stream, 1, "expert_stream", 0.8},
    FactorSpec{Factor::expert_compute, 1, "expert_compute", 0.5},
    FactorSpec{Factor::repeat, 1, "repeat", 0.2},
    FactorSpec{Factor::matrix, 1, "matrix", 0.8},
    FactorSpec{Factor::cache, 1, "cache", 0.6},
    FactorSpec{Factor::attention, 1, "attention", 0.25},
    FactorSpec{Factor::scan, 1, "scan", 0.1},
    FactorSpec{Factor::half_tokens, 1, "half_tokens", 40},
    FactorSpec{Factor::half_experts, 1, "half_experts", 1},
    FactorSpec{Factor::launch, 1, "launch", 2.5e-6},
    FactorSpec{Factor::launch_recurrent, 1, "launch_recurrent", 1},
    FactorSpec{Factor::launch_experts, 1, "launch_experts", 1},
    FactorSpec{Factor::step, 1, "step", 2e-4},
    FactorSpec{Factor::sequence, 1, "sequence", 1e-5},
    FactorSpec{Factor::hop, 1, "hop", 3e-5},
    FactorSpec{Factor::reduce, 1, "reduce", 2e-5},
    FactorSpec{Factor::wire, 1, "wire", 0.7},
    FactorSpec{Factor::train_compute, 1, "train_compute", 0.55},
    FactorSpec{Factor::train_attention, 1, "train_attention", 0.3},
    FactorSpec{Factor::train_half, 1, "train_half", 200},
    FactorSpec{Factor::train_dequant, 1, "train_dequant", 0.5},
    FactorSpec{Factor::train_optimizer, 1, "train_optimizer", 0.7},
    FactorSpec{Factor::train_launch, 1, "train_launch", 6e-6},
    FactorSpec{Factor::train_wire, 1, "train_wire", 0.7},
    FactorSpec{Factor::train_exposed, 1, "train_exposed", 0.3},
};

constexpr double kMostRows = 1e9;

const FactorSpec& spec_of(Factor factor) {
  for (const FactorSpec& spec : kSpecs) {
    const int offset = static_cast<int>(factor) - static_cast<int>(spec.first);
    if (offset >= 0 && offset < spec.count) return spec;
  }
  return kSpecs.back();
}

}  // namespace

std::string factor_name(Factor factor) {
  const FactorSpec& spec = spec_of(factor);
  if (spec.count == 1) return std::string(spec.name);
  const auto kernel = static_cast<Kernel>(static_cast<int>(factor) - static_cast<int>(spec.first));
  return fmt::format("{}.{}", spec.name, to_text(kernel));
}

std::string_view to_text(Support support) {
  switch (support) {
    case Support::device: return "device";
    case Support::family: return "family";
    case Support::extrapolated: return "extrapolated";
  }
  return {};
}

double prior_value(Factor factor) {
  return spec_of(factor).prior;
}

std::vector<std::string> range_keys(std::string_view metric, const SpeedScope& s, Support support) {
  if (support == Support::extrapolated) return {fmt::format("{}|far", metric)};
  if (support == Support::family) {
    return {fmt::format("{}|{}/{}:{}|family", metric, s.engine, s.backend, s.family),
            fmt::format("{}|{}/{}|family", metric, s.engine, s.backend),
            fmt::format("{}|family", metric)};
  }
  return {fmt::format("{}|{}/{}:{}", metric, s.engine, s.backend, s.device),
          fmt::format("{}|{}/{}:{}", metric, s.engine, s.backend, s.family),
          fmt::format("{}|{}/{}", metric, s.engine, s.backend), std::string(metric)};
}

std::vector<EffectKey> effect_keys(Factor factor, const SpeedScope& s) {
  const FactorSpec& spec = spec_of(factor);
  const std::string name = factor_name(factor);
  std::vector<EffectKey> keys = {
      {Level::general, name + "|*"},
      {Level::backend, fmt::format("{}|{}", name, s.backend)},
      {Level::engine, fmt::format("{}|{}/{}", spec.name, s.engine, s.backend)},
      {Level::family, fmt::format("{}|{}:{}", spec.name, s.backend, s.family)},
      {Level::device, fmt::format("{}|{}:{}", spec.name, s.backend, s.device)},
  };
  if (!s.kind.empty())
    keys.push_back({Level::kind, fmt::format("{}|{}~{}", spec.name, s.backend, s.kind)});
  if (!s.program.empty()) {
    keys.push_back(
        {Level::program, fmt::format("{}|{}/{}%{}", spec.name, s.engine, s.backend, s.program)});
  }
  if (!s.epoch.empty()) {
    keys.push_back(
        {Level::epoch, fmt::format("{}|{}/{}@{}", spec.name, s.engine, s.backend, s.epoch)});
  }
  if (spec.count > 1) {
    keys.push_back({Level::kernel_family, fmt::format("{}|{}:{}", name, s.backend, s.family)});
  }
  if (!s.driver.empty()) {
    keys.push_back({Level::setting, fmt::format("{}|{}+{}", spec.name, s.backend, s.driver)});
  }
  if (factor == Factor::attention || factor == Factor::cache) {
    if (!s.flash_attention) {
      keys.push_back({Level::setting, fmt::format("{}|{}+fa0", name, s.backend)});
      keys.push_back({Level::setting, fmt::format("{}|{}:{}+fa0", name, s.backend, s.family)});
    }
    if (s.quantized_cache) keys.push_back({Level::setting, name + "|" + s.backend + "+q"});
  }
  return keys;
}

Result<Calibration> Calibration::parse(std::string_view csv) {
  Calibration result;
  int number = 0;
  while (!csv.empty()) {
    const std::size_t end = csv.find('\n');
    const std::string_view line = csv.substr(0, end);
    csv.remove_prefix(end == csv.npos ? csv.size() : end + 1);
    ++number;
    if (number == 1 || line.empty() || line.starts_with('#')) continue;
    const std::vector<std::string_view> field = split(line, ',');
    const auto bad = [&] {
      return fail(ErrorCode::malformed,
                  "effect,KEY,FACTOR,0,ROWS or range,KEY,LOW,HIGH,ROWS expected",
                  fmt::format("calibration:{}", number));
    };
    if (field.size() != 5) return bad();
    const auto a = parse_number(field[2]);
    const auto b = parse_number(field[3]);
    const auto rows = parse_number(field[4]);
    if (!a || !b || !rows || *a <= 0 || *rows < 0 || *rows > kMostRows) return bad();
    if (field[0] == "effect") {
      result.set_effect(std::string(field[1]), std::log(*a), static_cast<int>(*rows));
    } else if (field[0] == "range" && *b >= *a) {
      result.set_range(std::string(field[1]), {*a, *b, static_cast<int>(*rows)});
    } else {
      return bad();
    }
  }
  return result;
}

SpeedConstants Calibration::resolve(SpeedScope scope) const {
  const auto known = epochs_.find(scope.engine + "/" + scope.backend);
  if (known != epochs_.end()) {
    std::string best = scope.epoch.empty() ? known->second.front() : std::string();
    for (const std::string& epoch : known->second) {
      if ((scope.epoch.empty() || epoch <= scope.epoch) && epoch > best) best = epoch;
    }
    scope.epoch = best;
  }
  SpeedConstants constants;
  for (int i = 0; i < kFactors; ++i) {
    const auto factor = static_cast<Factor>(i);
    double sum = std::log(prior_value(factor));
    for (const EffectKey& key : effect_keys(factor, scope)) sum += effect(key.text);
    constants[factor] = std::exp(sum);
  }
  return constants;
}

double Calibration::effect(const std::string& key) const {
  const auto found = effects_.find(key);
  return found == effects_.end() ? 0.0 : found->second.logarithm;
}

void Calibration::set_effect(const std::string& key, double logarithm, int rows) {
  effects_[key] = {logarithm, rows};
  const std::size_t at = key.find('@');
  if (!key.starts_with("stream|") || at == key.npos) return;
  const std::size_t bar = key.find('|');
  epochs_[key.substr(bar + 1, at - bar - 1)].push_back(key.substr(at + 1));
}

int Calibration::rows(const std::string& key) const {
  const auto found = effects_.find(key);
  return found == effects_.end() ? 0 : found->second.rows;
}

int Calibration::support_rows(const SpeedScope& scope) const {
  const std::string_view factor = scope.backend == "train" ? "train_compute" : "stream";
  const int device = rows(fmt::format("{}|{}:{}", factor, scope.backend, scope.device));
  return device > 0 ? device : rows(fmt::format("{}|{}:{}", factor, scope.backend, scope.family));
}

Support Calibration::support(const SpeedScope& scope) const {
  const std::string_view factor = scope.backend == "train" ? "train_compute" : "stream";
  if (rows(fmt::format("{}|{}:{}", factor, scope.backend, scope.device)) > 0)
    return Support::device;
  const bool family = rows(fmt::format("{}|{}:{}", factor, scope.backend, scope.family)) > 0;
  return family ? Support::family : Support::extrapolated;
}

SpeedRange Calibration::range(std::string_view metric, const SpeedScope& scope) const {
  for (const std::string& key : range_keys(metric, scope, support(scope))) {
    const auto found = ranges_.find(key);
    if (found != ranges_.end()) return found->second;
  }
  return {};
}

void Calibration::set_range(const std::string& key, SpeedRange range) {
  ranges_[key] = range;
}

}  // namespace rigor::estimate
