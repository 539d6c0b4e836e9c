#include <glpk.h>

#include "solvers.hpp"

namespace rigor::plan {

std::optional<Path> solve_with_glpk(const Flow& flow, int months) {
  glp_term_out(GLP_OFF);
  glp_prob* problem = glp_create_prob();
  const int columns = static_cast<int>(flow.column.size());
  if (columns == 0) return std::nullopt;
  glp_add_cols(problem, columns);
  for (int c = 0; c < columns; ++c) {
    glp_set_col_kind(problem, c + 1, GLP_BV);
    glp_set_obj_coef(problem, c + 1, flow.objective[static_cast<std::size_t>(c)]);
  }
  glp_add_rows(problem, static_cast<int>(flow.rows.size()));
  for (std::size_t r = 0; r < flow.rows.size(); ++r) {
    const Flow::Row& row = flow.rows[r];
    std::vector<int> index = {0};
    std::vector<double> value = {0};
    for (const auto& [column, factor] : row.terms)
      index.push_back(column + 1), value.push_back(factor);
    const int at = static_cast<int>(r) + 1;
    glp_set_row_bnds(problem, at, row.low == row.high ? GLP_FX : GLP_UP, row.low, row.high);
    glp_set_mat_row(problem, at, static_cast<int>(index.size()) - 1, index.data(), value.data());
  }
  glp_iocp how;
  glp_init_iocp(&how);
  how.presolve = GLP_ON;
  how.mip_gap = 0;
  how.tol_obj = 1e-10;
  std::optional<Path> path;
  if (glp_intopt(problem, &how) == 0 && glp_mip_status(problem) == GLP_OPT) {
    path.emplace().arcs.resize(static_cast<std::size_t>(months));
    for (int c = 0; c < columns; ++c)
      if (glp_mip_col_val(problem, c + 1) > 0.5) {
        const auto& [month, arc] = flow.column[static_cast<std::size_t>(c)];
        path->arcs[static_cast<std::size_t>(month)] = arc;
      }
  }
  glp_delete_prob(problem);
  return path;
}

}  // namespace rigor::plan
