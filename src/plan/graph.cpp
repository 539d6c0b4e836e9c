#include "plan/graph.hpp"

#include <algorithm>
#include <numeric>

namespace rigor::plan {

namespace {

std::size_t index(int month) {
  return static_cast<std::size_t>(month);
}

/// Per move in a month: what it takes from the purse.
std::vector<Cents> costs(const Instance& instance, int month) {
  std::vector<Cents> costs(static_cast<std::size_t>(instance.moves));
  for (std::size_t m = 0; m < costs.size(); ++m)
    costs[m] = instance.cost_of(month, static_cast<std::uint32_t>(m));
  return costs;
}

/// Per move in a month: its score, each cent at `rate`.
std::vector<Score> move_scores(const Instance& instance, int month, std::int64_t rate) {
  std::vector<Score> scores = costs(instance, month);
  for (Score& score : scores) score = score == kNever ? kBlocked : rate * score;
  return scores;
}

/// Per configuration: what running a month there scores, each cent at `rate`.
std::vector<Score> standing_scores(const Instance& instance, int month, std::int64_t rate) {
  std::vector<Score> scores(static_cast<std::size_t>(instance.configurations));
  for (std::size_t j = 0; j < scores.size(); ++j) {
    const int configuration = static_cast<int>(j);
    const Cents running = instance.running_of(month, configuration);
    scores[j] = running == kNever ? kBlocked
                                  : rate * running + instance.unserved_weight *
                                                         instance.unserved_of(month, configuration);
  }
  return scores;
}

/// Score per cent that is paid in a month: discounted, and what it costs the constraints after it.
std::int64_t rate_of(const Instance& instance, const Multipliers& multipliers, int month) {
  return instance.weight[index(month)] + multipliers.rest[index(month)];
}

}  // namespace

Graph::Graph(const Instance& instance) : instance_(&instance) {
  auto all = std::make_shared<MonthArcs>();
  all->first = instance.first_arc;
  all->arc.resize(instance.arcs.size());
  std::iota(all->arc.begin(), all->arc.end(), 0U);
  months_.assign(index(instance.months), std::move(all));
}

std::span<const std::uint32_t> Graph::arcs(int month, int from) const {
  const MonthArcs& arcs = *months_[index(month)];
  const std::uint32_t first = arcs.first[index(from)];
  return std::span(arcs.arc).subspan(first, arcs.first[index(from) + 1] - first);
}

std::size_t Graph::size() const {
  return std::accumulate(
      months_.begin(), months_.end(), std::size_t{0},
      [](std::size_t sum, const auto& month) { return sum + month->arc.size(); });
}

Multipliers no_multipliers(const Instance& instance) {
  return {std::vector<std::int64_t>(index(instance.months + 1), 0)};
}

ToGo completion_bound(const Graph& graph, Multipliers multipliers) {
  const Instance& x = graph.instance();
  ToGo bound{std::move(multipliers), States<Score>(x, kBlocked),
             std::vector<Score>(index(x.months + 1), 0)};
  for (int j = 0; j < x.configurations; ++j)
    bound.to_go.at(x.months - 1)[index(j)] = -x.weight.back() * x.salvage[index(j)];
  for (int t = x.months - 1; t >= 0; --t) {
    const std::int64_t rate = rate_of(x, bound.multipliers, t);
    const std::vector<Score> moves = move_scores(x, t, rate);
    std::vector<Score> ahead = standing_scores(x, t, rate);
    const auto after = bound.to_go.at(t);
    for (std::size_t j = 0; j < ahead.size(); ++j)
      ahead[j] = is_blocked(ahead[j]) || is_blocked(after[j]) ? kBlocked : ahead[j] + after[j];
    const auto before = bound.to_go.at(t - 1);
    for (int i = 0; i < x.configurations; ++i) {
      Score best = kBlocked;
      for (const std::uint32_t a : graph.arcs(t, i))
        best = std::min(best, moves[x.arcs[a].move] + ahead[x.arcs[a].to]);
      before[index(i)] = is_blocked(best) ? kBlocked : best;
    }
    bound.fixed[index(t)] =
        bound.fixed[index(t + 1)] + bound.multipliers.rest[index(t)] * x.income[index(t)];
  }
  return bound;
}

Score root_bound(const ToGo& bound, const Instance& x) {
  const Score to_go = bound.to_go.at(-1)[index(x.start)];
  if (is_blocked(to_go)) return kBlocked;
  return to_go - bound.multipliers.rest[0] * (x.opening - x.reserve) - bound.fixed[0];
}

States<Cents> most_cash(const Graph& graph, Cents opening) {
  const Instance& x = graph.instance();
  States<Cents> most(x, kUnreachable);
  if (opening >= x.reserve) most.at(-1)[index(x.start)] = opening - x.reserve;
  for (int t = 0; t < x.months; ++t) {
    const std::vector<Cents> moves = costs(x, t);
    const auto before = most.at(t - 1);
    const auto after = most.at(t);
    for (int i = 0; i < x.configurations; ++i) {
      if (before[index(i)] == kUnreachable) continue;
      for (const std::uint32_t a : graph.arcs(t, i)) {
        const Cents cost = moves[x.arcs[a].move];
        Cents& best = after[x.arcs[a].to];
        if (cost != kNever) best = std::max(best, before[index(i)] - cost);
      }
    }
    for (int j = 0; j < x.configurations; ++j) {
      Cents& cash = after[index(j)];
      const Cents running = x.running_of(t, j);
      if (cash != kUnreachable && running != kNever) cash += x.income[index(t)] - running;
      if (running == kNever || cash < 0) cash = kUnreachable;
    }
  }
  return most;
}

States<Cents> cash_needed(const Graph& graph) {
  const Instance& x = graph.instance();
  constexpr Cents kTooMuch = -kUnreachable;
  States<Cents> needed(x, kTooMuch);
  std::ranges::fill(needed.at(x.months - 1), 0);
  for (int t = x.months - 1; t >= 0; --t) {
    const std::vector<Cents> moves = costs(x, t);
    std::vector<Cents> ahead(index(x.configurations), kTooMuch);
    for (int j = 0; j < x.configurations; ++j) {
      const Cents after = needed.at(t)[index(j)];
      const Cents running = x.running_of(t, j);
      if (running != kNever && after != kTooMuch) ahead[index(j)] = after + running;
    }
    for (int i = 0; i < x.configurations; ++i) {
      Cents least = kTooMuch;
      for (const std::uint32_t a : graph.arcs(t, i)) {
        const Cents cost = moves[x.arcs[a].move];
        if (cost != kNever && ahead[x.arcs[a].to] != kTooMuch)
          least = std::min(least, cost + ahead[x.arcs[a].to]);
      }
      if (least != kTooMuch)
        needed.at(t - 1)[index(i)] = std::max<Cents>(0, least - x.income[index(t)]);
    }
  }
  return needed;
}

void drop_unaffordable(Graph& graph, const States<Cents>& most, const States<Cents>& needed) {
  const Instance& x = graph.instance();
  for (int t = 0; t < x.months; ++t) {
    const std::vector<Cents> moves = costs(x, t);
    const auto before = most.at(t - 1);
    std::vector<Cents> required(index(x.configurations), kNever);  // before the move is paid
    for (int j = 0; j < x.configurations; ++j) {
      const Cents running = x.running_of(t, j);
      if (running != kNever && needed.at(t)[index(j)] != -kUnreachable)
        required[index(j)] = needed.at(t)[index(j)] + running - x.income[index(t)];
    }
    graph.reduce(t, [&](int i, std::uint32_t a) {
      const Cents cash = before[index(i)];
      const Cents cost = moves[x.arcs[a].move];
      const Cents target = required[x.arcs[a].to];
      return cash != kUnreachable && cost != kNever && target != kNever && cash - cost >= target;
    });
  }
}

void drop_costly(Graph& graph, const ToGo& bound, Score limit) {
  const Instance& x = graph.instance();
  // The least score from the start to each state, in the same relaxation as the bound.
  std::vector<Score> before(index(x.configurations), kBlocked);
  before[index(x.start)] = -bound.multipliers.rest[0] * (x.opening - x.reserve) - bound.fixed[0];
  for (int t = 0; t < x.months; ++t) {
    const std::int64_t rate = rate_of(x, bound.multipliers, t);
    const std::vector<Score> moves = move_scores(x, t, rate);
    const std::vector<Score> standing = standing_scores(x, t, rate);
    const auto to_go = bound.to_go.at(t);
    std::vector<Score> after(index(x.configurations), kBlocked);
    graph.reduce(t, [&](int i, std::uint32_t a) {
      const std::uint32_t j = x.arcs[a].to;
      if (is_blocked(before[index(i)]) || is_blocked(moves[x.arcs[a].move]) ||
          is_blocked(standing[j]) || is_blocked(to_go[j]))
        return false;
      const Score there = before[index(i)] + moves[x.arcs[a].move] + standing[j];
      if (there + to_go[j] >= limit) return false;
      after[j] = std::min(after[j], there);
      return true;
    });
    before = std::move(after);
  }
}

std::optional<Path> greedy_path(const Graph& graph, const ToGo& bound) {
  const Instance& x = graph.instance();
  Path path;
  int here = x.start;
  for (int t = 0; t < x.months; ++t) {
    const std::int64_t rate = rate_of(x, bound.multipliers, t);
    Score best = kBlocked;
    std::uint32_t taken = 0;
    for (const std::uint32_t a : graph.arcs(t, here)) {
      const Arc arc = x.arcs[a];
      const Cents cost = x.cost_of(t, arc.move);
      const Cents running = x.running_of(t, static_cast<int>(arc.to));
      if (cost == kNever || running == kNever) continue;
      const Score there = rate * (cost + running) +
                          x.unserved_weight * x.unserved_of(t, static_cast<int>(arc.to)) +
                          bound.to_go.at(t)[arc.to];
      if (there < best) best = there, taken = a;
    }
    if (is_blocked(best)) return std::nullopt;
    path.arcs.push_back(taken);
    here = static_cast<int>(x.arcs[taken].to);
  }
  return path;
}

std::vector<Cents> cash_curve(const Instance& x, const Path& path) {
  std::vector<Cents> curve;
  Cents cash = x.opening - x.reserve;
  for (int t = 0; t < x.months; ++t) {
    const Arc arc = x.arcs[path.arcs[index(t)]];
    cash += x.income[index(t)] - x.cost_of(t, arc.move) - x.running_of(t, static_cast<int>(arc.to));
    curve.push_back(cash);
  }
  return curve;
}

}  // namespace rigor::plan
