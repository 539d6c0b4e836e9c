// The robust hierarchical fit behind calibration/speed.csv. Developer program, not linked into
// rigor.
#pragma once

#include <Eigen/SparseCholesky>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "estimate/speed/calibration.hpp"
#include "evidence/speed_row.hpp"

namespace rigor::calibrate {

/// One measurement with what it depends on.
struct Sample {
  const evidence::TimedRow* row = nullptr;
  double weight = 1;
  /// For every factor: indices of its effects; empty when the figure does not depend on it.
  std::vector<std::vector<int>> effects;
};

struct Effect {
  std::string key;
  double prior_sd = 1;
  int rows = 0;
};

struct Model {
  std::vector<Effect> effects;
  std::vector<Sample> samples;
};

/// Effects and samples of these rows.
Model make_model(const std::vector<const evidence::TimedRow*>& rows);

/// Logarithms of all effects. `use` says which samples count; `start` may be empty.
std::vector<double> fit(const Model& model, const std::function<bool(const Sample&)>& use,
                        const std::vector<double>& start, int iterations, int threads);

/// A fit and its slopes, from which fits without some samples follow in a few Newton steps: errors
/// are computed anew at every step, slopes stay those of the whole fit.
class Linearised {
 public:
  /// The model must outlive it.
  Linearised(const Model& model, std::vector<double> effects);
  /// Logarithms of all effects, fitted to the samples that `use` takes.
  [[nodiscard]] std::vector<double> without(const std::function<bool(const Sample&)>& held) const;

 private:
  struct Slope {
    int effect = 0;
    double value = 0;
  };
  const Model& model_;
  [[nodiscard]] double stiffness(std::size_t effect) const;
  [[nodiscard]] Eigen::SparseMatrix<double> normal_of(
      const std::function<bool(const Sample&)>& use) const;

  std::vector<double> effects_;
  std::vector<std::vector<Slope>> slopes_;  ///< of each sample's weighted error
  std::vector<double> weights_;             ///< the loss's slope at each sample
  Eigen::SparseMatrix<double> normal_;      ///< of all samples and priors, lower half
};

/// log(predicted / measured).
double residual(const Model& model, const Sample& sample, const std::vector<double>& effects);

}  // namespace rigor::calibrate
