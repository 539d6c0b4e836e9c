// rigor fit RIG MODEL: does it fit, laid out how, and what would make it fit.
#include <fmt/format.h>

#include "apps/cli/commands.hpp"
#include "apps/cli/own.hpp"
#include "apps/cli/problem.hpp"
#include "apps/cli/searching.hpp"
#include "apps/cli/workload_arguments.hpp"
#include "base/text.hpp"
#include "place/rank.hpp"
#include "report/explain_text.hpp"
#include "report/fit_text.hpp"

namespace rigor::apps {
namespace {

using estimate::Fit;
using workload::Workload;

const std::vector<Option>& options() {
  static const std::vector<Option> list = workload_options({
      {"train", "METHOD", "fine-tune instead of serving: full, lora or qlora"},
      kSearchOption,
      {"solve", "WHAT",
       "find the largest context or batch, the best quant, or the fewest gpus that fit"},
      kOwnOption,
      kNoOwnOption,
      {"explain", "", "print formula, inputs and their sources for every term"},
      {"json", "", "one JSON object instead of text"},
      {"catalog", "DIR", "lay your own catalogue folder over the built-in one"},
  });
  return list;
}

Exit exit_of(Fit fit) {
  switch (fit) {
    case Fit::fits:
    case Fit::tight: return Exit::yes;
    case Fit::does_not_fit: return Exit::no;
    case Fit::unknown: return Exit::unknown;
  }
  return Exit::internal;
}

/// The solved value put into the question, so that the table shows the extreme itself.
Result<report::Solved> solve(const std::string& what, Problem& problem, place::Question& question) {
  const bool training = question.workload.kind == workload::Kind::finetune;
  if (what == "context") {
    const auto context = place::largest_context(question);
    if (!context) return report::Solved{"context", ""};
    question.workload.inference.context = *context;
    question.workload.finetune.sequence = static_cast<int>(*context);
    const bool at_limit = *context + place::kContextStep > question.network->architecture.context;
    return report::Solved{"context", report::grouped(*context) + " tokens",
                          at_limit ? "the network's own limit" : ""};
  }
  if (what == "batch") {
    const auto count = place::largest_batch(question);
    if (!count) return report::Solved{"batch", ""};
    (training ? question.workload.finetune.micro_batch : question.workload.inference.sequences) =
        static_cast<int>(*count);
    return report::Solved{training ? "micro-batch" : "sequences", report::grouped(*count)};
  }
  if (what == "quant") {
    const place::Alternatives alternatives = problem.alternatives();
    const auto name = place::best_quantization(question, alternatives);
    if (!name) return report::Solved{"quantization", ""};
    question.network = alternatives.network(*name);
    return report::Solved{"quantization", *name};
  }
  if (what == "gpus") {
    if (question.accelerators.empty())
      return fail(ErrorCode::usage, "the rig has no accelerator to count", "--solve");
    const auto count = place::fewest_devices(question, question.accelerators[0]);
    if (!count) return report::Solved{"number of " + question.accelerators[0].name, ""};
    question.accelerators = problem.repeated_device(*count);
    question.workload.wish.devices.reset();
    return report::Solved{"number of " + question.accelerators[0].name, fmt::format("{}", *count)};
  }
  return fail(ErrorCode::usage, fmt::format("cannot solve for \"{}\"", what), "--solve",
              "one of: context, batch, quant, gpus");
}

Exit run_fit(const Arguments& arguments, Session& session) {
  const Result<adapters::RigFile> rig = open_rig(arguments.positional[0], session);
  if (!rig) return session.refuse(rig.error());
  const Result<Workload> workload = workload_from(arguments);
  if (!workload) return session.refuse(workload.error());
  const Result<estimate::Calibration> calibration = fitted();
  if (!calibration) return session.refuse(calibration.error());
  const auto own = own_rows(arguments, rig->rig, *calibration, session);
  if (!own) return session.refuse(own.error());
  Result<std::unique_ptr<Problem>> made = Problem::make_answerable(*rig, *workload, session, *own);
  if (!made) return session.refuse(made.error());
  Problem& problem = **made;
  place::Question question = problem.question();
  report::FitReport result;
  if (const auto what = arguments.text("solve")) {
    if (arguments.has("search"))
      return session.refuse({ErrorCode::usage,
                             "--solve and --search both change the question",
                             {},
                             "one of them will do"});
    const Result<report::Solved> solved = solve(*what, problem, question);
    if (!solved) return session.refuse(solved.error());
    result.solved = *solved;
  }
  result.question = &question;
  if (arguments.has("search")) {
    Searched searched = search_for(problem, *calibration);
    question = searched.question;
    result.answer = searched.answer;
    result.search = std::move(searched.report);
  } else if (result.solved) {
    result.answer = place::choose(question);  // the placement that was solved for
  } else {
    const std::vector<place::Candidate> ranking = place::rank(question, *calibration);
    result.answer = ranking.front().answer;
    if (ranking.size() > 1) result.second = ranking[1];
  }
  result.remedies = place::remedies(question, result.answer, problem.alternatives());
  result.origin = problem.origin();
  result.undetermined = problem.undetermined();
  if (arguments.has("json")) {
    report::Json json;
    json.begin_object().member("schema_version", 1).key("fit");
    report::fit_json(json, result);
    session.out += json.end_object().text();
  } else {
    session.out += report::fit_text(result);
    if (arguments.has("explain"))
      session.out += "\n" + report::explain_text(question, result.answer,
                                                 problem.sources(result.answer.placement));
  }
  const bool unsolved = result.solved && result.solved->value.empty();
  return unsolved ? Exit::no : exit_of(result.answer.verdict.fit);
}

}  // namespace

Command fit_command() {
  return {"fit",
          "RIG MODEL",
          2,
          2,
          "does a network fit, laid out how; RIG is a file or words such as \"2x rtx 3090\"",
          options(),
          run_fit};
}

}  // namespace rigor::apps
