#include <cmath>
#include <map>
#include <optional>

#include "solvers.hpp"

namespace rigor::plan {

namespace {
constexpr double kUnlimited = 1e30;
}

Flow make_flow(const Instance& x) {
  Flow flow;
  std::map<std::pair<int, int>, std::vector<std::pair<int, double>>> states;  // after month
  std::vector<std::vector<std::pair<int, double>>> spent(static_cast<std::size_t>(x.months));
  for (int t = 0; t < x.months; ++t)
    for (int i = 0; i < x.configurations; ++i)
      for (std::uint32_t a = x.first_arc[static_cast<std::size_t>(i)];
           a < x.first_arc[static_cast<std::size_t>(i) + 1]; ++a) {
        const int to = static_cast<int>(x.arcs[a].to);
        const Cents move = x.cost_of(t, x.arcs[a].move);
        const Cents running = x.running_of(t, to);
        if (move == kNever || running == kNever) continue;
        const int column = static_cast<int>(flow.column.size());
        flow.column.emplace_back(t, a);
        double score =
            static_cast<double>(x.weight[static_cast<std::size_t>(t)] * (move + running)) +
            static_cast<double>(x.unserved_weight) * x.unserved_of(t, to);
        if (t == x.months - 1)
          score -= static_cast<double>(x.weight.back() * x.salvage[static_cast<std::size_t>(to)]);
        flow.objective.push_back(score / 1e8);  // about one unit of currency
        states[{t - 1, i}].emplace_back(column, -1);
        states[{t, to}].emplace_back(column, 1);
        for (int s = t; s < x.months; ++s)
          spent[static_cast<std::size_t>(s)].emplace_back(
              column, static_cast<double>(move + running) / 100);
      }
  states[{-1, x.start}];
  for (auto& [state, terms] : states) {
    if (state.first == x.months - 1) continue;
    const double supply = state == std::pair{-1, x.start} ? -1 : 0;
    flow.rows.push_back({supply, supply, std::move(terms)});
  }
  Cents purse = x.opening - x.reserve;
  for (int t = 0; t < x.months; ++t) {
    purse += x.income[static_cast<std::size_t>(t)];
    flow.rows.push_back({-kUnlimited, static_cast<double>(purse) / 100,
                         std::move(spent[static_cast<std::size_t>(t)])});
  }
  return flow;
}

}  // namespace rigor::plan
