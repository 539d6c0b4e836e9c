// A plan file as plain structs: over which time, at which rates, with which money, at which prices.
// What the file does not state stays empty; defaults and their sources are the caller's.
// Keys: docs/reference/plan-file.md. Layer 6.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.hpp"
#include "cost/month.hpp"
#include "cost/price_path.hpp"
#include "units/money.hpp"

namespace rigor::cost {

/// Money per hour, month or million tokens; fractions of a cent are usual.
struct MoneyRate {
  double amount = 0;
  Currency currency = {};
};

/// Whether rates and prices to come are in the money of then or of the start.
enum class Basis : std::uint8_t { nominal, real };

struct Budget {
  std::optional<Price> at_start = {};   ///< cash in the first month
  std::optional<Price> per_month = {};  ///< that comes in every month
  std::optional<Price> reserve = {};    ///< that must remain
  struct Extra {
    Month month = {};
    Price amount = {};
  };
  std::vector<Extra> extra = {};  ///< once, in that month
};

enum class Depreciation : std::uint8_t {
  none,
  straight_line,
  declining,
  double_declining,  ///< with the switch to straight line
  macrs_5,
  at_once,  ///< all of it in the first year (bonus depreciation, Section 179)
};

struct Tax {
  std::optional<double> sales = {};   ///< of a price without it; empty: prices include it
  std::optional<double> income = {};  ///< of profit; makes book depreciation worth something
  Depreciation method = Depreciation::none;
  std::optional<double> declining_rate = {};  ///< of `declining`, a year
  std::optional<int> life = {};               ///< months
  std::optional<double> salvage = {};         ///< book value at the end, of the price
};

struct Financing {
  double share = 1;  ///< of the first purchase
  double rate = 0;   ///< a year, nominal, paid monthly
  int term = 0;      ///< months
};

/// Running costs that neither work nor rig say.
struct Ownership {
  std::optional<MoneyRate> tariff = {};      ///< per kWh; goes before that of the rig's site
  std::optional<double> tariff_growth = {};  ///< a year
  std::optional<MoneyRate> space = {};       ///< per month
  std::optional<double> staff_hours = {};    ///< a month
  std::optional<MoneyRate> staff_rate = {};  ///< per hour
  std::optional<double> failures = {};       ///< of the price, expected repairs a year
  std::optional<int> warranty = {};          ///< months without repairs
  std::optional<MoneyRate> insurance = {};   ///< per month
  std::optional<Price> shipping = {};        ///< of the first purchase
  std::optional<Price> disposal = {};        ///< at the end
};

struct Resale {
  std::optional<double> share = {};  ///< of all prices at the end; goes before curves and paths
  std::optional<double> fee = {};    ///< of what a sale brings
  std::string curve = {};            ///< of parts that name none; id of the catalogue
};

/// A part that may be bought, or that the rig has and may be sold.
struct Candidate {
  std::string ref = {};   ///< as written; resolved by the caller
  std::string name = {};  ///< in answers; empty: that of the part
  int most = 1;           ///< pieces the plan may own of it, those of the rig included
  std::string slot = {};  ///< where it would sit; empty: wherever it may
  PricePath fresh = {}, used = {};
  std::string curve = {};               ///< id of a value curve; empty: the kind's
  std::optional<Month> available = {};  ///< from this month on
  std::optional<Month> until = {};      ///< the last month in which it can be bought
  int lead_time = 0;                    ///< months from paying to using
  std::string source = {};              ///< of the prices
  Location where = {};
};

struct Commitment {
  int term = 0;  ///< months
  MoneyRate price = {};
};

struct CloudOffer {
  std::string ref = {};  ///< of the catalogue; empty: all is stated here
  std::string provider = {}, gpu = {};
  int count = 1;  ///< cards of one machine
  std::optional<MoneyRate> price = {}, spot = {};
  std::optional<Commitment> committed = {};
  std::string source = {};
  Location where = {};
};

/// What renting costs beside the hours, of every offer.
struct CloudHabits {
  std::optional<double> idle = {};          ///< hours paid and not worked, of those worked
  std::optional<double> interruption = {};  ///< work lost to interruptions of spot machines
  std::optional<MoneyRate> storage = {};    ///< per month
  std::optional<MoneyRate> egress = {};     ///< per month
  std::optional<double> price_growth = {};  ///< a year; negative where prices fall
};

struct ApiOffer {
  std::string ref = {};  ///< of the catalogue; empty: all is stated here
  std::string provider = {}, model = {};
  std::optional<MoneyRate> input = {}, output = {};  ///< per million tokens
  std::string source = {};
  Location where = {};
};

/// How much of a workload there is, from a month on.
struct Use {
  std::string workload = {};                   ///< its name in the work file
  std::optional<double> hours = {};            ///< a month, on the rig at hand
  std::optional<double> tokens = {};           ///< a month
  std::optional<double> prompt_share = {};     ///< of an API's tokens, read and not written
  std::optional<Month> from = {}, until = {};  ///< both included
  Location where = {};
};

/// One purchase or sale somebody intends.
struct Step {
  Month month = {};
  std::string what = {};             ///< in words
  std::string ref = {};              ///< of a part; empty: money only
  int count = 1;                     ///< pieces; negative: sold
  std::optional<Price> price = {};   ///< of one piece; empty: by the part's price path
  std::optional<double> watts = {};  ///< of the whole machine at work from then on, at the wall
  Location where = {};
};

/// A named path of purchases.
struct Policy {
  std::string name = {}, summary = {};
  std::vector<Step> steps = {};
  std::optional<Price> stated_total = {};  ///< what its author says it costs
  Location where = {};
};

/// A value that is not known: lowest, likeliest, highest.
struct Uncertain {
  std::string what = {};
  double low = 0, likely = 0, high = 0;
  Location where = {};
};
struct Correlated {
  std::string a = {}, b = {};
  double rank = 0;  ///< rank correlation, -1 to 1
  Location where = {};
};

/// What no plan may exceed.
struct Limits {
  std::optional<int> purchases_per_month = {};
  std::optional<double> wall_watts = {};
  std::optional<double> noise = {};          ///< dB(A)
  std::optional<double> rebuild_hours = {};  ///< during which the machine does not work
};

struct PlanFile {
  std::string name = {};
  Currency currency = {};  ///< of all answers
  Month start = {};
  int horizon = 0;                           ///< months
  std::optional<double> discount_rate = {};  ///< a year
  Basis basis = Basis::nominal;
  std::optional<double> inflation = {};  ///< a year
  ExchangeRates rates = {};
  Budget budget = {};
  Tax tax = {};
  std::optional<Financing> financing = {};
  Ownership ownership = {};
  Resale resale = {};
  Limits limits = {};
  CloudHabits renting = {};
  std::vector<Candidate> parts = {};
  std::vector<CloudOffer> cloud = {};
  std::vector<ApiOffer> api = {};
  std::vector<Use> uses = {};
  std::vector<Policy> policies = {};
  std::vector<Uncertain> uncertain = {};
  std::vector<Correlated> correlated = {};
};

}  // namespace rigor::cost
