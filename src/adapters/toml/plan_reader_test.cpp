#include "adapters/toml/plan_reader.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

namespace rigor::adapters {
namespace {

const std::string kFrame = "start = \"2025-10\"\nhorizon = \"36 months\"\n";

cost::PlanFile read(const std::string& text, Diagnostics& diagnostics) {
  return read_plan(text, "plan.toml", diagnostics);
}

const char* const kTwoCards = R"(
name = "two cards"
currency = "ILS"
start = "2025-10"
horizon = "3 years"
discount_rate = "8 %"
inflation = "2.5 %"
rates_are = "real"
[rates]
ILS = "0.27 USD"
[budget]
at_start = "15419 ILS"
per_month = "500 USD"
extra = [{ month = "2026-06", amount = "2000 ILS" }]
[tax]
sales = "18 %"
income = "23 %"
depreciation = "macrs-5"
[financing]
share = "50 %"
rate = "7 %"
term = "24 months"
[ownership]
tariff = "0.60 ILS/kWh"
staff_hours = "2 h"
staff_rate = "50 USD/h"
[[part]]
ref = "rtx 5090"
most = 2
new = { "2025-10" = "8000 ILS", "2026-10" = "6800 ILS" }
used = { "2025-10" = "6000 ILS" }
lead_time = "1 month"
[[cloud]]
gpu = "rtx 5090"
price = "0.69 USD/h"
committed = "0.5 USD/h"
committed_term = "1 year"
[[policy]]
name = "later"
step = [{ month = 12, ref = "rtx 5090" }, { month = "2026-01", what = "UPS", price = "600 ILS" }]
)";

TEST_CASE("a plan says over which time, at which rates and prices") {
  Diagnostics diagnostics;
  const cost::PlanFile plan = read(kTwoCards, diagnostics);
  CAPTURE(to_text(diagnostics));
  REQUIRE_FALSE(diagnostics.has_errors());
  CHECK(plan.currency.text() == "ILS");
  CHECK(cost::to_text(plan.start) == "2025-10");
  CHECK(plan.horizon == 36);
  CHECK(plan.discount_rate == doctest::Approx(0.08));
  CHECK(plan.basis == cost::Basis::real);
  CHECK(plan.budget.extra.front().amount.minor == 200000);
  CHECK(plan.tax.method == cost::Depreciation::macrs_5);
  CHECK(plan.financing->term == 24);
  CHECK(plan.ownership.tariff->currency.text() == "ILS");
  REQUIRE(plan.parts.size() == 1);
  // Halfway between 8,000 and 6,800 ILS.
  CHECK(plan.parts[0].fresh.at(cost::month_of(2026, 4)) == 740000);
  CHECK(plan.parts[0].lead_time == 1);
  CHECK(plan.cloud[0].committed->term == 12);
  // Steps stand in the order of their months, however they were written.
  CHECK(plan.policies[0].steps[0].what == "UPS");
  CHECK(plan.policies[0].steps[1].month - plan.start == 12);
}

struct Case {
  std::string text, message, hint;
};

const std::vector<Case> kWrong = {
    Case{"", "the file is empty", "start, horizon"},
    Case{"start = \"2025-10\"", "has no \"horizon\"", "horizon = \"36 months\""},
    Case{"horizon = \"1 year\"", "has no \"start\"", "start = \"2025-10\""},
    Case{"start = \"2025-10\"\nhorizon = \"0 months\"",
         "horizon: \"0 months\" is not between 1 and 240", "36 months"},
    Case{"start = \"2025-10\"\nhorizon = \"1.3 months\"", "not a number of months", "36 months"},
    Case{"start = \"2025-10\"\nhorizon = 36", "the number has no unit", "36 months"},
    Case{"start = \"2025-13\"\nhorizon = \"1 year\"", "\"2025-13\" is not a month", "2025-10"},
    Case{kFrame + "discount_rate = \"-3 %\"", "discount_rate: \"-3 %\" is negative", "8 %"},
    Case{kFrame + "discount_rate = \"800 %\"", "is not between 0 % and 100 %", ""},
    Case{kFrame + "discount_rate = 8", "the number has no unit", "8 %"},
    Case{kFrame + "rates_are = \"real\"", "real rates need the inflation", "inflation ="},
    Case{kFrame + "currency = \"XYZ\"", "unknown currency \"XYZ\"", ""},
    Case{"currency = \"ILS\"\n" + kFrame, "no exchange rate for ILS", "[rates] with ILS"},
    Case{kFrame + "[budget]\nper_month = \"500 EUR\"", "no exchange rate for EUR", "[rates]"},
    Case{kFrame + "[budget]\nper_month = \"-5 USD\"", "a price is not negative", ""},
    Case{kFrame + "[ownership]\ntariff = \"0.15 USD/h\"", "is not money per kWh", "1.50 USD/kWh"},
    Case{kFrame + "[ownership]\ntariff = \"-0.15 USD/kWh\"", "is negative", ""},
    Case{kFrame + "[ownership]\nstaff_hours = \"2 h\"", "what an hour costs", "staff_rate"},
    Case{kFrame + "[financing]\nshare = \"50 %\"\nrate = \"7 %\"", "has no \"term\"", "24 months"},
    Case{kFrame + "[tax]\ndepreciation = \"macrs\"", "\"macrs\" is unknown", "macrs-5"},
    Case{kFrame + "[[part]]\nref = \"a\"\nnew = { \"2026-03\" = \"8 USD\" }",
         "no price from 2025-10 to 2026-02", "available = \"2026-03\""},
    Case{kFrame + "[[part]]\nref = \"a\"\nnew = { \"2025-11\" = \"8 USD\", \"2025-10\" = "
                  "\"9 USD\" }",
         "2025-10 does not come after 2025-11", "the earliest first"},
    Case{kFrame + "[[part]]\nref = \"a\"\nnew = { \"2025-10\" = \"8 USD\", \"2025-11\" = "
                  "\"9 EUR\" }",
         "EUR among prices in USD", "one currency"},
    Case{kFrame + "[[part]]\nref = \"a\"\nnew = { \"2025-10\" = 8 }", "needs its currency",
         "8250 USD"},
    Case{kFrame + "[[part]]\nref = \"a\"\navailable = \"2026-03\"\nuntil = \"2026-01\"",
         "it ends before it begins", "2026-03"},
    Case{kFrame + "[[cloud]]\nprovider = \"x\"", "neither \"ref\" nor \"gpu\"", ""},
    Case{kFrame + "[[cloud]]\ngpu = \"a\"", "has no price", "1.57 USD/h"},
    Case{kFrame + "[[use]]\nworkload = \"chat\"", "does not say how much", "hours ="},
    Case{kFrame + "[[use]]\nworkload = \"chat\"\nhours = \"800 h\"", "not between 0 and 744",
         "320 h"},
    Case{kFrame + "[[policy]]\nname = \"a\"\nstep = [{ month = 40, what = \"x\", price = "
                  "\"1 USD\" }]",
         "lies outside the plan", "2025-10 to 2028-10"},
    Case{kFrame + "[[policy]]\nname = \"a\"\nstep = [{ month = 4, what = \"x\" }]",
         "the step has no price", "price ="},
    Case{kFrame + "[[uncertain]]\nwhat = \"hours\"\nlow = 5\nlikely = 4\nhigh = 6", "do not rise",
         "lowest"},
    Case{kFrame + "horizont = \"3 years\"", "unknown key \"horizont\"", "horizon"},
    Case{"[[workload]]\nname = \"a\"", "this is a work file", "horizon"},
};

TEST_CASE("what is wrong with a plan is said with its place and a way out") {
  for (const Case& one : kWrong) {
    Diagnostics diagnostics;
    read(one.text, diagnostics);
    const std::string said = to_text(diagnostics);
    CAPTURE(one.text);
    CAPTURE(said);
    CHECK(diagnostics.has_errors());
    CHECK(said.find(one.message) != std::string::npos);
    CHECK(said.find(one.hint) != std::string::npos);
    CHECK(said.find("plan.toml") != std::string::npos);
  }
}

TEST_CASE("all problems of a plan are told in one go") {
  Diagnostics diagnostics;
  read("start = 5\nhorizon = \"0 years\"\ndiscount_rate = \"-1 %\"\n", diagnostics);
  CHECK(diagnostics.errors() == 3);
}

TEST_CASE("the plans of the examples are sound") {
  for (const char* name : {"pro6000", "plonter", "uff", "4x3090"}) {
    std::ifstream file(std::string("examples/plans/") + name + ".toml");
    std::stringstream text;
    text << file.rdbuf();
    Diagnostics diagnostics;
    const cost::PlanFile plan = read_plan(text.str(), name, diagnostics);
    CAPTURE(to_text(diagnostics));
    CHECK_FALSE(diagnostics.has_errors());
    CHECK(plan.horizon > 0);
  }
}

TEST_CASE("the plan of the reference page is sound, and states every list") {
  std::ifstream file("docs/reference/plan-file.md");
  std::stringstream page;
  page << file.rdbuf();
  const std::string text = page.str();
  const std::size_t start = text.find("```toml\n") + 8, end = text.find("\n```\n", start);
  REQUIRE(end != std::string::npos);
  Diagnostics diagnostics;
  const cost::PlanFile plan = read_plan(text.substr(start, end - start), "page", diagnostics);
  CAPTURE(to_text(diagnostics));
  CHECK_FALSE(diagnostics.has_errors());
  CHECK(plan.uses.size() == 1);
  CHECK(plan.parts.size() == 1);
  CHECK(plan.cloud.size() == 1);
  CHECK(plan.api.size() == 1);
  CHECK(plan.policies.size() == 1);
  CHECK(plan.uncertain.size() == 2);
  CHECK(plan.correlated.size() == 1);
}

}  // namespace
}  // namespace rigor::adapters
