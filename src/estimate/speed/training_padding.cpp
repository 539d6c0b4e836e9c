#include "estimate/speed/training_padding.hpp"

#include <algorithm>
#include <cmath>

namespace rigor::estimate {
namespace {

using workload::FineTune;

/// Mean of min(X, 1) for X exponential with mean `scale`.
double cut_mean(double scale) {
  return scale * -std::expm1(-1 / scale);
}

/// The scale whose cut mean is `mean`, in units of the cut.
double scale_of(double mean) {
  double low = mean, high = 1 / (1 - mean);  // cut_mean(s) >= s / (1 + s)
  for (int i = 0; i < 60; ++i) {
    const double middle = 0.5 * (low + high);
    (cut_mean(middle) < mean ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

}  // namespace

double longest_sample(double mean, double most, int count) {
  constexpr double kFull = 0.9995;  // nearer to the cut than samples are counted
  const double share = mean / most;
  if (share >= kFull) return most;
  const double scale = scale_of(share);
  // The longest of n has the distribution function F^n; integrating 1 - F^n over the length, with
  // u = F, gives scale x (u + u^2/2 + ... + u^n/n) up to u at the cut.
  const double u = -std::expm1(-1 / scale);
  double sum = 0, power = 1;
  for (int k = 1; k <= count; ++k) {
    power *= u;
    if (power < 1e-12) break;
    sum += power / k;
  }
  return std::clamp(scale * sum, share, 1.0) * most;
}

Lengths lengths_of(const FineTune& f) {
  const double whole = f.sequence;
  if (f.sample_tokens <= 0 || f.sample_tokens >= f.sequence)
    return {.computed = whole, .attended = whole};
  const double sample = f.sample_tokens;
  if (f.batching == workload::Batching::packed) {
    // Eager kernels compute the scores of all pairs and mask those of other samples.
    const bool eager = f.attention == workload::Attention::eager;
    return {.computed = whole, .attended = eager ? whole : sample};
  }
  const double longest = longest_sample(sample, whole, std::max(1, f.micro_batch));
  return {.computed = longest, .attended = longest, .useful = std::min(1.0, sample / longest)};
}

}  // namespace rigor::estimate
