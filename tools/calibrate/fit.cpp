#include "fit.hpp"

#include <ceres/ceres.h>

#include <array>
#include <cmath>
#include <map>
#include <unordered_map>

namespace rigor::calibrate {
namespace {

using estimate::EffectKey;
using estimate::Factor;
using estimate::kFactors;
using estimate::SpeedConstants;
using Level = EffectKey::Level;

/// How far effects of a level may lie from 1: one standard deviation of their logarithm.
double prior_sd(Factor factor, Level level) {
  const bool streams = factor < Factor::compute || factor == Factor::expert_stream;
  const bool ratio = factor == Factor::launch_recurrent || factor == Factor::launch_experts ||
                     factor == Factor::half_experts;
  const bool seconds = (factor >= Factor::half_tokens && factor <= Factor::reduce && !ratio) ||
                       factor == Factor::train_half || factor == Factor::train_launch;
  const bool training = factor == Factor::train_compute || factor == Factor::train_attention;
  const double spread = factor == Factor::matrix          ? 0.5
                        : factor == Factor::expert_stream ? 0.4
                        : streams || training             ? 1.0
                        : seconds                         ? 3.0
                                                          : 2.0;
  // Recurrent layers are new to engines: their kernels change from build to build.
  const bool young = factor == Factor::launch_recurrent || factor == Factor::scan;
  if (young && level == Level::epoch) return 0.5;
  const bool trains = factor >= Factor::train_compute;
  switch (level) {
    case Level::general: return 0.5 * spread;
    case Level::backend: return 0.18 * spread;
    case Level::engine: return (trains ? 0.15 : 0.12) * spread;
    case Level::epoch: return 0.1 * spread;
    case Level::kind: return 0.08 * spread;
    case Level::family: return (trains ? 0.12 : 0.18) * spread;
    case Level::kernel_family: return 0.12 * spread;
    case Level::device: return (trains ? 0.07 : 0.09) * spread;
    case Level::setting: return 0.3 * spread;
    case Level::program: return 0.12 * spread;
  }
  return 1;
}

SpeedConstants constants_of(const Sample& sample, const double* effects) {
  SpeedConstants constants;
  for (int f = 0; f < kFactors; ++f) {
    double sum = std::log(estimate::prior_value(static_cast<Factor>(f)));
    for (const int e : sample.effects[static_cast<std::size_t>(f)]) sum += effects[e];
    constants.value[static_cast<std::size_t>(f)] = std::exp(sum);
  }
  return constants;
}

double log_error(const Sample& sample, const SpeedConstants& constants) {
  const double predicted = sample.row->predict(constants);
  return std::log(predicted / sample.row->measured);
}

/// Weighted error from which a row loses its say.
constexpr double kLossScale = 1.5;

constexpr double kStep = 1e-4;

/// d log(predicted) / d log(factor); 0 for factors that are not asked for.
template <class Asked>
std::array<double, kFactors> slopes(const Sample& sample, SpeedConstants constants, double error,
                                    const Asked& asked) {
  std::array<double, kFactors> out = {};
  for (std::size_t f = 0; f < out.size(); ++f) {
    if (!asked(f)) continue;
    const double kept = constants.value[f];
    constants.value[f] = kept * std::exp(kStep);
    out[f] = (log_error(sample, constants) - error) / kStep;
    constants.value[f] = kept;
  }
  return out;
}

/// One measurement; parameters are the effects it depends on.
class RowCost : public ceres::CostFunction {
 public:
  explicit RowCost(const Sample& sample) : sample_(sample) {
    std::map<int, int> place;
    for (const auto& of_factor : sample.effects) {
      for (const int e : of_factor) place.try_emplace(e, 0);
    }
    for (auto& [effect, index] : place) {
      index = static_cast<int>(used.size());
      used.push_back(effect);
      mutable_parameter_block_sizes()->push_back(1);
    }
    local_.resize(kFactors);
    for (std::size_t f = 0; f < local_.size(); ++f) {
      for (const int e : sample.effects[f]) local_[f].push_back(place[e]);
    }
    set_num_residuals(1);
  }

