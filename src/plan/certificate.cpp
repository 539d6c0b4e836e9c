#include "plan/certificate.hpp"

#include <algorithm>

namespace rigor::plan {

Books recompute(const Instance& x, const Path& path) {
  Books books;
  books.least_cash = x.opening;
  if (path.arcs.size() != static_cast<std::size_t>(x.months)) return books;
  Cents cash = x.opening;
  int here = x.start;
  for (int t = 0; t < x.months; ++t) {
    const std::uint32_t a = path.arcs[static_cast<std::size_t>(t)];
    const auto c = static_cast<std::size_t>(here);
    if (a < x.first_arc[c] || a >= x.first_arc[c + 1]) return books;
    here = static_cast<int>(x.arcs[a].to);
    const Cents move = x.cost_of(t, x.arcs[a].move);
    const Cents running = x.running_of(t, here);
    if (move == kNever || running == kNever) return books;
    const auto month = static_cast<std::size_t>(t);
    cash = cash + x.income[month] - move - running;
    books.spent += move + running;
    books.unserved += x.unserved_of(t, here);
    books.score += x.weight[month] * (move + running);
    books.cash.push_back(cash);
    books.least_cash = std::min(books.least_cash, cash);
    books.configuration.push_back(here);
  }
  books.salvage = x.salvage[static_cast<std::size_t>(here)];
  books.score += x.unserved_weight * books.unserved - x.weight.back() * books.salvage;
  books.is_path = true;
  return books;
}

bool is_within(const Instance& instance, const Books& books) {
  return books.is_path && books.least_cash >= instance.reserve;
}

namespace {

class Everything {
 public:
  Everything(const Instance& x, std::int64_t most) : x_(x), left_(most) {}

  bool run() {
    path_.arcs.resize(static_cast<std::size_t>(x_.months));
    if (x_.opening >= x_.reserve) visit(0, x_.start, x_.opening);
    return left_ >= 0;
  }
  [[nodiscard]] const EveryPlan& result() const { return result_; }

 private:
  void visit(int t, int here, Cents cash) {
    if (left_ < 0) return;
    if (t == x_.months) {
      ++result_.plans;
      const Books books = recompute(x_, path_);
      if (books.score < result_.score) result_.score = books.score, result_.best = path_;
      return;
    }
    for (std::uint32_t a = x_.first_arc[static_cast<std::size_t>(here)];
         a < x_.first_arc[static_cast<std::size_t>(here) + 1]; ++a) {
      if (--left_ < 0) return;
      const int there = static_cast<int>(x_.arcs[a].to);
      const Cents move = x_.cost_of(t, x_.arcs[a].move);
      const Cents running = x_.running_of(t, there);
      if (move == kNever || running == kNever) continue;
      const Cents after = cash + x_.income[static_cast<std::size_t>(t)] - move - running;
      if (after < x_.reserve) continue;
      path_.arcs[static_cast<std::size_t>(t)] = a;
      visit(t + 1, there, after);
    }
  }

  const Instance& x_;
  std::int64_t left_;
  Path path_ = {};
  EveryPlan result_ = {};
};

}  // namespace

std::optional<EveryPlan> try_every_plan(const Instance& instance, std::int64_t most) {
  Everything everything(instance, most);
  if (!everything.run()) return std::nullopt;
  return everything.result();
}

}  // namespace rigor::plan
