// The upgrade plan as a time-expanded flow in 0-1 variables, solved by GLPK and by Cbc: oracles
// that share nothing with the search but the instance.
#pragma once

#include <optional>
#include <utility>

#include "plan/instance.hpp"

namespace rigor::plan {

/// One variable per month and arc that can be taken then.
struct Flow {
  struct Row {
    double low = 0, high = 0;
    std::vector<std::pair<int, double>> terms = {};  ///< column, factor
  };
  std::vector<double> objective = {};                      ///< per column
  std::vector<std::pair<int, std::uint32_t>> column = {};  ///< month and arc
  std::vector<Row> rows = {};
};

/// A row per state: what comes in leaves; a row per month: cash above the reserve.
Flow make_flow(const Instance& instance);

/// A path of least score; nothing where the solver finds none. Without its library: not declared.
#ifdef RIGOR_GLPK
std::optional<Path> solve_with_glpk(const Flow& flow, int months);
#endif
#ifdef RIGOR_CBC
std::optional<Path> solve_with_cbc(const Flow& flow, int months);
#endif

}  // namespace rigor::plan
