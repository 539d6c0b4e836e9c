#include "apps/cli/demands.hpp"

#include "apps/cli/problem.hpp"
#include "place/rank.hpp"
#include "report/fit_text.hpp"
#include "report/traffic_text.hpp"

namespace rigor::apps {
namespace {

/// Files, and what a training reads and writes.
check::Demand demand_of(const Problem& problem, const estimate::Calibration& calibration) {
  const place::Question& question = problem.question();
  check::Demand demand;
  demand.workload =
      question.workload.name.empty() ? report::workload_title(question) : question.workload.name;
  demand.model = question.workload.model + " " + question.workload.quantization;
  demand.model_file = report::stored_bytes(*question.network);
  const place::Answer answer = place::rank(question, calibration).front().answer;
  demand.fits = answer.verdict.fit != estimate::Fit::does_not_fit;
  if (!demand.fits) return demand;
  demand.host = answer.memory.host.total().expected;
  demand.host_high = answer.memory.host.total().high;
  if (question.workload.kind != workload::Kind::finetune) return demand;
  if (!place::speed_needs(question, answer.placement).empty()) return demand;
  const place::TrainingSpeed speed = place::training_speed(question, answer.placement, calibration);
  demand.on_drive = speed.time.checkpoint;
  if (speed.step.expected > 0)
    demand.samples_rate = speed.time.data / (speed.step.expected * second);
  return demand;
}

}  // namespace

Result<std::vector<check::Demand>> demands(const adapters::RigFile& rig,
                                           const std::vector<workload::Workload>& workloads,
                                           const estimate::Calibration& calibration,
                                           Session& session) {
  std::vector<check::Demand> all;
  for (const workload::Workload& workload : workloads) {
    const Result<std::unique_ptr<Problem>> problem = Problem::make(rig, workload, session);
    if (!problem) {
      Error error = problem.error();
      error.where =
          "workload \"" + workload.name + "\"" + (error.where.empty() ? "" : ": " + error.where);
      return tl::unexpected<Error>(error);
    }
    all.push_back(demand_of(**problem, calibration));
  }
  return all;
}

}  // namespace rigor::apps
