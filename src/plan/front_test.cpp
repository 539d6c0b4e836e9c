#include "plan/front.hpp"

#include <doctest/doctest.h>

#include <map>

#include "plan_instances.hpp"

namespace rigor::plan {
namespace {

/// The least score for each amount of cash at the start, from every path there is.
class Paths {
 public:
  explicit Paths(const Instance& x) : x_(x) { visit(x.start); }
  /// Those that no other equals with less cash, by falling cash.
  [[nodiscard]] std::vector<std::pair<Cents, Score>> front() const {
    std::vector<std::pair<Cents, Score>> kept;
    Score least = std::numeric_limits<Score>::max();
    for (const auto& [needed, score] : least_) {
      if (score >= least) continue;
      least = score;
      kept.emplace_back(needed, score);
    }
    std::reverse(kept.begin(), kept.end());
    return kept;
  }

 private:
  void visit(int here) {
    if (path_.arcs.size() == static_cast<std::size_t>(x_.months)) {
      const Books books = recompute(x_, path_);
      if (!books.is_path) return;
      const Cents needed = x_.opening - (books.least_cash - x_.reserve);
      const auto [place, fresh] = least_.emplace(needed, books.score);
      if (!fresh) place->second = std::min(place->second, books.score);
      return;
    }
    for (std::uint32_t a = x_.first_arc[static_cast<std::size_t>(here)];
         a < x_.first_arc[static_cast<std::size_t>(here) + 1]; ++a) {
      path_.arcs.push_back(a);
      visit(static_cast<int>(x_.arcs[a].to));
      path_.arcs.pop_back();
    }
  }

  const Instance& x_;
  Path path_ = {};
  std::map<Cents, Score> least_ = {};
};

TEST_CASE("cash against cost: the front is that of all paths") {
  std::size_t points = 0;
  for (std::uint64_t seed = 1; seed <= 120; ++seed) {
    CAPTURE(seed);
    Dice dice(seed);
    Instance x = random_instance(seed, {.months = static_cast<int>(dice.any(2, 5)),
                                        .configurations = static_cast<int>(dice.any(2, 5)),
                                        .cheapest_move = 0});
    if (seed % 2 == 0) x.unserved_weight = lexicographic_weight(x);
    const Front front = cash_front(x, 1000);
    const auto expected = Paths(x).front();
    CHECK(front.is_whole);
    REQUIRE(front.plans.size() == expected.size());
    for (std::size_t p = 0; p < expected.size(); ++p) {
      CHECK(front.plans[p].needed == expected[p].first);
      CHECK(front.plans[p].books.score == expected[p].second);
    }
    points += expected.size();
  }
  CHECK(points > 150);
}

TEST_CASE("a front that is cut short says so") {
  const Instance x = Workstations({.configurations = 60, .months = 12}).make();
  const Front whole = cash_front(x, 10'000);
  REQUIRE(whole.plans.size() > 3);
  const Front cut = cash_front(x, 3);
  CHECK(cut.plans.size() == 3);
  CHECK_FALSE(cut.is_whole);
  CHECK(whole.is_whole);
}

}  // namespace
}  // namespace rigor::plan
