// The robust hierarchical fit behind calibration/speed.csv. Developer program, not linked into
// rigor.
#pragma once

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
                        const std::vector<double>& start, int iterations);

/// log(predicted / measured).
double residual(const Model& model, const Sample& sample, const std::vector<double>& effects);

}  // namespace rigor::calibrate
