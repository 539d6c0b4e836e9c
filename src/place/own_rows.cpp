#include "place/own_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "estimate/network.hpp"

namespace rigor::place {
namespace {

/// Of the variance of published residuals: what a rig has in common, what a network on it has, and
/// what belongs to one setting.
constexpr double kRigShare = 0.20, kNetworkShare = 0.35, kSettingShare = 0.45;
constexpr double kOtherLayout = 0.5;  ///< another number of devices, another split
constexpr double kOtherForm = 0.5;    ///< the same network stored otherwise
constexpr double kReach = 4;          ///< a size this many times as large is e times less alike
constexpr double kSmallCache = 2048;  ///< tokens below which a cache hardly slows generating
constexpr double kLeastNoise = 0.03;  ///< from run to run
constexpr double kQuantile = 1.645;   ///< of the normal distribution, 5 % beyond
constexpr double kClip = 3;           ///< standard deviations
constexpr std::size_t kMostRows = 64;

struct Near {
  const OwnRow* row = nullptr;
  double likeness = 0;
};

std::vector<Near> nearest(std::span<const OwnRow> rows, const OwnSetting& asked) {
  std::vector<Near> near;
  for (const OwnRow& row : rows) {
    const double alike = likeness(row.setting, asked);
    if (alike > 0) near.push_back({&row, alike});
  }
  std::stable_sort(near.begin(), near.end(),
                   [](const Near& a, const Near& b) { return a.likeness > b.likeness; });
  if (near.size() > kMostRows) near.resize(kMostRows);
  return near;
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return 0.5 * (*middle + *std::max_element(values.begin(), middle));
}

/// Standard deviation from run to run: as stated, as repeated settings show, and never less than
/// what such runs have at least.
double noise_of(const std::vector<Near>& near) {
  double squares = 0, freedom = 0, stated = 0;
  for (std::size_t i = 0; i < near.size(); ++i) {
    stated = std::max(stated, std::min(near[i].row->noise, 0.2));
    double twins = 0, difference = 0;
    for (std::size_t k = 0; k < near.size(); ++k) {
      if (k == i || likeness(near[i].row->setting, near[k].row->setting) < 0.999) continue;
      twins += 1;
      const double d = near[i].row->logarithm - near[k].row->logarithm;
      difference += 0.5 * d * d;
    }
    if (twins == 0) continue;
    squares += difference / twins;
    freedom += 1;
  }
  const double repeated = freedom > 0 ? std::sqrt(squares / freedom) : 0.0;
  return std::max({kLeastNoise, stated, repeated});
}

/// A wild row pulls no further than kClip deviations from the median of all.
std::vector<double> clipped(const std::vector<Near>& near, double within) {
  std::vector<double> values;
  values.reserve(near.size());
  for (const Near& one : near) values.push_back(one.row->logarithm);
  const double middle = median(values);
  for (double& value : values)
    value = std::clamp(value, middle - kClip * within, middle + kClip * within);
  return values;
}

/// How many times as large the larger of two sizes is, as a logarithm.
double apart(const OwnSetting& a, const OwnSetting& b) {
  const double least = a.quantity == OwnQuantity::decode ? kSmallCache : 0;
  return std::fabs(std::log((least + std::max(1.0, a.size)) / (least + std::max(1.0, b.size))));
}

/// Cholesky factor in place (lower triangle, row by row), then the two triangular solutions.
/// Requires: symmetric and positive definite.
class Solver {
 public:
  explicit Solver(std::vector<double> matrix, std::size_t size)
      : factor_(std::move(matrix)), size_(size) {
    for (std::size_t i = 0; i < size_; ++i) {
      for (std::size_t k = 0; k <= i; ++k) {
        double sum = at(i, k);
        for (std::size_t m = 0; m < k; ++m) sum -= at(i, m) * at(k, m);
        at(i, k) = i == k ? std::sqrt(std::max(sum, 1e-12)) : sum / at(k, k);
      }
    }
  }
  std::vector<double> solve(std::vector<double> b) {
    for (std::size_t i = 0; i < size_; ++i) {
      for (std::size_t m = 0; m < i; ++m) b[i] -= at(i, m) * b[m];
      b[i] /= at(i, i);
    }
    for (std::size_t i = size_; i-- > 0;) {
      for (std::size_t m = i + 1; m < size_; ++m) b[i] -= at(m, i) * b[m];
      b[i] /= at(i, i);
    }
    return b;
  }

