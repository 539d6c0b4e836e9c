#include "plan/solve.hpp"

#include <algorithm>

#include "plan/graph.hpp"
#include "plan/labels.hpp"
#include "plan/multipliers.hpp"

namespace rigor::plan {

namespace {

constexpr int kClimbs = 3;
constexpr int kStepsPerClimb = 8;
constexpr std::size_t kFirstWidth = 200;
constexpr std::size_t kSecondWidth = 2'000;
/// The share of the gap between bound and best plan that the first exhaustive search covers.
constexpr Score kFirstShare = 16;

class Solver {
 public:
  Solver(const Instance& instance, const Effort& effort)
      : x_(instance), effort_(effort), graph_(instance), needed_(instance, 0) {}

  Answer run() {
    proof_.arcs = graph_.size();
    ToGo free = completion_bound(graph_, no_multipliers(x_));
    proof_.relaxed = proof_.lagrangian = proof_.lower_bound = root_bound(free, x_);
    if (const auto path = greedy_path(graph_, free)) offer(*path);
    if (best_.arcs.size() > 0 && score_ == proof_.relaxed) return finish();
    if (!rule_out_unaffordable()) return {.refusal = explain_refusal(x_)};
    bounds_.push_back(std::move(free));
    approach();
    close_gap();
    return finish();
  }

 private:
  void offer(const Path& path) {
    const Books books = recompute(x_, path);
    if (is_within(x_, books) && books.score < score_) score_ = books.score, best_ = path;
  }

  bool rule_out_unaffordable() {
    needed_ = cash_needed(graph_);
    const Cents cash = x_.opening - x_.reserve;
    if (cash < 0 || cash < needed_.at(-1)[static_cast<std::size_t>(x_.start)]) return false;
    drop_unaffordable(graph_, most_cash(graph_, x_.opening), needed_);
    return true;
  }

  LabelAnswer search(const Graph& graph, const LabelSearch& how) {
    LabelAnswer answer = search_labels(graph, needed_, bounds_, how);
    proof_.labels += answer.labels;
    proof_.tried += answer.tried;
    if (answer.path) offer(*answer.path);
    return answer;
  }

  /// Good plans from narrow searches, and prices on the reserve that show how good they are; what
  /// cannot be better than the best plan so far is dropped on the way.
  void approach() {
    search(graph_, {.limit = score_, .width = kFirstWidth});
    for (int round = 0; round < kClimbs && proof_.lower_bound < score_; ++round) {
      drop_costly(graph_, bounds_.front(), score_);
      Climb found = climb(graph_, bounds_.front().multipliers, score_, kStepsPerClimb);
      if (found.within) offer(*found.within);
      if (found.bounds.empty()) break;
      bounds_ = std::move(found.bounds);
      proof_.lagrangian = std::max(proof_.lagrangian, std::min(score_, found.roots.front()));
      proof_.lower_bound = std::max(proof_.lower_bound, proof_.lagrangian);
      if (proof_.lower_bound < score_)
        search(graph_, {.limit = score_, .width = round == 0 ? kFirstWidth : kSecondWidth});
    }
    for (const ToGo& bound : bounds_) drop_costly(graph_, bound, score_);
  }

  /// Exhaustive searches below a limit that rises to the best plan's score.
  void close_gap() {
    Score share = kFirstShare;
    while (proof_.lower_bound < score_) {
      const Score limit =
          proof_.lower_bound + std::max<Score>(1, (score_ - proof_.lower_bound) / share);
      Graph below = graph_;
      for (const ToGo& bound : bounds_) drop_costly(below, bound, limit);
      proof_.arcs_left = below.size();
      const LabelAnswer answer =
          search(below, {.limit = limit, .most_labels = effort_.most_labels});
      if (!answer.exhaustive) return;
      proof_.lower_bound = answer.path ? score_ : limit;
      share = std::max<Score>(1, share / 4);
    }
  }

  Answer finish() {
    Solution solution{.path = best_, .books = recompute(x_, best_), .proof = proof_};
    Proof& proof = solution.proof;
    proof.recomputed = is_within(x_, solution.books) && solution.books.score == score_;
    proof.is_optimal = proof.recomputed && proof.lower_bound == score_;
    if (const auto every = try_every_plan(x_, effort_.every_plan_up_to)) {
      proof.plans_tried = every->plans;
      proof.is_optimal = proof.is_optimal && every->score == score_;
    }
    return {.solution = std::move(solution)};
  }

  const Instance& x_;
  Effort effort_;
  Graph graph_;
  States<Cents> needed_;
  std::vector<ToGo> bounds_ = {};
  Path best_ = {};
  Score score_ = kBlocked;
  Proof proof_ = {};
};

}  // namespace

Answer solve(const Instance& instance, const Effort& effort) {
  return Solver(instance, effort).run();
}

}  // namespace rigor::plan