  bool Evaluate(double const* const* parameters, double* residuals,
                double** jacobians) const override {
    SpeedConstants constants;
    for (std::size_t f = 0; f < local_.size(); ++f) {
      double sum = std::log(estimate::prior_value(static_cast<Factor>(f)));
      for (const int e : local_[f]) sum += parameters[e][0];
      constants.value[f] = std::exp(sum);
    }
    const double error = log_error(sample_, constants);
    residuals[0] = sample_.weight * error;
    if (jacobians == nullptr) return true;
    for (std::size_t e = 0; e < used.size(); ++e) {
      if (jacobians[e] != nullptr) jacobians[e][0] = 0;
    }
    const auto slope =
        slopes(sample_, constants, error, [&](std::size_t f) { return !local_[f].empty(); });
    for (std::size_t f = 0; f < local_.size(); ++f) {
      for (const int e : local_[f]) {
        if (jacobians[e] != nullptr) jacobians[e][0] += sample_.weight * slope[f];
      }
    }
    return true;
  }

  std::vector<int> used;

 private:
  const Sample& sample_;
  std::vector<std::vector<int>> local_;
};

/// Slope of the loss of a weighted error, as a share of the square's.
double say_of(double weighted) {
  return 1 / (1 + std::pow(weighted / kLossScale, 2));
}

class PriorCost : public ceres::SizedCostFunction<1, 1> {
 public:
  explicit PriorCost(double sd) : sd_(sd) {}
  bool Evaluate(double const* const* parameters, double* residuals,
                double** jacobians) const override {
    residuals[0] = parameters[0][0] / sd_;
    if (jacobians != nullptr && jacobians[0] != nullptr) jacobians[0][0] = 1 / sd_;
    return true;
  }

