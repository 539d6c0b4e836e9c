#include <doctest/doctest.h>

#include <string>

#include "plan/solve.hpp"
#include "plan_instances.hpp"
#include "solvers.hpp"

namespace rigor::plan {
namespace {

/// Workstations whose budgets go from ample to tight, and a few instances without structure.
std::vector<Instance> instances() {
  std::vector<Instance> all;
  for (const std::uint64_t seed : {1, 2, 3, 4, 5})
    for (const double budget : {0.06, 0.15, 0.4, 1.0})
      all.push_back(Workstations({.configurations = 16 + 6 * static_cast<std::size_t>(seed),
                                  .months = 12 + 2 * static_cast<int>(seed),
                                  .budget = budget,
                                  .seed = seed})
                        .make());
  for (const std::uint64_t seed : {101, 102, 103, 104})
    all.push_back(random_instance(seed, {.months = 10,
                                         .configurations = 14,
                                         .opening = 3'000'00,
                                         .income = 600'00,
                                         .cheapest_move = -100'00}));
  return all;
}

using Solver = std::optional<Path> (*)(const Flow&, int);

/// The oracle's own path, its books made in whole cents: within the purse, and to the cent what the
/// search found. Solvers stop at tolerances of their own, so a fraction of a cent is no matter.
void agrees(const char* name, Solver oracle) {
  int bound = 0, solved = 0;
  for (const Instance& x : instances()) {
    CAPTURE(name);
    CAPTURE(x.configurations);
    CAPTURE(x.months);
    const Answer answer = solve(x);
    const std::optional<Path> path = oracle(make_flow(x), x.months);
    REQUIRE(path.has_value() == answer.solution.has_value());
    if (!path) continue;
    const Books books = recompute(x, *path);
    CHECK(is_within(x, books));
    CHECK(answer.solution->proof.is_optimal);
    CHECK(books.score >= answer.solution->books.score);
    CHECK(books.score - answer.solution->books.score < kParWeight);
    ++solved;
    bound += answer.solution->proof.relaxed < answer.solution->books.score;
  }
  MESSAGE(std::string(name) << ": " << solved << " instances equal to the cent, the purse binds in "
                            << bound);
  CHECK(solved >= 20);
  CHECK(bound >= 10);
}

#ifdef RIGOR_GLPK
TEST_CASE("GLPK finds no cheaper plan") {
  agrees("GLPK", &solve_with_glpk);
}
#endif
#ifdef RIGOR_CBC
TEST_CASE("Cbc finds no cheaper plan") {
  agrees("Cbc", &solve_with_cbc);
}
#endif

}  // namespace
}  // namespace rigor::plan
