// The arcs a plan may still take, month by month; passes over it give bounds. A part of solve.hpp.
// Layer 7.
//
// A state (t, j) is: month t is over, configuration j ran in it. Month -1 is the start.
// Derivations: docs/models/80-plan.md
#pragma once

#include <memory>
#include <optional>

#include "plan/instance.hpp"

namespace rigor::plan {

/// As a score: cannot be. Two of them can be added.
inline constexpr Score kBlocked = std::numeric_limits<Score>::max() / 4;
/// Real scores are far below, so adding one to `kBlocked` does not hide it.
constexpr bool is_blocked(Score score) {
  return score >= kBlocked / 2;
}
/// As cash: cannot be.
inline constexpr Cents kUnreachable = std::numeric_limits<Cents>::min() / 4;

/// Arcs of one month, by the configuration they leave. `arc` is the index in the instance.
struct MonthArcs {
  std::vector<std::uint32_t> first = {};
  std::vector<std::uint32_t> arc = {};
};

class Graph {
 public:
  /// All arcs in all months. The instance must outlive the graph.
  explicit Graph(const Instance& instance);

  [[nodiscard]] const Instance& instance() const { return *instance_; }
  [[nodiscard]] std::span<const std::uint32_t> arcs(int month, int from) const;
  [[nodiscard]] std::size_t size() const;

  /// The arcs of a month for which `keep(from, arc)`.
  template <class Keep>
  void reduce(int month, const Keep& keep) {
    const auto& old = months_[static_cast<std::size_t>(month)];
    auto fresh = std::make_shared<MonthArcs>();
    fresh->first.reserve(old->first.size());
    for (int i = 0; i < instance_->configurations; ++i) {
      fresh->first.push_back(static_cast<std::uint32_t>(fresh->arc.size()));
      for (const std::uint32_t arc : arcs(month, i))
        if (keep(i, arc)) fresh->arc.push_back(arc);
    }
    fresh->first.push_back(static_cast<std::uint32_t>(fresh->arc.size()));
    months_[static_cast<std::size_t>(month)] = std::move(fresh);
  }

 private:
  const Instance* instance_;
  std::vector<std::shared_ptr<const MonthArcs>> months_;
};

/// One value per state: `at(t)` holds those after month t, t from -1.
template <class T>
class States {
 public:
  States(const Instance& instance, T value)
      : width_(static_cast<std::size_t>(instance.configurations)),
        values_(width_ * static_cast<std::size_t>(instance.months + 1), value) {}
  [[nodiscard]] std::span<T> at(int month) {
    return std::span(values_).subspan(static_cast<std::size_t>(month + 1) * width_, width_);
  }
  [[nodiscard]] std::span<const T> at(int month) const {
    return std::span(values_).subspan(static_cast<std::size_t>(month + 1) * width_, width_);
  }

 private:
  std::size_t width_;
  std::vector<T> values_;
};

/// Prices of the cash constraints, in score per cent: `rest[t]` is the sum of the multipliers of
/// months t and later, so it never rises. All 0: the cash constraint is ignored.
struct Multipliers {
  std::vector<std::int64_t> rest = {};  ///< per month, and a 0
};
Multipliers no_multipliers(const Instance& instance);

/// Completion bounds: after month t in j with `cash` above the reserve, every way to the end that
/// keeps the reserve adds at least `to_go.at(t)[j] - rest[t + 1] cash - fixed[t + 1]`.
struct ToGo {
  Multipliers multipliers = {};
  States<Score> to_go;
  std::vector<Score> fixed = {};  ///< per month from -1
};
ToGo completion_bound(const Graph& graph, Multipliers multipliers);
/// Its value at the start: no plan scores less.
Score root_bound(const ToGo& bound, const Instance& instance);

/// The most cash above the reserve that can be there; `kUnreachable` where no plan comes by.
States<Cents> most_cash(const Graph& graph, Cents opening);
/// The least cash above the reserve from which the end can be reached.
States<Cents> cash_needed(const Graph& graph);

/// Drops arcs that no plan within the purse takes.
void drop_unaffordable(Graph& graph, const States<Cents>& most, const States<Cents>& needed);
/// Drops arcs that no plan with a score below `limit` takes.
void drop_costly(Graph& graph, const ToGo& bound, Score limit);

/// A path that follows the bound greedily: optimal when there is no cash constraint. Empty when
/// the end cannot be reached.
std::optional<Path> greedy_path(const Graph& graph, const ToGo& bound);

/// Cash above the reserve after each month of a path.
std::vector<Cents> cash_curve(const Instance& instance, const Path& path);

}  // namespace rigor::plan
