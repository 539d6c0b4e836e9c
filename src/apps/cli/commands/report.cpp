// rigor report RIG [--work WORK]: the main job. The rig as it stands, then every workload's best
// placement.
#include <fmt/format.h>

#include <algorithm>

#include "apps/cli/commands.hpp"
#include "apps/cli/judging.hpp"
#include "apps/cli/own.hpp"
#include "apps/cli/problem.hpp"
#include "apps/cli/searching.hpp"
#include "apps/cli/work_file.hpp"
#include "apps/cli/workload_arguments.hpp"
#include "place/rank.hpp"
#include "report/report_text.hpp"

namespace rigor::apps {
namespace {

constexpr std::array kOptions = {
    Option{"work", "WORK", "what the rig is for: a file with [[workload]] tables"},
    kOwnOption,
    kNoOwnOption,
    Option{"json", "", "one JSON object instead of text"},
    Option{"catalog", "DIR", "lay your own catalogue folder over the built-in one"},
};

/// Ways out shown per workload.
constexpr std::size_t kRemedies = 3;

void add_speed(const estimate::Calibration& calibration, report::WorkloadReport& result) {
  const place::Question& question = *result.fit.question;
  const place::Answer& answer = result.fit.answer;
  if (answer.verdict.fit == estimate::Fit::does_not_fit) return;  // the verdict says so
  result.no_speed = place::speed_needs(question, answer.placement);
  if (!result.no_speed.empty()) return;
  if (question.workload.kind == workload::Kind::finetune) {
    result.training = place::training_speed(question, answer.placement, calibration);
    result.power = place::training_power(question, answer.placement, calibration, *result.training);
  } else {
    const estimate::SpeedRig machine = place::speed_rig(question, calibration);
    result.speed = place::inference_speed(question, answer.placement, machine, calibration);
    result.power =
        place::inference_power(question, answer.placement, machine, calibration, *result.speed);
  }
}

report::WorkloadReport answer(const adapters::RigFile& rig, const workload::Workload& workload,
                              const estimate::Calibration& calibration,
                              std::span<const place::OwnRow> own,
                              std::vector<std::unique_ptr<Problem>>& problems, Session& session) {
  report::WorkloadReport result;
  result.name = workload.name;
  Result<std::unique_ptr<Problem>> problem = Problem::make_answerable(rig, workload, session, own);
  if (!problem) {
    Error error = problem.error();
    result.problem = error.where.empty() ? error.message : error.where + ": " + error.message;
    error.where =
        "workload \"" + workload.name + "\"" + (error.where.empty() ? "" : ": " + error.where);
    session.refuse(error);
    return result;
  }
  Problem& held = *problems.emplace_back(std::move(*problem));
  result.fit.question = &held.question();
  const std::vector<place::Candidate> ranking = place::rank(held.question(), calibration);
  result.fit.answer = ranking.front().answer;
  if (ranking.size() > 1) result.second = ranking[1];
  result.fit.remedies =
      place::remedies(held.question(), result.fit.answer, held.alternatives(), kRemedies);
  result.fit.origin = held.origin();
  result.fit.undetermined = held.undetermined();
  result.better = better_than(held, result.fit.answer, calibration);
  add_speed(calibration, result);
  return result;
}

Exit run_report(const Arguments& arguments, Session& session) {
  const Result<adapters::RigFile> rig = open_rig(arguments.positional[0], session);
  if (!rig) return session.refuse(rig.error());
  std::vector<workload::Workload> workloads;
  if (const auto path = arguments.text("work")) {
    const Result<std::vector<workload::Workload>> read = read_workloads(*path, session);
    if (!read) return session.refuse(read.error());
    workloads = *read;
  }
  const Result<estimate::Calibration> calibration = fitted();
  if (!calibration) return session.refuse(calibration.error());
  const auto own = own_rows(arguments, rig->rig, *calibration, session);
  if (!own) return session.refuse(own.error());
  std::vector<std::unique_ptr<Problem>> problems;
  std::vector<report::WorkloadReport> answers;
  for (const workload::Workload& workload : workloads)
    answers.push_back(answer(*rig, workload, *calibration, *own, problems, session));
  const auto judgement = judged(*rig, *calibration, session);
  if (!judgement) return session.refuse(judgement.error());
  const report::MachineReport machine{&rig->rig, (*judgement)->findings,
                                      &(*judgement)->assembly->sheet};
  session.out += arguments.has("json") ? report::report_json(machine, answers)
                                       : report::report_text(machine, answers);
  const bool all =
      std::all_of(answers.begin(), answers.end(), [](const auto& a) { return a.problem.empty(); });
  return all ? Exit::yes : Exit::usage;
}

}  // namespace

Command report_command() {
  return {"report",
          "RIG",
          1,
          1,
          "everything about a rig and its work: parts, prices, what fits and how",
          kOptions,
          run_report};
}

}  // namespace rigor::apps
