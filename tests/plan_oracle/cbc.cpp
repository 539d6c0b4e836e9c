#include <coin/Cbc_C_Interface.h>

#include <algorithm>

#include "solvers.hpp"

namespace rigor::plan {

std::optional<Path> solve_with_cbc(const Flow& flow, int months) {
  const std::size_t columns = flow.column.size();
  if (columns == 0) return std::nullopt;
  std::vector<std::vector<std::pair<int, double>>> by_column(columns);
  std::vector<double> low, high;
  for (std::size_t r = 0; r < flow.rows.size(); ++r) {
    low.push_back(flow.rows[r].low);
    high.push_back(flow.rows[r].high);
    for (const auto& [column, factor] : flow.rows[r].terms)
      by_column[static_cast<std::size_t>(column)].emplace_back(static_cast<int>(r), factor);
  }
  std::vector<CoinBigIndex> start = {0};
  std::vector<int> index;
  std::vector<double> value;
  for (const auto& terms : by_column) {
    for (const auto& [row, factor] : terms) index.push_back(row), value.push_back(factor);
    start.push_back(static_cast<CoinBigIndex>(index.size()));
  }
  const std::vector<double> zero(columns, 0.0), one(columns, 1.0);
  Cbc_Model* model = Cbc_newModel();
  Cbc_loadProblem(model, static_cast<int>(columns), static_cast<int>(flow.rows.size()),
                  start.data(), index.data(), value.data(), zero.data(), one.data(),
                  flow.objective.data(), low.data(), high.data());
  for (std::size_t c = 0; c < columns; ++c) Cbc_setInteger(model, static_cast<int>(c));
  Cbc_setParameter(model, "logLevel", "0");
  Cbc_setParameter(model, "ratioGap", "0");
  Cbc_setParameter(model, "allowableGap", "0");
  Cbc_setParameter(model, "increment", "1e-7");
  std::optional<Path> path;
  Cbc_solve(model);
  if (Cbc_isProvenOptimal(model)) {
    const double* solution = Cbc_getColSolution(model);
    path.emplace().arcs.resize(static_cast<std::size_t>(months));
    for (std::size_t c = 0; c < columns; ++c)
      if (solution[c] > 0.5)
        path->arcs[static_cast<std::size_t>(flow.column[c].first)] = flow.column[c].second;
  }
  Cbc_deleteModel(model);
  return path;
}

}  // namespace rigor::plan
