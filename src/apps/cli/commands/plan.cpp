// rigor plan RIG --work WORK --plan PLAN: what to buy and sell, month by month.
#include <fmt/format.h>

#include <algorithm>

#include "adapters/files/files.hpp"
#include "apps/cli/commands.hpp"
#include "apps/cli/plan_document.hpp"
#include "apps/cli/plan_terms.hpp"
#include "apps/cli/work_file.hpp"
#include "base/text.hpp"
#include "report/plan_text.hpp"

namespace rigor::apps {
namespace {

constexpr std::array kOptions = {
    Option{"work", "WORK", "what the rig is for: a file with [[workload]] tables"},
    Option{"plan", "PLAN", "horizon, budget, candidate parts, offers and paths"},
    Option{"objective", "work|cost",
           "most work done, then least cost (as is usual); or cost alone"},
    Option{"front", "", "what less cash at the start would cost"},
    Option{"svg", "FILE", "draw the cash of the best plan and of the other paths"},
    Option{"json", "", "one JSON object instead of text"},
    Option{"catalog", "DIR", "lay your own catalogue folder over the built-in one"},
};

/// Combinations of parts that are judged by the rules, at most.
constexpr std::size_t kMostCombinations = 20'000;
/// Plans of the front that are printed, at most.
constexpr std::size_t kMostOfFront = 12;
/// Configurations up to which switch prices are searched for; each takes some thirty searches.
constexpr std::size_t kMostForSwitches = 600;

Result<plan::Objective> objective_of(const Arguments& arguments) {
  const std::string word = arguments.text("objective").value_or("work");
  if (word == "work") return plan::Objective::work;
  if (word == "cost") return plan::Objective::cost;
  return fail(ErrorCode::usage, fmt::format("\"{}\" is no objective", word), "--objective",
              "work or cost");
}

/// What a plan is made from, read and held together.
struct Inputs {
  adapters::RigFile rig;
  std::vector<workload::Workload> work;  ///< that there is some of
  cost::PlanFile plan;
  plan::Objective objective = plan::Objective::work;
  cost::Terms terms = {};
  cost::ValueCurves curves = {};
  cost::Offers offers = {};
  std::vector<std::string> without_amount = {};  ///< workloads of which nothing says how much
};

/// Keeps the workloads of which something says how much there is.
Result<void> keep_amounts(Inputs& inputs) {
  std::vector<std::string> names;
  for (const workload::Workload& work : inputs.work) names.push_back(work.name);
  for (const cost::Use& use : inputs.plan.uses)
    if (std::ranges::find(names, use.workload) == names.end())
      return fail(ErrorCode::not_found,
                  fmt::format("the work file has no workload \"{}\"", use.workload),
                  to_text(use.where), did_you_mean(use.workload, names));
  std::erase_if(inputs.work, [&](const workload::Workload& work) {
    const bool has_amount = work.hours_per_month || work.tokens_per_month ||
                            std::ranges::any_of(inputs.plan.uses, [&](const cost::Use& use) {
                              return use.workload == work.name;
                            });
    if (!has_amount) inputs.without_amount.push_back(work.name);
    return !has_amount;
  });
  if (!inputs.work.empty()) return {};
  return fail(ErrorCode::usage, "nothing says how much work there is", "--plan",
              "add [[use]] with workload = \"" + names.front() + "\" and hours = \"100 h\"");
}

/// What money is taken to do where the plan does not say.
Result<void> read_money(Inputs& inputs, Session& session) {
  const Result<cost::MoneyHabits> habits = cost::money_habits(session.catalog);
  if (!habits) return tl::unexpected<Error>(habits.error());
  Result<cost::ValueCurves> curves = cost::value_curves(session.catalog);
  if (!curves) return tl::unexpected<Error>(curves.error());
  const hardware::Rig& rig = inputs.rig.rig;
  Result<cost::Terms> terms = cost::make_terms(
      {&inputs.plan, &*habits, rig.site, rig.rates, inputs.plan.currency, inputs.plan.start});
  if (!terms) return tl::unexpected<Error>(terms.error());
  Result<cost::Offers> offers = cost::make_offers(session.catalog, &inputs.plan, *terms);
  if (!offers) return tl::unexpected<Error>(offers.error());
  inputs.curves = std::move(*curves);
  inputs.terms = std::move(*terms);
  inputs.offers = std::move(*offers);
  return {};
}

Result<std::unique_ptr<Inputs>> open_inputs(const Arguments& arguments, Session& session) {
  for (const char* needed : {"work", "plan"})
    if (!arguments.has(needed))
      return fail(ErrorCode::usage, fmt::format("--{} is missing", needed), {},
                  "rigor plan RIG.toml --work WORK.toml --plan PLAN.toml");
  const Result<plan::Objective> objective = objective_of(arguments);
  if (!objective) return tl::unexpected<Error>(objective.error());
  Result<adapters::RigFile> rig = open_rig(arguments.positional[0], session);
  if (!rig) return tl::unexpected<Error>(rig.error());
  Result<std::vector<workload::Workload>> work = read_workloads(*arguments.text("work"), session);
  if (!work) return tl::unexpected<Error>(work.error());
  Result<cost::PlanFile> plan = read_plan_file(*arguments.text("plan"), session);
  if (!plan) return tl::unexpected<Error>(plan.error());
  auto inputs = std::make_unique<Inputs>(
      Inputs{std::move(*rig), std::move(*work), std::move(*plan), *objective});
  for (const Result<void>& done : {keep_amounts(*inputs), read_money(*inputs, session)})
    if (!done) return tl::unexpected<Error>(done.error());
  return inputs;
}

/// The paths that the plan file writes down.
Result<std::vector<plan::Course>> own_courses(const Inputs& inputs, const Terms& terms,
                                              const plan::Model& model,
                                              const plan::Model::Judge& judge, Session& session) {
  std::vector<plan::Course> courses;
  for (const cost::Policy& policy : inputs.plan.policies) {
    const auto purchases = purchases_of(policy, inputs.plan, terms, session.catalog, inputs.terms);
    if (!purchases) return tl::unexpected<Error>(purchases.error());
    courses.push_back(plan::follow(model, *purchases, judge));
    courses.back().name = policy.name;
    courses.back().summary = policy.summary;
  }
  return courses;
}

Result<void> draw(const Arguments& arguments, const report::PlanReport& report, Session& session) {
  const auto path = arguments.text("svg");
  if (!path) return {};
  if (!report.answer->solution) {
    session.err += "no chart: there is no plan\n";
    return {};
  }
  const auto done = adapters::write_file(*path, report::chart_svg(report::plan_chart(report)));
  if (done) session.err += fmt::format("wrote {}\n", *path);
  return done;
}

/// Fills what stands beside the best plan.
Result<void> compare(report::PlanReport& report, const Inputs& inputs, const Terms& terms,
                     Workshop& shop, Session& session) {
  const plan::Model& model = *report.model;
  const plan::Model::Judge judge = [&](const plan::Counts& counts) {
    return shop.judge(counts, Workshop::Rate::all);
  };
  const plan::Solution& solution = *report.answer->solution;
  report.best =
      plan::follow(model, plan::purchases_of(model, *report.instance, solution.path), judge);
  report.best.name = "the best plan";
  report.named = plan::named_courses(model, *report.instance, judge);
  auto own = own_courses(inputs, terms, model, judge, session);
  if (!own) return tl::unexpected<Error>(own.error());
  report.own = std::move(*own);
  if (model.configurations().size() <= kMostForSwitches)
    report.switches = plan::switch_prices(model, *report.instance, solution);
  else
    report.notes.push_back(fmt::format(
        "with more than {} configurations no switch prices are searched for", kMostForSwitches));
  return {};
}

Exit run_plan(const Arguments& arguments, Session& session) {
  const Result<std::unique_ptr<Inputs>> inputs = open_inputs(arguments, session);
  if (!inputs) return session.refuse(inputs.error());
  const Inputs& in = **inputs;
  const Result<std::unique_ptr<Workshop>> shop = Workshop::open(in.rig, in.work, in.plan, session);
  if (!shop) return session.refuse(shop.error());
  const Result<Terms> terms =
      read_terms({&in.plan, &in.rig, &in.work, &in.terms, &in.curves, &in.offers}, **shop);
  if (!terms) return session.refuse(terms.error());
  plan::Model model(terms->options, terms->tasks, terms->purse);
  const Result<void> kept = model.enumerate(
      [&](const plan::Counts& counts) {
        return (*shop)->judge(
            counts, counts == model.today() ? Workshop::Rate::all : Workshop::Rate::sound);
      },
      kMostCombinations);
  if (!kept) return session.refuse(kept.error());
  const plan::Instance instance = model.instance(in.objective);
  if (const Result<void> valid = plan::validate(instance); !valid)
    return session.refuse(valid.error());
  const plan::Answer answer = plan::solve(instance);
  report::PlanReport report{.rig = in.rig.rig.name,
                            .name = in.plan.name,
                            .start = in.plan.start,
                            .currency = in.plan.currency,
                            .model = &model,
                            .instance = &instance,
                            .answer = &answer,
                            .notes = terms->notes,
                            .broken_today = (*shop)->broken_today(),
                            .unknown_today = (*shop)->unknown_today()};
  if (!(*shop)->wall_is_known())
    report.notes.emplace_back("no supply states its losses: 10 % of the draw at the wall is taken");
  if (!in.without_amount.empty())
    report.notes.push_back("no amount is stated of: " + join(in.without_amount, "; "));
  if (answer.solution) {
    const Result<void> done = compare(report, in, *terms, **shop, session);
    if (!done) return session.refuse(done.error());
  }
  if (answer.solution && arguments.has("front"))
    report.front = plan::cash_front(instance, kMostOfFront);
  if (const Result<void> drawn = draw(arguments, report, session); !drawn)
    return session.refuse(drawn.error());
  session.out += arguments.has("json") ? report::plan_json(report) : report::plan_text(report);
  return answer.solution ? Exit::yes : Exit::no;
}

}  // namespace

Command plan_command() {
  return {
      "plan",   "RIG",   1, 1, "what to buy and sell, month by month: the cheapest path, proved",
      kOptions, run_plan};
}

}  // namespace rigor::apps
