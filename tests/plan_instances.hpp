// Instances of the upgrade plan made from a seed: random ones for the tests of exactness, and
// workstations of growing size for the benchmark.
#pragma once

#include <algorithm>
#include <array>
#include <random>

#include "plan/instance.hpp"

namespace rigor::plan {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}
  /// Inclusive; the same on every machine.
  std::int64_t any(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(engine_() % static_cast<std::uint64_t>(high - low + 1));
  }
  bool once_in(int n) { return any(1, n) == 1; }

 private:
  std::mt19937_64 engine_;
};

struct RandomShape {
  int months = 5;
  int configurations = 5;
  int density = 2;  ///< an arc from each to each once in so many; staying always
  Cents opening = 2'000'00;
  Cents income = 400'00;
  Cents cheapest_move = -600'00;
};

/// Arcs, prices, running costs and work without any structure; some moves and some configurations
/// impossible in some months.
inline Instance random_instance(std::uint64_t seed, const RandomShape& shape) {
  Dice dice(seed);
  Instance x{.months = shape.months, .configurations = shape.configurations};
  x.moves = 1;
  x.purchases.push_back(0);
  for (int i = 0; i < shape.configurations; ++i) {
    x.first_arc.push_back(static_cast<std::uint32_t>(x.arcs.size()));
    for (int j = 0; j < shape.configurations; ++j) {
      if (i == j) x.arcs.push_back({static_cast<std::uint32_t>(j), 0});
      if (i == j || !dice.once_in(shape.density)) continue;
      x.arcs.push_back({static_cast<std::uint32_t>(j), static_cast<std::uint32_t>(x.moves++)});
      x.purchases.push_back(static_cast<int>(dice.any(0, 4)));
    }
    x.salvage.push_back(dice.any(0, 1'500'00));
  }
  x.first_arc.push_back(static_cast<std::uint32_t>(x.arcs.size()));
  x.most_purchases = 3;
  for (int t = 0; t < shape.months; ++t) {
    for (int m = 0; m < x.moves; ++m)
      x.move_cost.push_back(m == 0             ? 0
                            : dice.once_in(12) ? kNever
                                               : dice.any(shape.cheapest_move, 2'500'00));
    for (int j = 0; j < shape.configurations; ++j) {
      x.running.push_back(dice.once_in(25) ? kNever : dice.any(20'00, 700'00));
      x.unserved.push_back(static_cast<std::int32_t>(dice.any(0, 3)));
    }
    x.income.push_back(dice.any(0, 2 * shape.income));
  }
  x.opening = dice.any(0, 2 * shape.opening);
  x.reserve = dice.any(0, 300'00);
  x.weight = discount_weights(shape.months, static_cast<double>(dice.any(0, 20)) / 100);
  return x;
}

/// Parts of the made-up workstation: platform, supply, memory, cooling, then cards.
inline constexpr std::size_t kSingles = 4, kCards = 4;

struct Build {
  std::array<int, kSingles> single = {};
  std::array<int, kCards> cards = {};
  [[nodiscard]] int total() const { return cards[0] + cards[1] + cards[2] + cards[3]; }
};

struct WorkstationShape {
  std::size_t configurations = 500;
  int months = 24;
  double budget = 1.0;  ///< 1: an income that buys the largest build in two years
  double rate = 0.06;   ///< discount, a year
  int unrest = 2;       ///< percent by which prices of cards jump about, up or down
  std::uint64_t seed = 1;
};

class Workstations {
 public:
  explicit Workstations(const WorkstationShape& shape) : shape_(shape), dice_(shape.seed) {
    builds();
    prices();
  }

  Instance make() {
    Instance x{.months = shape_.months, .configurations = static_cast<int>(builds_.size())};
    arcs(x);
    const auto all = static_cast<double>(outlay(builds_.front(), builds_.back(), 0));
    const Cents income = static_cast<Cents>(all / 24 * shape_.budget);
    for (int t = 0; t < shape_.months; ++t) {
      for (const auto& delta : deltas_) x.move_cost.push_back(cost(delta, t));
      for (const Build& build : builds_) {
        x.running.push_back(running(build, t));
        x.unserved.push_back(work(t) > speed(build) ? 1 : 0);
      }
      x.income.push_back(income + x.running[static_cast<std::size_t>(t) * builds_.size()]);
    }
    x.opening = income;
    for (const Build& build : builds_) x.salvage.push_back(worth(build, shape_.months - 1));
    x.weight = discount_weights(shape_.months, shape_.rate);
    return x;
  }

 private:
  using Delta = std::array<int, 2 * kSingles + kCards>;  // single: from and to; cards: difference

  void builds() {
    std::vector<Build> all;
    for (int p = 0; p < 3; ++p)
      for (int s = 0; s < 3; ++s)
        for (int m = 0; m < 3; ++m)
          for (int c = 0; c < 2; ++c)
            for (int code = 0; code < 6 * 6 * 6 * 6; ++code) {
              const Build build{{p, s, m, c}, {code % 6, code / 6 % 6, code / 36 % 6, code / 216}};
              if (stands(build)) all.push_back(build);
            }
    std::ranges::stable_sort(all, {}, [](const Build& b) {
      return b.total() * 100 + b.single[0] * 30 + b.single[1] * 9 + b.single[2] * 3 + b.single[3];
    });
    // Fewer are spread over all of them, so that small instances know large builds too.
    const std::size_t count = std::min(all.size(), shape_.configurations);
    for (std::size_t n = 0; n < count; ++n) builds_.push_back(all[n * all.size() / count]);
  }

  /// Slots, watts and heat bear it.
  [[nodiscard]] static bool stands(const Build& b) {
    constexpr std::array kWatts = {180, 300, 350, 575};
    int watts = 250;
    for (std::size_t k = 0; k < kCards; ++k) watts += kWatts[k] * b.cards[k];
    return b.total() <= 3 + b.single[0] && watts <= 1200 + 800 * b.single[1] &&
           (b.single[3] == 1 || b.total() <= 3) && b.total() <= 5;
  }

  void prices() {
    constexpr std::array<Cents, kSingles> kFirst = {900'00, 180'00, 300'00, 90'00};
    constexpr std::array<Cents, kCards> kCard = {430'00, 800'00, 1'600'00, 3'200'00};
    for (int t = 0; t < shape_.months; ++t) {
      for (std::size_t k = 0; k < kCards; ++k) card_price_.push_back(kCard[k]);
      for (std::size_t k = 0; k < kSingles; ++k)
        for (int level = 0; level < 3; ++level)
          single_price_.push_back(kFirst[k] * (1 + 2 * level) + dice_.any(-20'00, 20'00));
    }
    for (std::size_t k = 0; k < kCards; ++k) {
      double factor = 1.0;
      const double fall = static_cast<double>(dice_.any(5, 25)) / 1000;
      for (int t = 0; t < shape_.months; ++t) {
        Cents& price = card_price_[static_cast<std::size_t>(t) * kCards + k];
        price = static_cast<Cents>(static_cast<double>(price) * factor) +
                dice_.any(-price * shape_.unrest / 100, price * shape_.unrest / 100);
        factor *= 1 - fall;
      }
    }
  }

  [[nodiscard]] Cents card(int t, std::size_t k) const {
    return card_price_[static_cast<std::size_t>(t) * kCards + k];
  }
  [[nodiscard]] Cents single(int t, std::size_t k, int level) const {
    return single_price_[(static_cast<std::size_t>(t) * kSingles + k) * 3 +
                         static_cast<std::size_t>(level)];
  }

  [[nodiscard]] static Delta difference(const Build& a, const Build& b) {
    Delta delta = {};
    for (std::size_t k = 0; k < kSingles; ++k)
      if (a.single[k] != b.single[k])
        delta[2 * k] = a.single[k] + 1, delta[2 * k + 1] = b.single[k] + 1;
    for (std::size_t k = 0; k < kCards; ++k) delta[2 * kSingles + k] = b.cards[k] - a.cards[k];
    return delta;
  }

  [[nodiscard]] Cents cost(const Delta& delta, int t) const {
    Cents sum = 0;
    for (std::size_t k = 0; k < kSingles; ++k) {
      if (delta[2 * k] == 0) continue;
      sum += single(t, k, delta[2 * k + 1] - 1) - single(t, k, delta[2 * k] - 1) * 55 / 100;
    }
    for (std::size_t k = 0; k < kCards; ++k) {
      const int n = delta[2 * kSingles + k];
      sum += n > 0 ? n * card(t, k) : n * (card(t, k) * 75 / 100);
    }
    return sum;
  }

  [[nodiscard]] Cents outlay(const Build& a, const Build& b, int t) const {
    return cost(difference(a, b), t);
  }

  [[nodiscard]] Cents worth(const Build& b, int t) const {
    Cents sum = 0;
    for (std::size_t k = 0; k < kSingles; ++k) sum += single(t, k, b.single[k]) * 55 / 100;
    for (std::size_t k = 0; k < kCards; ++k) sum += b.cards[k] * (card(t, k) * 75 / 100);
    return sum;
  }

  /// Work grows over the months; what a build cannot do is rented.
  [[nodiscard]] static double speed(const Build& b) {
    return (1.0 * b.cards[0] + 2.1 * b.cards[1] + 3.6 * b.cards[2] + 7.7 * b.cards[3]) *
           (1 + 0.05 * b.single[2]);
  }
  [[nodiscard]] double work(int t) const { return 2.0 + 14.0 * t / shape_.months; }
  [[nodiscard]] Cents running(const Build& b, int t) const {
    const double rented = std::max(0.0, work(t) - speed(b));
    return static_cast<Cents>(rented * 60'00) + 8'00 + 6'00 * b.total();
  }

  void arcs(Instance& x) {
    std::vector<std::pair<Delta, int>> known;
    std::vector<std::pair<Delta, std::uint32_t>> seen;
    std::vector<std::vector<std::pair<std::uint32_t, Delta>>> lists(builds_.size());
    for (std::size_t i = 0; i < builds_.size(); ++i)
      for (std::size_t j = 0; j < builds_.size(); ++j)
        if (may_follow(builds_[i], builds_[j])) {
          lists[i].push_back({static_cast<std::uint32_t>(j), difference(builds_[i], builds_[j])});
          deltas_.push_back(lists[i].back().second);
        }
    std::ranges::sort(deltas_);
    deltas_.erase(std::ranges::unique(deltas_).begin(), deltas_.end());
    x.moves = static_cast<int>(deltas_.size());
    for (const Delta& delta : deltas_) x.purchases.push_back(bought(delta));
    for (const auto& list : lists) {
      x.first_arc.push_back(static_cast<std::uint32_t>(x.arcs.size()));
      for (const auto& [to, delta] : list)
        x.arcs.push_back({to, static_cast<std::uint32_t>(std::ranges::lower_bound(deltas_, delta) -
                                                         deltas_.begin())});
    }
    x.first_arc.push_back(static_cast<std::uint32_t>(x.arcs.size()));
  }

  [[nodiscard]] static int bought(const Delta& delta) {
    int parts = 0;
    for (std::size_t k = 0; k < kSingles; ++k) parts += delta[2 * k] != 0;
    for (std::size_t k = 0; k < kCards; ++k) parts += std::max(0, delta[2 * kSingles + k]);
    return parts;
  }

  /// At most three families of parts change, and at most three parts are bought.
  [[nodiscard]] static bool may_follow(const Build& a, const Build& b) {
    const Delta delta = difference(a, b);
    int families = 0;
    for (std::size_t k = 0; k < kSingles; ++k) families += delta[2 * k] != 0;
    for (std::size_t k = 0; k < kCards; ++k) families += delta[2 * kSingles + k] != 0;
    return families <= 3 && bought(delta) <= 3;
  }

  WorkstationShape shape_;
  Dice dice_;
  std::vector<Build> builds_;
  std::vector<Delta> deltas_;
  std::vector<Cents> card_price_, single_price_;
};

}  // namespace rigor::plan
