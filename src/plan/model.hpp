// An upgrade plan in the terms of its user: parts that may be bought or sold, tasks of each month,
// what the machine made of them does with those tasks, and what a month of that costs. Makes the
// instance that solve.hpp takes. Layer 7.
//
// What is charged, and when: docs/models/80-plan.md
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "plan/instance.hpp"

namespace rigor::plan {

/// A part whose number may change. Prices are cents of the plan's currency, sales less fees.
struct PartOption {
  std::string ref = {}, name = {}, kind = {};
  int owned = 0;
  int least = 0, most = 1;  ///< pieces a configuration may have of it
  /// Of a kind a machine has exactly one of (board, supply, processor): those of a kind exclude
  /// each other.
  bool is_single = false;
  std::vector<Cents> buy = {};   ///< per month; kNever: cannot be bought then
  std::vector<Cents> sale = {};  ///< per month, and at the end
};
/// Pieces per option.
using Counts = std::vector<int>;

/// What a configuration does with one task.
struct Ability {
  bool fits = false;
  double tokens_per_s = 0;  ///< 0: it does not fit, or its speed is not known
  double watts = 0;         ///< of the whole machine at the wall while it works
};

struct Judgement {
  std::vector<std::string> errors = {};  ///< of rules of `rigor check`; empty: it stands
  /// One of the errors is such that more parts beside the same single ones break the rule too.
  bool more_never_helps = false;
  std::vector<Ability> abilities = {};  ///< in the order of the tasks
  double idle_watts = 0;                ///< at the wall
  double most_watts = 0;                ///< at the wall, at its limits; 0: unknown
  double noise = 0;                     ///< dB(A) at its limits; 0: unknown
};

struct Task {
  std::string name = {};
  std::vector<double> tokens = {};  ///< per month
  double target = 0;                ///< tokens per second it must reach; 0: any
  bool keep_private = false;
  double rented_rate = 0;           ///< tokens per second of the cheapest offer that does it
  std::vector<double> rented = {};  ///< major units per hour of it, waste included, per month
  std::string offer = {};           ///< its name; empty: none does it
};

/// Money and time, in the plan's currency.
struct Purse {
  int months = 0;
  double minor_per_major = 100;
  std::vector<Cents> income = {};
  Cents opening = 0, reserve = 0;
  double discount_rate = 0;
  std::vector<double> tariff = {};  ///< per kWh, per month
  std::vector<double> fixed = {};   ///< of a month whatever the machine
  double hours_on = 730;            ///< per month
  double cooling = 0;               ///< energy of removing the heat, over the machine's
  double rented_fixed = 0;          ///< of a month in which anything is rented
  int purchases_per_month = 3;
  double most_watts = 0, most_noise = 0;  ///< ceilings; 0: none
};

/// One month in one configuration.
struct MonthBill {
  Cents energy = 0, rented = 0, fixed = 0;
  int unserved = 0;  ///< tasks
  double busy_hours = 0;
  struct Share {
    double local = 0, rented = 0;  ///< of the task's tokens
  };
  std::vector<Share> shares = {};  ///< per task
  [[nodiscard]] Cents total() const { return energy + rented + fixed; }
};

struct Configuration {
  Counts counts = {};
  Judgement judgement = {};
};

enum class Objective : std::uint8_t { work, cost };

class Model {
 public:
  using Judge = std::function<Judgement(const Counts&)>;

  Model(std::vector<PartOption> options, std::vector<Task> tasks, Purse purse)
      : options_(std::move(options)), tasks_(std::move(tasks)), purse_(std::move(purse)) {}

  /// All combinations of parts, of which those are kept that stand. The first is today's, whatever
  /// is wrong with it; a combination is not even judged when one with fewer parts fails for good.
  /// Error when there are more than `most`.
  Result<void> enumerate(const Judge& judge, std::size_t most);

  [[nodiscard]] const std::vector<PartOption>& options() const { return options_; }
  [[nodiscard]] const std::vector<Task>& tasks() const { return tasks_; }
  [[nodiscard]] const Purse& purse() const { return purse_; }
  [[nodiscard]] const std::vector<Configuration>& configurations() const { return kept_; }
  [[nodiscard]] std::size_t combinations() const { return combinations_; }
  [[nodiscard]] std::size_t judged() const { return judged_; }
  /// What is owned before month 0.
  [[nodiscard]] Counts today() const;
  /// Its index; -1: it was not kept.
  [[nodiscard]] int find(const Counts& counts) const;

  /// What the purse gives for going from one set of parts to another; kNever: not then.
  [[nodiscard]] Cents move_cost(int month, const Counts& from, const Counts& to) const;
  [[nodiscard]] static int purchases(const Counts& from, const Counts& to);
  [[nodiscard]] Cents salvage(const Counts& counts) const;
  [[nodiscard]] MonthBill bill(int month, const Judgement& judgement) const;

  /// Requires: `enumerate` went well.
  [[nodiscard]] Instance instance(Objective objective) const;

 private:
  void combine(std::size_t option, Counts& counts, std::vector<Counts>& all) const;
  [[nodiscard]] bool singles_are_whole(const Counts& counts) const;
  /// The same single parts, and no fewer of any other.
  [[nodiscard]] bool is_more(const Counts& counts, const Counts& than) const;

  std::vector<PartOption> options_;
  std::vector<Task> tasks_;
  Purse purse_;
  std::vector<Configuration> kept_ = {};
  std::size_t combinations_ = 0, judged_ = 0;
};

}  // namespace rigor::plan
