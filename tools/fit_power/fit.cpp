#include "fit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

namespace rigor::fit_power {
namespace {

using estimate::kPhases;
using estimate::Phase;
using estimate::PowerCurve;
using evidence::PowerQuantity;

/// A number that is fitted: where it may lie, and how far families lie from their phase.
struct Parameter {
  double PowerCurve::* member;
  double least, most;
  double spread;         ///< sd around the general value of the phase
  double family_spread;  ///< sd of a family around its phase
};
constexpr std::array<Parameter, 4> kParameters = {{{&PowerCurve::fixed, 0.05, 0.5, 0.08, 0.04},
                                                   {&PowerCurve::knee, 0.4, 1.0, 0.12, 0.06},
                                                   {&PowerCurve::core, 0.1, 1.0, 0.3, 0.15},
                                                   {&PowerCurve::bite, 0.6, 1.0, 0.1, 0.06}}};

PowerCurve prior_of(Phase phase) {
  PowerCurve curve;
  curve.core = phase == Phase::decode || phase == Phase::output ? 0.5
               : phase == Phase::stress                         ? 1.0
                                                                : 0.8;
  return curve;
}

/// Rows of rates of one curve, with the weight of their sweep.
struct Sample {
  const PowerRow* row;
  double weight;
};

std::vector<Sample> weighted(const std::vector<const PowerRow*>& rows) {
  std::map<std::string, int> in_sweep;
  for (const PowerRow* row : rows) ++in_sweep[row->sweep];
  std::vector<Sample> samples;
  samples.reserve(rows.size());
  // A sweep of n limits counts as n^0.4 rows.
  for (const PowerRow* row : rows) samples.push_back({row, std::pow(in_sweep[row->sweep], -0.6)});
  return samples;
}

double cost(const std::vector<Sample>& samples, const PowerCurve& curve, const PowerCurve& prior,
            bool family) {
  constexpr double kScale = 0.04;  // error of an ordinary row
  double sum = 0;
  for (const Sample& s : samples) {
    const double expected = rate_share(curve, s.row->limit) / rate_share(curve, s.row->reference);
    const double error = std::log(s.row->value / expected) / kScale;
    sum += s.weight * std::log1p(error * error);
  }
  for (const Parameter& p : kParameters) {
    const double off = (curve.*p.member - prior.*p.member) / (family ? p.family_spread : p.spread);
    sum += 0.5 * off * off;
  }
  return sum;
}

/// Coordinate search with shrinking steps.
PowerCurve search(const std::vector<Sample>& samples, const PowerCurve& prior, bool family) {
  PowerCurve best = prior;
  double least = cost(samples, best, prior, family);
  constexpr double kFirstStep = 0.16, kLastStep = 5e-4;
  for (double step = kFirstStep; step > kLastStep;) {
    bool moved = false;
    for (const Parameter& p : kParameters) {
      for (const double direction : {1.0, -1.0}) {
        PowerCurve trial = best;
        trial.*p.member = std::clamp(trial.*p.member + direction * step, p.least, p.most);
        const double value = cost(samples, trial, prior, family);
        if (value >= least - 1e-12) continue;
        least = value;
        best = trial;
        moved = true;
      }
    }
    if (!moved) step /= 2;
  }
  return best;
}

/// Free draws of cards that work alone, the median of each sweep; cards that work together wait for
/// each other.
std::vector<double> free_draws(const std::vector<const PowerRow*>& rows) {
  std::map<std::string, std::vector<double>> sweeps;
  for (const PowerRow* row : rows) {
    if (row->cards == 1) sweeps[row->sweep].push_back(row->value);
  }
  std::vector<double> medians;
  medians.reserve(sweeps.size());
  for (const auto& [sweep, values] : sweeps) medians.push_back(quantile(values, 0.5));
  return medians;
}

/// Of all families: the median of theirs, so that one with many networks is one.
double general_draw(const std::vector<const PowerRow*>& rows, double otherwise) {
  std::map<std::string, std::vector<const PowerRow*>> families;
  for (const PowerRow* row : rows) families[row->family].push_back(row);
  std::vector<double> medians;
  for (const auto& [family, of_family] : families) {
    const std::vector<double> draws = free_draws(of_family);
    if (!draws.empty()) medians.push_back(quantile(draws, 0.5));
  }
  return medians.empty() ? otherwise : quantile(medians, 0.5);
}

struct OfCurve {
  std::vector<const PowerRow*> rates, draws;
};

double lowest_limit(const OfCurve& rows, double otherwise) {
  double lowest = 1;
  for (const PowerRow* row : rows.rates) lowest = std::min(lowest, row->limit);
  return rows.rates.empty() ? otherwise : lowest;
}

Fitted::Curve fit_curve(const OfCurve& rows, const PowerCurve& prior, bool family) {
  Fitted::Curve out{prior, static_cast<int>(rows.rates.size())};
  out.curve = search(weighted(rows.rates), prior, family);
  out.curve.lowest = lowest_limit(rows, prior.lowest);
  out.draws = static_cast<int>(rows.draws.size());
  if (!family) {
    out.curve.draw = general_draw(rows.draws, prior.draw);
    return out;
  }
  const std::vector<double> draws = free_draws(rows.draws);
  if (draws.empty()) {
    out.draws = 0;
    return out;
  }
  // The phase's value counts as one more sweep of the family.
  const auto n = static_cast<double>(draws.size());
  out.curve.draw = std::min(1.0, (n * quantile(draws, 0.5) + prior.draw) / (n + 1));
  return out;
}

}  // namespace

std::string curve_name(Phase phase, const std::string& family) {
  return family.empty() ? std::string(to_text(phase))
                        : fmt::format("{}:{}", to_text(phase), family);
}

estimate::PowerConstants Fitted::resolve(const std::string& family) const {
  estimate::PowerConstants constants;
  for (int i = 0; i < kPhases; ++i) {
    const auto phase = static_cast<Phase>(i);
    auto found = curves.find(curve_name(phase, family));
    if (found == curves.end()) found = curves.find(curve_name(phase, {}));
    if (found != curves.end()) constants[phase] = found->second.curve;
  }
  constants.idle = idle;
  return constants;
}

Fitted fit(const std::vector<PowerRow>& rows, const Use& use) {
  Fitted out;
  std::map<std::string, OfCurve> of;
  std::vector<double> idle;
  std::set<std::string> families;
  for (const PowerRow& row : rows) {
    if (!use(row)) continue;
    if (row.quantity == PowerQuantity::idle) {
      idle.push_back(row.value);
      continue;
    }
    if (row.quantity == PowerQuantity::draw && !row.is_free_draw()) continue;
    families.insert(row.family);
    for (const std::string& family : {std::string(), row.family}) {
      OfCurve& group = of[curve_name(row.phase, family)];
      (row.quantity == PowerQuantity::rate ? group.rates : group.draws).push_back(&row);
    }
  }
  if (!idle.empty()) out.idle = quantile(idle, 0.5);
  out.idle_rows = static_cast<int>(idle.size());
  for (int i = 0; i < kPhases; ++i) {
    const auto phase = static_cast<Phase>(i);
    const std::string general = curve_name(phase, {});
    out.curves[general] = fit_curve(of[general], prior_of(phase), false);
    for (const std::string& family : families) {
      const auto found = of.find(curve_name(phase, family));
      if (found == of.end()) continue;
      out.curves[found->first] = fit_curve(found->second, out.curves[general].curve, true);
    }
  }
  return out;
}

double quantile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  const double place = share * static_cast<double>(values.size() - 1);
  const auto low = static_cast<std::size_t>(place);
  const std::size_t high = std::min(low + 1, values.size() - 1);
  return values[low] + (place - static_cast<double>(low)) * (values[high] - values[low]);
}

}  // namespace rigor::fit_power
