#include "plan/model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace rigor::plan {

namespace {

constexpr double kSecondsPerHour = 3600;
constexpr double kWattsPerKilowatt = 1000;
/// Families of parts that change in one month, at most.
constexpr int kFamiliesPerMove = 5;

std::size_t index(int value) {
  return static_cast<std::size_t>(value);
}

/// Kinds that change: swapping a supply for another is one.
int families(const std::vector<PartOption>& options, const Counts& from, const Counts& to) {
  std::vector<std::string_view> singles;
  int changed = 0;
  for (std::size_t o = 0; o < options.size(); ++o) {
    if (from[o] == to[o]) continue;
    if (!options[o].is_single) {
      ++changed;
    } else if (std::ranges::find(singles, options[o].kind) == singles.end()) {
      singles.push_back(options[o].kind);
    }
  }
  return changed + static_cast<int>(singles.size());
}

}  // namespace

bool Model::singles_are_whole(const Counts& counts) const {
  std::map<std::string_view, int> now, owned;
  for (std::size_t o = 0; o < options_.size(); ++o) {
    if (!options_[o].is_single) continue;
    now[options_[o].kind] += counts[o];
    owned[options_[o].kind] += options_[o].owned;
  }
  return std::ranges::all_of(
      now, [&](const auto& each) { return each.second == std::max(1, owned[each.first]); });
}

bool Model::is_more(const Counts& counts, const Counts& than) const {
  for (std::size_t o = 0; o < counts.size(); ++o)
    if (options_[o].is_single ? counts[o] != than[o] : counts[o] < than[o]) return false;
  return true;
}

void Model::combine(std::size_t option, Counts& counts, std::vector<Counts>& all) const {
  if (option == options_.size()) {
    if (singles_are_whole(counts)) all.push_back(counts);
    return;
  }
  for (int n = options_[option].least; n <= options_[option].most; ++n) {
    counts[option] = n;
    combine(option + 1, counts, all);
  }
}

Result<void> Model::enumerate(const Judge& judge, std::size_t most) {
  double product = 1;
  for (const PartOption& option : options_) product *= option.most - option.least + 1;
  if (product > 100.0 * static_cast<double>(most))
    return fail(ErrorCode::limit,
                fmt::format("the candidate parts make {:.3g} combinations", product), {},
                "fewer [[part]] tables, or a lower `most`");
  std::vector<Counts> all;
  Counts counts(options_.size());
  combine(0, counts, all);
  if (all.size() > most)
    return fail(ErrorCode::limit,
                fmt::format("the candidate parts make {} combinations, at most {} are judged",
                            all.size(), most),
                {}, "fewer [[part]] tables, or a lower `most`");
  const Counts today = this->today();
  kept_ = {{today, judge(today)}};
  const bool counted = std::ranges::find(all, today) != all.end();
  combinations_ = all.size() + (counted ? 0 : 1);  // today's parts may not be among the options
  judged_ = 1;
  const auto pieces = [](const Counts& c) { return std::accumulate(c.begin(), c.end(), 0); };
  std::ranges::stable_sort(all, {}, pieces);
  std::vector<Counts> hopeless;
  for (const Counts& each : all) {
    const auto contains = [&](const Counts& fewer) { return is_more(each, fewer); };
    if (each == today || std::ranges::any_of(hopeless, contains)) continue;
    ++judged_;
    Judgement judgement = judge(each);
    if (judgement.more_never_helps) hopeless.push_back(each);
    const bool too_much = purse_.most_watts > 0 && judgement.most_watts > purse_.most_watts;
    const bool too_loud = purse_.most_noise > 0 && judgement.noise > purse_.most_noise;
    if (judgement.errors.empty() && !too_much && !too_loud)
      kept_.push_back({each, std::move(judgement)});
  }
  return {};
}

Counts Model::today() const {
  Counts counts;
  for (const PartOption& option : options_) counts.push_back(option.owned);
  return counts;
}

int Model::find(const Counts& counts) const {
  const auto found = std::ranges::find(kept_, counts, &Configuration::counts);
  return found == kept_.end() ? -1 : static_cast<int>(found - kept_.begin());
}

Cents Model::move_cost(int month, const Counts& from, const Counts& to) const {
  Cents sum = 0;
  for (std::size_t o = 0; o < options_.size(); ++o) {
    const int change = to[o] - from[o];
    if (change > 0 && options_[o].buy[index(month)] == kNever) return kNever;
    if (change > 0) sum += change * options_[o].buy[index(month)];
    if (change < 0) sum += change * options_[o].sale[index(month)];
  }
  return sum;
}

