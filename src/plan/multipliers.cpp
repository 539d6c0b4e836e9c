#include "plan/multipliers.hpp"

#include <algorithm>
#include <cmath>

#include "plan/certificate.hpp"

namespace rigor::plan {

namespace {

std::size_t index(int month) {
  return static_cast<std::size_t>(month);
}

/// Multipliers beyond this could make sums of scores overflow.
double largest_rate(const Instance& x) {
  double cents =
      std::abs(static_cast<double>(x.opening)) + std::abs(static_cast<double>(x.reserve));
  const auto widest = [&](std::span<const Cents> amounts) {
    double most = 0;
    for (const Cents amount : amounts)
      if (amount != kNever) most = std::max(most, std::abs(static_cast<double>(amount)));
    return most;
  };
  cents += x.months * (widest(x.move_cost) + widest(x.running) + widest(x.income));
  return 4e17 / std::max(1.0, cents);
}

class Climber {
 public:
  Climber(const Graph& graph, const Multipliers& from, Score target)
      : graph_(graph), x_(graph.instance()), target_(target), cap_(largest_rate(x_)) {
    each_.resize(index(x_.months));
    for (int t = 0; t < x_.months; ++t)
      each_[index(t)] = static_cast<double>(from.rest[index(t)] - from.rest[index(t + 1)]);
    direction_.assign(each_.size(), 0.0);
  }

  Climb run(int steps) {
    int since_better = 0;
    for (int step = 0; step < steps; ++step) {
      ToGo bound = completion_bound(graph_, rounded());
      const Score root = root_bound(bound, x_);
      const auto path = greedy_path(graph_, bound);
      if (!path) break;
      const std::vector<Cents> slack = cash_curve(x_, *path);
      keep(*path, slack);
      const bool better = climb_.roots.empty() || root > climb_.roots.front();
      since_better = better ? 0 : since_better + 1;
      remember(std::move(bound), root, better);
      if (climb_.roots.front() >= std::min(target_, climb_.within_score)) break;
      if (since_better >= 3) pace_ /= 2, since_better = 0;
      advance(slack, root);
    }
    return std::move(climb_);
  }

 private:
  [[nodiscard]] Multipliers rounded() const {
    Multipliers result = no_multipliers(x_);
    double sum = 0;
    for (int t = x_.months - 1; t >= 0; --t) {
      sum += each_[index(t)];
      result.rest[index(t)] = static_cast<std::int64_t>(std::min(sum, cap_));
    }
    return result;
  }

  void keep(const Path& path, const std::vector<Cents>& slack) {
    if (std::ranges::any_of(slack, [](Cents cash) { return cash < 0; })) return;
    const Score score = recompute(x_, path).score;
    if (score < climb_.within_score) climb_.within_score = score, climb_.within = path;
  }

  void remember(ToGo bound, Score root, bool better) {
    const auto where = better ? 0 : static_cast<std::ptrdiff_t>(climb_.roots.size());
    climb_.roots.insert(climb_.roots.begin() + where, root);
    climb_.bounds.insert(climb_.bounds.begin() + where, std::move(bound));
    if (climb_.roots.size() > 4) climb_.roots.pop_back(), climb_.bounds.pop_back();
  }

  /// Polyak's step towards the target along the violations, with some of the last direction.
  void advance(const std::vector<Cents>& slack, Score root) {
    double norm = 0;
    for (std::size_t t = 0; t < each_.size(); ++t) {
      const double violation = -static_cast<double>(slack[t]);
      direction_[t] = violation + 0.5 * direction_[t];
      if (each_[t] <= 0 && direction_[t] < 0) direction_[t] = 0;
      norm += direction_[t] * direction_[t];
    }
    if (norm <= 0) return;
    const double gap = static_cast<double>(std::min(target_, climb_.within_score) - root);
    const double step = pace_ * gap / norm;
    for (std::size_t t = 0; t < each_.size(); ++t)
      each_[t] = std::max(0.0, each_[t] + step * direction_[t]);
  }

  const Graph& graph_;
  const Instance& x_;
  Score target_;
  double cap_;
  double pace_ = 1.0;
  std::vector<double> each_, direction_;
  Climb climb_ = {};
};

}  // namespace

Climb climb(const Graph& graph, const Multipliers& from, Score target, int steps) {
  return Climber(graph, from, target).run(steps);
}

}  // namespace rigor::plan
