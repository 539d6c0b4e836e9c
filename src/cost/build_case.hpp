// A rig, its work and the terms made into a case: what each part costs and will be worth, how much
// the machine works each month, what the same work costs when it is rented. Layer 6.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "cost/cost_case.hpp"
#include "cost/habits.hpp"
#include "cost/terms.hpp"
#include "units/range.hpp"

namespace rigor::cost {

inline constexpr double kHoursPerMonth = 730;

/// A line of the rig as the caller found it.
struct OwnPart {
  std::string id = {}, kind = {}, name = {};
  int count = 1;
  std::optional<Price> price = {};  ///< of one piece
  std::string bought = {};          ///< "2025-11"; empty: bought at the start
  std::optional<Price> list_price = {};
  std::string list_source = {};
  const Candidate* candidate = nullptr;  ///< what the plan says of it; may be null
};

/// A line of the bill.
struct PricedPart {
  std::string name = {};
  int count = 1;
  std::int64_t paid = 0;          ///< minor units, all pieces, tax included
  std::int64_t value_at_end = 0;  ///< likewise, before fees
  bool is_owned = false;          ///< bought before the start: at what selling it would bring
  std::string price_from = {}, value_from = {};
};
struct Bill {
  std::vector<PricedPart> parts = {};
  std::vector<std::string> unpriced = {};  ///< names of parts without any price
  [[nodiscard]] std::int64_t total() const;
};
/// Errors: a currency without a rate, a month that is none, a curve that does not exist.
Result<Bill> make_bill(const std::vector<OwnPart>& parts, const Terms& terms,
                       const ValueCurves& curves, const std::string& usual_curve);

/// How the same work is rented.
enum class Rent : std::uint8_t { on_demand, spot, committed, api };
inline constexpr std::size_t kRents = 4;
std::string_view to_text(Rent rent);

/// One offer that does a workload. Amounts in major units of the terms' currency.
struct Match {
  std::string name = {};  ///< "RunPod, 1 x NVIDIA GeForce RTX 5090"
  std::string source = {};
  int gpus = 1;
  double per_hour = 0;              ///< of the rented machine; API: of what the rig does in an hour
  Range<double> ratio = {1, 1, 1};  ///< rented hours per hour of the own machine
  double per_mtok = 0;              ///< of what is written or learnt, waste included
};

/// A workload on the rig.
struct WorkOnRig {
  std::string name = {};
  double hours = 0;   ///< in the first month, as the work file says
  double growth = 0;  ///< a year
  double tokens_per_s = 0;
  Range<double> wall_kw = {};
  int gpus = 1;                       ///< of the rig that work on it
  bool is_private = false;            ///< may not be rented
  std::vector<const Use*> uses = {};  ///< of the plan; the last that holds in a month wins
  std::array<std::optional<Match>, kRents> match = {};
  std::array<std::string, kRents> missing = {};  ///< why there is no match
};
/// Hours in month `t` after the start.
double hours_in(const WorkOnRig& work, Month start, int t);

struct MachineUse {
  double idle_kw = 0;
  double hours_on = kHoursPerMonth;
  double cooling = 0;  ///< energy of removing the heat, over the machine's
};

struct CaseInput {
  const Terms* terms = nullptr;
  const Bill* bill = nullptr;
  const std::vector<WorkOnRig>* work = nullptr;
  const Policy* policy = nullptr;  ///< later purchases; may be null
  MachineUse machine = {};
  Rent rent = Rent::on_demand;
};
/// Why the work cannot be rented like this; empty when it can.
std::string why_not(const std::vector<WorkOnRig>& work, Rent rent);
/// Errors: a step without a price, a currency without a rate. Later purchases keep the share of
/// their price that the bill as a whole keeps, unless the plan states one for all.
Result<CostCase> make_case(const CaseInput& input);

}  // namespace rigor::cost
