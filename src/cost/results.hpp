// What a case comes to: present values, returns, break-even, cost of an hour and of a million
// tokens. Layer 6.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cost/build_case.hpp"
#include "cost/chance.hpp"
#include "cost/depreciation.hpp"
#include "cost/returns.hpp"
#include "cost/sensitivity.hpp"

namespace rigor::cost {

/// Major units. Hours are discounted like money (levelised), so that price times amount is the
/// present value.
struct Unit {
  double owned = 0;
  std::optional<double> rented = {};
};

struct Results {
  double owned = 0;            ///< present value of all that owning costs
  double rented = 0, npv = 0;  ///< of renting; of owning instead
  Irr irr = {};
  std::optional<double> mirr = {};  ///< financed and reinvested at the discount rate
  std::optional<double> payback = {}, discounted_payback = {};  ///< months
  std::optional<double> profitability = {};
  double owned_a_year = 0, rented_a_year = 0;  ///< equal yearly amounts
  Switch hours = {};                           ///< a month at which both cost the same
  std::optional<double> utilisation = {};      ///< that, of the hours of a month
  Unit hour = {};                              ///< of work of the whole machine
  double hours_total = 0;
  std::vector<double> owned_sum = {}, rented_sum = {};  ///< money spent so far, not discounted
  std::vector<double> owned_worth = {};  ///< the same less what selling everything then would bring
};
Results make_results(const CostCase& input);

/// One way of renting beside owning.
struct Alternative {
  Rent rent = Rent::on_demand;
  std::string missing = {};  ///< why it cannot be done; empty when it can
  double present = 0, total = 0, npv = 0;
};

}  // namespace rigor::cost
