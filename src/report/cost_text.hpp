// The answer of `rigor cost` as text and as JSON. Layer 9.
#pragma once

#include <string>
#include <vector>

#include "cost/ranges.hpp"
#include "cost/results.hpp"

namespace rigor::report {

/// A path of later purchases that the plan names.
struct PathTotal {
  std::string name;
  std::int64_t total = 0;  ///< minor units, the first purchase included
  std::optional<std::int64_t> stated = {};
};

/// The books, where the plan says how they write off.
struct BookReport {
  cost::BookTerms terms = {};
  cost::BookView view = {};
  double income_tax = 0;
};

/// A part of the rig that could be bought used, by the plan's prices.
struct UsedReport {
  std::string name;
  double fresh = 0, used = 0;  ///< a piece, major units
  double working = 0;          ///< price of one that works, tests and failures counted
  double fair = 0;             ///< used price that would be worth the new one
  double test_hours = 0, hour = 0, failure = 0;
};

/// Everything there is to say. Pointers must outlive it.
struct CostReport {
  std::string rig, policy;
  const cost::Terms* terms = nullptr;
  const cost::Bill* bill = nullptr;
  const std::vector<cost::WorkOnRig>* work = nullptr;
  cost::MachineUse machine = {};
  std::vector<std::string> idle_work = {};  ///< workloads without hours: they cost nothing here
  std::vector<std::string> undone = {};     ///< workloads the rig cannot do, with the reason
  int gpus = 0;                             ///< cards of the rig
  int in_total = 0;            ///< lines of the rig without a price, which its stated total holds
  bool is_cards_only = false;  ///< the rig lists no board and no whole machine
  double fullest_month = 0;    ///< hours of the month with most work
  cost::CostCase input = {};
  cost::Ledger ledger = {};
  cost::Rent against = cost::Rent::on_demand;
  std::string unrented = {};  ///< why nothing is compared; empty when something is
  cost::Results results = {};
  std::vector<cost::Alternative> alternatives = {};
  cost::Ranges ranges = {};
  std::vector<cost::Swing> swings = {};
  cost::TwoWay two_way = {};
  std::vector<cost::Switch> switches = {};
  cost::Chances chances = {};
  std::vector<PathTotal> paths = {};
  std::optional<BookReport> book = {};
  std::vector<UsedReport> used = {};
};

/// At most 80 columns.
std::string cost_text(const CostReport& report);
std::string cost_json(const CostReport& report);

/// A lever's value with its unit: "320 h", "1.10 USD/h", "40 %".
std::string lever_text(cost::Lever lever, double value, Currency currency);

}  // namespace rigor::report