int Model::purchases(const Counts& from, const Counts& to) {
  int bought = 0;
  for (std::size_t o = 0; o < from.size(); ++o) bought += std::max(0, to[o] - from[o]);
  return bought;
}

Cents Model::salvage(const Counts& counts) const {
  Cents sum = 0;
  for (std::size_t o = 0; o < options_.size(); ++o) sum += counts[o] * options_[o].sale.back();
  return sum;
}

MonthBill Model::bill(int month, const Judgement& judgement) const {
  MonthBill bill;
  double watt_hours = 0, rented = 0;
  for (std::size_t k = 0; k < tasks_.size(); ++k) {
    const Task& task = tasks_[k];
    const Ability& ability = judgement.abilities[k];
    const double tokens = task.tokens[index(month)];
    MonthBill::Share& share = bill.shares.emplace_back();
    if (tokens <= 0) continue;
    if (ability.fits && ability.tokens_per_s > 0 && ability.tokens_per_s >= task.target) {
      const double hours = tokens / ability.tokens_per_s / kSecondsPerHour;
      share.local = std::min(1.0, std::max(0.0, purse_.hours_on - bill.busy_hours) / hours);
      bill.busy_hours += share.local * hours;
      watt_hours += share.local * hours * ability.watts;
    }
    if (share.local >= 1) continue;
    const bool may_rent = !task.keep_private && task.rented_rate > 0;
    if (!may_rent) {
      ++bill.unserved;
      continue;
    }
    share.rented = 1 - share.local;
    rented +=
        share.rented * tokens / task.rented_rate / kSecondsPerHour * task.rented[index(month)];
  }
  watt_hours += std::max(0.0, purse_.hours_on - bill.busy_hours) * judgement.idle_watts;
  if (rented > 0) rented += purse_.rented_fixed;
  const auto cents = [&](double major) { return std::llround(major * purse_.minor_per_major); };
  bill.energy =
      cents((1 + purse_.cooling) * watt_hours / kWattsPerKilowatt * purse_.tariff[index(month)]);
  bill.rented = cents(rented);
  bill.fixed = cents(purse_.fixed[index(month)]);
  return bill;
}

Instance Model::instance(Objective objective) const {
  Instance x{.months = purse_.months, .configurations = static_cast<int>(kept_.size())};
  std::map<Counts, std::uint32_t> moves;
  std::vector<std::pair<const Counts*, const Counts*>> examples;
  for (const Configuration& from : kept_) {
    x.first_arc.push_back(static_cast<std::uint32_t>(x.arcs.size()));
    for (std::size_t j = 0; j < kept_.size(); ++j) {
      const Counts& to = kept_[j].counts;
      const int bought = purchases(from.counts, to);
      if (bought > purse_.purchases_per_month ||
          families(options_, from.counts, to) > kFamiliesPerMove)
        continue;
      Counts change = to;
      for (std::size_t o = 0; o < change.size(); ++o) change[o] -= from.counts[o];
      const auto [place, fresh] =
          moves.emplace(std::move(change), static_cast<std::uint32_t>(moves.size()));
      if (fresh) {
        examples.emplace_back(&from.counts, &to);
        x.purchases.push_back(bought);
      }
      x.arcs.push_back({static_cast<std::uint32_t>(j), place->second});
    }
  }
  x.first_arc.push_back(static_cast<std::uint32_t>(x.arcs.size()));
  x.moves = static_cast<int>(examples.size());
  for (int t = 0; t < x.months; ++t) {
    for (const auto& [from, to] : examples) x.move_cost.push_back(move_cost(t, *from, *to));
    for (const Configuration& each : kept_) {
      const MonthBill month = bill(t, each.judgement);
      x.running.push_back(month.total());
      x.unserved.push_back(month.unserved);
    }
  }
  x.income = purse_.income;
  x.opening = purse_.opening;
  x.reserve = purse_.reserve;
  for (const Configuration& each : kept_) x.salvage.push_back(salvage(each.counts));
  x.weight = discount_weights(x.months, purse_.discount_rate);
  if (objective == Objective::work) x.unserved_weight = lexicographic_weight(x);
  return x;
}

}  // namespace rigor::plan
