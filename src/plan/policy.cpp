#include "plan/policy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <tuple>

namespace rigor::plan {

namespace {

std::size_t index(int value) {
  return static_cast<std::size_t>(value);
}

/// How able a configuration is in a month; less is better.
std::tuple<int, Cents> inability(const MonthBill& bill) {
  return {bill.unserved, bill.rented};
}

/// Walks the instance by a rule that looks at one month only.
class Walk {
 public:
  Walk(const Model& model, const Instance& x) : model_(model), x_(x) {}

  /// Buys when the month's work is not all done here: what does most of it, for the least money.
  std::vector<Purchase> conservative() const {
    return walk([&](int t, int here, Cents cash) {
      const MonthBill bill = bill_of(t, here);
      return bill.unserved == 0 && bill.rented == 0 ? here : best(t, here, cash, true);
    });
  }
  std::vector<Purchase> aggressive() const {
    return walk([&](int t, int here, Cents cash) { return best(t, here, cash, false); });
  }

 private:
  [[nodiscard]] MonthBill bill_of(int t, int j) const {
    return model_.bill(t, model_.configurations()[index(j)].judgement);
  }
  [[nodiscard]] const Counts& counts(int j) const {
    return model_.configurations()[index(j)].counts;
  }

  /// The most able configuration that can be paid now; of equals the cheapest when thrifty, else
  /// the one with the fastest tasks.
  [[nodiscard]] int best(int t, int here, Cents cash, bool thrifty) const {
    int best = here;
    auto rank_of = [&](int j, Cents price) {
      const auto [unserved, rented] = inability(bill_of(t, j));
      double speed = 0;
      for (const Ability& a : model_.configurations()[index(j)].judgement.abilities)
        speed += a.tokens_per_s;
      return std::tuple(unserved, rented, thrifty ? static_cast<double>(price) : -speed);
    };
    auto best_rank = rank_of(here, 0);
    for (const Arc& arc : x_.arcs_from(here)) {
      const int j = static_cast<int>(arc.to);
      const Cents price = x_.cost_of(t, arc.move);
      if (price == kNever || cash - price - x_.running_of(t, j) < x_.reserve) continue;
      const auto rank = rank_of(j, price);
      if (rank < best_rank) best = j, best_rank = rank;
    }
    return best;
  }

  template <class Rule>
  std::vector<Purchase> walk(const Rule& rule) const {
    std::vector<Purchase> purchases;
    int here = x_.start;
    Cents cash = x_.opening;
    for (int t = 0; t < x_.months; ++t) {
      cash += x_.income[index(t)];
      const int next = rule(t, here, cash);
      if (next != here) {
        purchases.push_back({.month = t, .counts = counts(next)});
        cash -= model_.move_cost(t, counts(here), counts(next));
        here = next;
      }
      cash -= x_.running_of(t, here);
    }
    return purchases;
  }

