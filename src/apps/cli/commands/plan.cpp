// rigor plan RIG --work WORK --plan PLAN: what to buy and sell, month by month.
#include <fmt/format.h>

#include "adapters/files/files.hpp"
#include "adapters/toml/plan_reader.hpp"
#include "apps/cli/commands.hpp"
#include "apps/cli/plan_terms.hpp"
#include "apps/cli/work_file.hpp"
#include "report/plan_text.hpp"

namespace rigor::apps {
namespace {

constexpr std::array kOptions = {
    Option{"work", "WORK", "what the rig is for: a file with [[workload]] tables"},
    Option{"plan", "PLAN", "horizon, budget, candidate parts, offers and paths"},
    Option{"objective", "work|cost",
           "most work done, then least cost (as is usual); or cost alone"},
    Option{"svg", "FILE", "draw the cash of the best plan and of the other paths"},
    Option{"json", "", "one JSON object instead of text"},
    Option{"catalog", "DIR", "lay your own catalogue folder over the built-in one"},
};

/// Combinations of parts that are judged by the rules, at most.
constexpr std::size_t kMostCombinations = 20'000;
/// Configurations up to which switch prices are searched for; each takes some thirty searches.
constexpr std::size_t kMostForSwitches = 600;

Result<cost::PlanFile> open_plan(const std::string& path, Session& session) {
  const Result<std::string> text = adapters::read_file(path, 4U << 20);
  if (!text) return tl::unexpected<Error>(text.error());
  Diagnostics diagnostics;
  cost::PlanFile plan = adapters::read_plan(*text, path, diagnostics);
  if (!diagnostics.has_errors()) return plan;
  session.err += to_text(diagnostics);
  return fail(ErrorCode::malformed,
              fmt::format("{} problem{} in the plan file", diagnostics.errors(),
                          diagnostics.errors() == 1 ? "" : "s"),
              path);
}

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
  std::vector<workload::Workload> work;
  cost::PlanFile plan;
  plan::Objective objective = plan::Objective::work;
};

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
  Result<cost::PlanFile> plan = open_plan(*arguments.text("plan"), session);
  if (!plan) return tl::unexpected<Error>(plan.error());
  return std::make_unique<Inputs>(
      Inputs{std::move(*rig), std::move(*work), std::move(*plan), *objective});
}

/// The paths that the plan file writes down.
Result<std::vector<plan::Course>> own_courses(const Inputs& inputs, const Terms& terms,
                                              const plan::Model& model,
                                              const plan::Model::Judge& judge, Session& session) {
  std::vector<plan::Course> courses;
  for (const cost::Policy& policy : inputs.plan.policies) {
    const auto purchases =
        purchases_of(policy, inputs.plan, terms, session.catalog, cents_of(inputs.plan));
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
  const Result<Terms> terms = read_terms(in.plan, in.rig, in.work, **shop);
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
                            .broken_today = (*shop)->broken_today()};
  if (answer.solution) {
    const Result<void> done = compare(report, in, *terms, **shop, session);
    if (!done) return session.refuse(done.error());
  }
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