 private:
  double sd_;
};

}  // namespace

Model make_model(const std::vector<const evidence::TimedRow*>& rows) {
  Model model;
  std::unordered_map<std::string, int> index;
  std::map<std::string, int> group_rows;
  const auto group = [](const evidence::TimedRow& row) {
    return std::string((*row.row)["source"]) + "|" + row.scope.device + "|" + row.model() + "|" +
           std::string(row.quantity());
  };
  for (const evidence::TimedRow* row : rows) ++group_rows[group(*row)];
  constexpr double kScale = 0.08;  // error of an ordinary row
  for (const evidence::TimedRow* row : rows) {
    Sample sample{.row = row, .effects = {}};
    sample.effects.resize(kFactors);
    // Rows of one source, device and network are not independent.
    sample.weight = std::pow(group_rows[group(*row)], -0.3) / kScale;
    SpeedConstants constants;
    for (int f = 0; f < kFactors; ++f)
      constants.value[static_cast<std::size_t>(f)] = estimate::prior_value(static_cast<Factor>(f));
    const auto slope =
        slopes(sample, constants, log_error(sample, constants), [](std::size_t) { return true; });
    for (int f = 0; f < kFactors; ++f) {
      const auto at = static_cast<std::size_t>(f);
      if (std::abs(slope[at]) < 1e-7) continue;
      for (const EffectKey& key : effect_keys(static_cast<Factor>(f), row->scope)) {
        const auto [place, is_new] =
            index.try_emplace(key.text, static_cast<int>(model.effects.size()));
        if (is_new)
          model.effects.push_back({key.text, prior_sd(static_cast<Factor>(f), key.level), 0});
        sample.effects[at].push_back(place->second);
      }
    }
    std::map<int, bool> counted;
    for (const auto& of_factor : sample.effects) {
      for (const int e : of_factor) counted[e] = true;
    }
    for (const auto& [e, yes] : counted) ++model.effects[static_cast<std::size_t>(e)].rows;
    model.samples.push_back(std::move(sample));
  }
  return model;
}

std::vector<double> fit(const Model& model, const std::function<bool(const Sample&)>& use,
                        const std::vector<double>& start, int iterations, int threads) {
  std::vector<double> effects = start;
  effects.resize(model.effects.size(), 0.0);
  ceres::Problem problem;
  for (const Sample& sample : model.samples) {
    if (!use(sample)) continue;
    auto* cost = new RowCost(sample);  // the problem owns it
    std::vector<double*> blocks;
    for (const int e : cost->used) blocks.push_back(&effects[static_cast<std::size_t>(e)]);
    problem.AddResidualBlock(cost, new ceres::CauchyLoss(kLossScale), blocks);
  }
  for (std::size_t e = 0; e < effects.size(); ++e) {
    problem.AddResidualBlock(new PriorCost(model.effects[e].prior_sd), nullptr, &effects[e]);
  }
  ceres::Solver::Options options;
  options.max_num_iterations = iterations;
  options.linear_solver_type = ceres::SPARSE_NORMAL_CHOLESKY;
  options.num_threads = threads;
  options.logging_type = ceres::SILENT;
  options.function_tolerance = 1e-5;
  ceres::Solver::Summary summary;
  ceres::Solve(options, &problem, &summary);
  return effects;
}

Linearised::Linearised(const Model& model, std::vector<double> effects)
    : model_(model), effects_(std::move(effects)) {
  for (const Sample& sample : model.samples) {
    const SpeedConstants constants = constants_of(sample, effects_.data());
    const double error = log_error(sample, constants);
    const auto slope =
        slopes(sample, constants, error, [&](std::size_t f) { return !sample.effects[f].empty(); });
    std::map<int, double> sums;
    for (std::size_t f = 0; f < slope.size(); ++f) {
      for (const int e : sample.effects[f]) sums[e] += sample.weight * slope[f];
    }
    auto& own = slopes_.emplace_back();
    for (const auto& [e, value] : sums) own.push_back({e, value});
    weights_.push_back(say_of(sample.weight * error));
  }
  normal_ = normal_of([](const Sample&) { return true; });
  for (std::size_t e = 0; e < effects_.size(); ++e) {
    const auto at = static_cast<Eigen::Index>(e);
    normal_.coeffRef(at, at) += stiffness(e);
  }
}

double Linearised::stiffness(std::size_t effect) const {
  return std::pow(model_.effects[effect].prior_sd, -2);
}

Eigen::SparseMatrix<double> Linearised::normal_of(
    const std::function<bool(const Sample&)>& use) const {
  const auto size = static_cast<Eigen::Index>(effects_.size());
  std::vector<Eigen::Triplet<double>> entries;
  for (std::size_t e = 0; e < effects_.size(); ++e)
    entries.emplace_back(static_cast<int>(e), static_cast<int>(e), 0.0);
  for (std::size_t i = 0; i < slopes_.size(); ++i) {
    if (!use(model_.samples[i])) continue;
    for (const Slope& a : slopes_[i]) {
      for (const Slope& b : slopes_[i]) {
        if (b.effect <= a.effect)
          entries.emplace_back(a.effect, b.effect, weights_[i] * a.value * b.value);
      }
    }
  }
  Eigen::SparseMatrix<double> out(size, size);
  out.setFromTriplets(entries.begin(), entries.end());
  return out;
}

std::vector<double> Linearised::without(const std::function<bool(const Sample&)>& held) const {
  const Eigen::SparseMatrix<double> normal = normal_ - normal_of(held);
  const Eigen::SimplicialLLT<Eigen::SparseMatrix<double>> factor(normal);
  std::vector<double> out = effects_;
  constexpr int kSteps = 4;
  for (int step = 0; step < kSteps; ++step) {
    Eigen::VectorXd gradient(static_cast<Eigen::Index>(out.size()));
    for (std::size_t e = 0; e < out.size(); ++e)
      gradient[static_cast<Eigen::Index>(e)] = stiffness(e) * out[e];
    for (std::size_t i = 0; i < slopes_.size(); ++i) {
      const Sample& sample = model_.samples[i];
      if (held(sample)) continue;
      const double error = sample.weight * residual(model_, sample, out);
      for (const Slope& slope : slopes_[i])
        gradient[slope.effect] += say_of(error) * slope.value * error;
    }
    const Eigen::VectorXd change = factor.solve(gradient);
    for (std::size_t e = 0; e < out.size(); ++e) out[e] -= change[static_cast<Eigen::Index>(e)];
  }
  return out;
}

double residual(const Model&, const Sample& sample, const std::vector<double>& effects) {
  return log_error(sample, constants_of(sample, effects.data()));
}

}  // namespace rigor::calibrate