  const Model& model_;
  const Instance& x_;
};

/// Right once: in the first month in which anything that helps can be paid, the single purchase
/// whose course costs least.
std::vector<Purchase> full(const Model& model, const Instance& x, const Model::Judge& judge) {
  const Counts& today = model.configurations()[index(x.start)].counts;
  const Course never = follow(model, {}, judge);
  for (int t = 0; t < x.months; ++t) {
    std::vector<Purchase> best;
    auto least = std::tuple(never.unserved, never.score);
    for (const Configuration& each : model.configurations()) {
      if (model.move_cost(t, today, each.counts) == kNever) continue;
      const std::vector<Purchase> once = {{.month = t, .counts = each.counts}};
      const Course course = follow(model, once, judge);
      const auto cost = std::tuple(course.unserved, course.score);
      if (course.is_feasible() && cost < least) least = cost, best = once;
    }
    if (!best.empty()) return best;
  }
  return {};
}

/// Nothing is bought before half of the months are over; from there on the optimum.
std::vector<Purchase> leapfrog(const Model& model, const Instance& x) {
  Instance late = x;
  for (int t = 0; t < x.months / 2; ++t)
    for (int m = 0; m < x.moves; ++m)
      if (x.purchases[index(m)] > 0) late.move_cost[index(t) * index(x.moves) + index(m)] = kNever;
  const Answer answer = solve(late, {.every_plan_up_to = 0});
  if (!answer.solution) return {};
  return purchases_of(model, late, answer.solution->path);
}

Course named(const Model& model, const Model::Judge& judge, std::string name, std::string summary,
             const std::vector<Purchase>& purchases) {
  Course course = follow(model, purchases, judge);
  course.name = std::move(name);
  course.summary = std::move(summary);
  return course;
}

}  // namespace

std::vector<Purchase> purchases_of(const Model& model, const Instance& x, const Path& path) {
  std::vector<Purchase> purchases;
  int here = x.start;
  for (int t = 0; t < x.months; ++t) {
    const int next = static_cast<int>(x.arcs[path.arcs[index(t)]].to);
    if (next != here)
      purchases.push_back({.month = t, .counts = model.configurations()[index(next)].counts});
    here = next;
  }
  return purchases;
}

Course follow(const Model& model, const std::vector<Purchase>& purchases,
              const Model::Judge& judge) {
  const Purse& purse = model.purse();
  const auto weight = discount_weights(purse.months, purse.discount_rate);
  Course course;
  Counts here = model.configurations().front().counts;
  Judgement judgement = model.configurations().front().judgement;
  Cents cash = purse.opening;
  course.least_cash = cash;
  std::size_t next = 0;
  for (int t = 0; t < purse.months; ++t) {
    Cents outlay = 0;
    for (; next < purchases.size() && purchases[next].month == t; ++next) {
      const Purchase& bought = purchases[next];
      const Cents price = bought.is_priced ? bought.price : model.move_cost(t, here, bought.counts);
      if (price == kNever || !bought.is_on_sale)
        course.troubles.push_back({t, "a part of it is not on sale then"});
      outlay += bought.beside + (price == kNever ? 0 : price);
      if (bought.counts == here) continue;
      here = bought.counts;
      const int known = model.find(here);
      judgement = known >= 0 ? model.configurations()[index(known)].judgement : judge(here);
      for (const std::string& error : judgement.errors) course.troubles.push_back({t, error});
    }
    const MonthBill bill = model.bill(t, judgement);
    outlay += bill.total();
    const Cents before = cash;
    cash += purse.income[index(t)] - outlay;
    if (cash < purse.reserve && before >= purse.reserve)
      course.troubles.push_back({t, "the cash falls below the reserve"});
    course.score += weight[index(t)] * outlay;
    course.unserved += bill.unserved;
    auto& unserved = course.unserved_tasks.emplace_back();
    for (std::size_t k = 0; k < bill.shares.size(); ++k)
      if (model.tasks()[k].tokens[index(t)] > 0 && bill.shares[k].local + bill.shares[k].rented < 1)
        unserved.push_back(model.tasks()[k].name);
    course.parts.push_back(here);
    course.cash.push_back(cash);
    course.least_cash = std::min(course.least_cash, cash);
  }
  course.score -= weight.back() * model.salvage(here);
  return course;
}

std::vector<Course> named_courses(const Model& model, const Instance& instance,
                                  const Model::Judge& judge) {
  const Walk walk(model, instance);
  return {
      named(model, judge, "never", "nothing is bought; what does not run here is rented", {}),
      named(model, judge, "conservative", "buys only when work is not done on the machine",
            walk.conservative()),
      named(model, judge, "aggressive", "buys the most able machine as soon as it can be paid",
            walk.aggressive()),
      named(model, judge, "full", "buys once, as early as it can be paid",
            full(model, instance, judge)),
      named(model, judge, "leapfrog", "buys nothing in the first half, then the best plan",
            leapfrog(model, instance)),
  };
}

}  // namespace rigor::plan
