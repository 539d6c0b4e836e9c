#include "cost/chance.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/special_functions/beta.hpp>
#include <cmath>
#include <numbers>

namespace rigor::cost {
namespace {

constexpr double kWidest = 6.5;  // standard deviations; 8e-11 of all draws lie beyond
constexpr int kGrid = 1024;      // cells of the table over them
constexpr double kTail = 0.05;
constexpr int kBins = 50;

double normal_share_below(double z) {
  return 0.5 * std::erfc(-z / std::numbers::sqrt2);
}

/// The margin's value at each node of the grid of normals.
std::vector<double> table_of(const Pert& pert) {
  std::vector<double> values;
  for (int i = 0; i <= kGrid; ++i) {
    const double z = kWidest * (2.0 * i / kGrid - 1);
    values.push_back(pert.quantile(normal_share_below(z)));
  }
  return values;
}

double look_up(const std::vector<double>& values, double z) {
  const double at = (std::clamp(z, -kWidest, kWidest) / kWidest + 1) * (kGrid / 2.0);
  const auto cell = std::min(static_cast<std::size_t>(at), static_cast<std::size_t>(kGrid - 1));
  const double part = at - static_cast<double>(cell);
  return values[cell] + part * (values[cell + 1] - values[cell]);
}

/// Lower triangle L with L L' = matrix; empty when the matrix is not positive definite.
std::vector<double> cholesky(std::vector<double> matrix, std::size_t n) {
  constexpr double kLeast = 1e-12;
  for (std::size_t j = 0; j < n; ++j) {
    for (std::size_t k = 0; k < j; ++k) {
      for (std::size_t i = j; i < n; ++i)
        matrix[i * n + j] -= matrix[i * n + k] * matrix[j * n + k];
    }
    if (matrix[j * n + j] < kLeast) return {};
    const double root = std::sqrt(matrix[j * n + j]);
    for (std::size_t i = j; i < n; ++i) matrix[i * n + j] /= root;
  }
  return matrix;
}

/// The value a share `p` of the sorted-or-not values lies below.
double at_share(std::vector<double>& values, double p) {
  const auto place = static_cast<std::ptrdiff_t>(p * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + place, values.end());
  return values[static_cast<std::size_t>(place)];
}

/// Mean of the worst share of the values. Reorders them.
double mean_of_worst(std::vector<double>& values) {
  const auto count = std::max<std::ptrdiff_t>(
      1, static_cast<std::ptrdiff_t>(kTail * static_cast<double>(values.size())));
  std::nth_element(values.begin(), values.begin() + count - 1, values.end());
  double sum = 0;
  for (std::ptrdiff_t i = 0; i < count; ++i) sum += values[static_cast<std::size_t>(i)];
  return sum / static_cast<double>(count);
}

/// Equal bins from the 0.1 % to the 99.9 % value; what lies beyond is in the outermost.
std::vector<Bin> histogram(std::vector<double>& values) {
  const double low = at_share(values, 0.001), high = at_share(values, 0.999);
  const double width = (high - low) / kBins;
  std::vector<Bin> bins;
  if (width <= 0) return {{low, high, static_cast<std::int64_t>(values.size())}};
  bins.reserve(kBins);
  for (int i = 0; i < kBins; ++i) bins.push_back({low + i * width, low + (i + 1) * width, 0});
  for (const double value : values) {
    const double bin = std::clamp((value - low) / width, 0.0, kBins - 1.0);
    ++bins[static_cast<std::size_t>(bin)].count;
  }
  return bins;
}

/// Sums behind the correlation of each normal with the result.
struct Spread {
  std::vector<double> product, square, sum;
  explicit Spread(std::size_t n) : product(n), square(n), sum(n) {}
  void add(std::span<const double> normals, double value) {
    for (std::size_t i = 0; i < normals.size(); ++i) {
      product[i] += normals[i] * value;
      square[i] += normals[i] * normals[i];
      sum[i] += normals[i];
    }
  }
  [[nodiscard]] std::vector<double> shares(double n, double mean, double variance) const {
    std::vector<double> out;
    double total = 0;
    for (std::size_t i = 0; i < product.size(); ++i) {
      const double covariance = product[i] / n - mean * sum[i] / n;
      const double own = square[i] / n - sum[i] * sum[i] / (n * n);
      const double scale = own * variance;
      out.push_back(scale > 0 ? covariance * covariance / scale : 0);
      total += out.back();
    }
    for (double& share : out) share = total > 0 ? share / total : 0;
    return out;
  }
};

}  // namespace

double Pert::quantile(double p) const {
  RIGOR_ASSERT(p >= 0 && p <= 1 && low <= likely && likely <= high);
  const double width = high - low;
  if (width <= 0) return low;
  const double a = 1 + 4 * (likely - low) / width, b = 1 + 4 * (high - likely) / width;
  return low + width * boost::math::ibeta_inv(a, b, p);
}

Result<Sampler> Sampler::make(std::span<const Margin> margins, std::span<const RankTie> ties) {
  const std::size_t n = margins.size();
  std::vector<double> matrix(n * n, 0);
  for (std::size_t i = 0; i < n; ++i) matrix[i * n + i] = 1;
  for (const RankTie& tie : ties) {
    RIGOR_ASSERT(tie.a < n && tie.b < n && tie.a != tie.b);
    // Of normals with the rank correlation rho: r = 2 sin(pi rho / 6).
    const double linear = 2 * std::sin(std::numbers::pi * tie.rank / 6);
    matrix[tie.a * n + tie.b] = matrix[tie.b * n + tie.a] = linear;
  }
  Sampler sampler;
  sampler.factor_ = cholesky(matrix, n);
  if (n > 0 && sampler.factor_.empty())
    return fail(ErrorCode::malformed, "the correlations contradict each other", {},
                "values tied closely to one another must be tied alike to the rest");
  sampler.margins_.assign(margins.begin(), margins.end());
  for (const Margin& margin : margins) sampler.values_.push_back(table_of(margin.pert));
  sampler.free_.assign(n + n % 2, 0);
  sampler.tied_.assign(n, 0);
  return sampler;
}

void Sampler::draw(SplitMix64& random, LeverValues& levers) {
  const std::size_t n = margins_.size();
  // Box and Muller: two uniforms give two normals.
  for (std::size_t i = 0; i < free_.size(); i += 2) {
    const double radius = std::sqrt(-2 * std::log(random.uniform()));
    const double angle = 2 * std::numbers::pi * random.uniform();
    free_[i] = radius * std::cos(angle);
    free_[i + 1] = radius * std::sin(angle);
  }
  for (std::size_t i = 0; i < n; ++i) {
    double z = 0;
    for (std::size_t k = 0; k <= i; ++k) z += factor_[i * n + k] * free_[k];
    tied_[i] = z;
    levers[margins_[i].lever] = look_up(values_[i], z);
  }
}

Chances simulate(const NpvModel& model, Sampler sampler, std::uint64_t seed, std::int64_t draws) {
  RIGOR_ASSERT(draws >= 100);
  SplitMix64 random(seed);
  LeverValues levers = model.base();
  Spread spread(sampler.size());
  std::vector<double> values(static_cast<std::size_t>(draws));
  double sum = 0, squares = 0;
  std::int64_t above = 0;
  for (double& value : values) {
    sampler.draw(random, levers);
    value = model.npv(levers);
    sum += value;
    squares += value * value;
    above += value > 0 ? 1 : 0;
    spread.add(sampler.normals(), value);
  }
  const double n = static_cast<double>(draws);
  Chances chances;
  chances.draws = draws;
  chances.seed = seed;
  chances.mean = sum / n;
  const double variance = std::max(0.0, squares / n - chances.mean * chances.mean);
  chances.deviation = std::sqrt(variance);
  chances.above_zero = static_cast<double>(above) / n;
  chances.spread_by = spread.shares(n, chances.mean, variance);
  chances.p5 = at_share(values, 0.05);
  chances.p50 = at_share(values, 0.5);
  chances.p95 = at_share(values, 0.95);
  chances.cvar = mean_of_worst(values);
  chances.histogram = histogram(values);
  return chances;
}

}  // namespace rigor::cost
