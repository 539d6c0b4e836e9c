// Uncertain values drawn together: Beta-PERT margins tied by rank correlations through a Gaussian
// copula, from a generator of our own, so that a seed gives the same draws everywhere. Layer 6.
//
// Formulas and checks: docs/models/71-monte-carlo.md.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.hpp"
#include "cost/cost_case.hpp"

namespace rigor::cost {

/// SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014).
class SplitMix64 {
 public:
  explicit SplitMix64(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }
  /// Open interval (0, 1), 53 bits.
  double uniform() { return (static_cast<double>(next() >> 11) + 0.5) * 0x1p-53; }

 private:
  std::uint64_t state_;
};

/// Lowest, likeliest, highest, as a Beta distribution with mean (low + 4 likely + high) / 6.
struct Pert {
  double low = 0, likely = 0, high = 0;
  [[nodiscard]] double mean() const { return (low + 4 * likely + high) / 6; }
  /// The value that a share `p` of all draws lies below. Requires: 0 <= p <= 1.
  [[nodiscard]] double quantile(double p) const;
};

/// One uncertain lever.
struct Margin {
  Lever lever = Lever::hours;
  Pert pert = {};
};
struct RankTie {
  std::size_t a = 0, b = 0;  ///< of the margins
  double rank = 0;           ///< Spearman's
};

/// Draws all margins at once.
class Sampler {
 public:
  /// Error when the ties contradict each other (their matrix is not positive definite).
  static Result<Sampler> make(std::span<const Margin> margins, std::span<const RankTie> ties);
  /// Sets the levers of the margins; the others stay.
  void draw(SplitMix64& random, LeverValues& levers);
  [[nodiscard]] std::size_t size() const { return margins_.size(); }
  [[nodiscard]] const std::vector<Margin>& margins() const { return margins_; }
  /// Standard normals behind the last draw, tied; for the shares of the spread.
  [[nodiscard]] std::span<const double> normals() const { return tied_; }

 private:
  std::vector<Margin> margins_;
  std::vector<double> factor_;               ///< lower triangle of the copula, by rows
  std::vector<std::vector<double>> values_;  ///< per margin, by the grid of normals
  std::vector<double> free_, tied_;
};

struct Bin {
  double low = 0, high = 0;
  std::int64_t count = 0;
};

struct Chances {
  std::int64_t draws = 0;
  std::uint64_t seed = 0;
  double mean = 0, deviation = 0;
  double p5 = 0, p50 = 0, p95 = 0;
  double above_zero = 0;  ///< share of the draws
  double cvar = 0;        ///< mean of the worst 5 %
  std::vector<Bin> histogram = {};
  /// Of each margin: squared correlation of its normal with the result, made to sum to 1.
  std::vector<double> spread_by = {};
};
/// Requires: draws >= 100. Margins of the discount rate are refused by the caller.
Chances simulate(const NpvModel& model, Sampler sampler, std::uint64_t seed, std::int64_t draws);

}  // namespace rigor::cost