 private:
  double& at(std::size_t row, std::size_t column) { return factor_[row * size_ + column]; }
  std::vector<double> factor_;
  std::size_t size_;
};

/// Shares of the rows in the answer.
std::vector<double> weights(const std::vector<Near>& near, double variance, double noise) {
  const std::size_t n = near.size();
  std::vector<double> matrix(n * n), toward(n);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < n; ++k)
      matrix[i * n + k] = variance * likeness(near[i].row->setting, near[k].row->setting);
    matrix[i * n + i] = variance + noise * noise;
    toward[i] = variance * near[i].likeness;
  }
  return Solver(std::move(matrix), n).solve(std::move(toward));
}

}  // namespace

std::string_view to_text(OwnQuantity quantity) {
  switch (quantity) {
    case OwnQuantity::decode: return "decode";
    case OwnQuantity::prefill: return "prefill";
    case OwnQuantity::output: return "output";
    case OwnQuantity::training: return "training";
  }
  return {};
}

std::string shape_of(const estimate::Network& network) {
  const estimate::Operations& o = network.operations;
  std::string shape = fmt::format("{} x {}", o.layers, o.hidden);
  for (const estimate::Operation kind :
       {estimate::Operation::attention, estimate::Operation::recurrent,
        estimate::Operation::feed_forward, estimate::Operation::experts}) {
    shape += fmt::format(", {:.4g}", o.matrices[static_cast<std::size_t>(kind)].elements);
  }
  return shape;
}

double likeness(const OwnSetting& a, const OwnSetting& b) {
  if (a.quantity != b.quantity || a.engine != b.engine || a.backend != b.backend ||
      a.device != b.device) {
    return 0;
  }
  const bool same_layout = a.devices == b.devices && a.ways == b.ways && a.on_host == b.on_host;
  const double layout = same_layout ? 1 : kOtherLayout;
  const bool same_network = !a.network.empty() && a.network == b.network;
  const double network = !same_network ? 0 : a.form == b.form ? 1 : kOtherForm;
  const double near = std::exp(-apart(a, b) / std::log(kReach));
  return layout * (kRigShare + network * (kNetworkShare + kSettingShare * near));
}

Correction correction(std::span<const OwnRow> rows, const OwnSetting& asked, double low,
                      double high) {
  const std::vector<Near> near = nearest(rows, asked);
  if (near.empty() || low <= 0 || high < low) return {.low = low, .high = high};
  const double noise = noise_of(near);
  const double published = std::max((std::log(high) - std::log(low)) / (2 * kQuantile), noise);
  const double variance = published * published;
  const double within = std::sqrt((1 - kRigShare) * variance + noise * noise);
  const std::vector<double> ratios = clipped(near, within);
  const std::vector<double> share = weights(near, variance, noise);
  double logarithm = 0, known = 0;
  for (std::size_t i = 0; i < near.size(); ++i) {
    logarithm += share[i] * ratios[i];
    known += share[i] * variance * near[i].likeness;
  }
  const auto [least, most] = std::minmax_element(ratios.begin(), ratios.end());
  logarithm = std::clamp(logarithm, std::min(0.0, *least), std::max(0.0, *most));
  const double left = std::sqrt(std::max(0.0, variance - known) + noise * noise);
  const double narrowing = std::min(1.0, left / published);
  return {.rows = static_cast<int>(near.size()),
          .factor = std::exp(logarithm),
          .low = std::exp(std::min(narrowing * std::log(low), -kQuantile * noise)),
          .high = std::exp(std::max(narrowing * std::log(high), kQuantile * noise))};
}

}  // namespace rigor::place
