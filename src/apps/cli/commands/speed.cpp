// rigor speed RIG MODEL: how many tokens per second, and why.
#include "place/speed.hpp"

#include <fmt/format.h>

#include "apps/cli/commands.hpp"
#include "apps/cli/commands/speed_charts.hpp"
#include "apps/cli/problem.hpp"
#include "apps/cli/workload_arguments.hpp"
#include "place/rank.hpp"
#include "report/fit_text.hpp"
#include "report/power_text.hpp"
#include "report/speed_text.hpp"

namespace rigor::apps {
namespace {

const std::vector<Option>& options() {
  static const std::vector<Option> list = workload_options({
      {"train", "METHOD", "fine-tune instead of serving: full, lora or qlora"},
      {"epoch-tokens", "N", "tokens of one epoch: prints how long it takes"},
      {"svg", "FILE", "write charts: roofline, speed over devices, rate over the power limit"},
      {"evidence", "FILE.csv", "measured rows to show on the roofline"},
      {"explain", "", "print formula, constants and evidence of every term"},
      {"json", "", "one JSON object instead of text"},
      {"catalog", "DIR", "lay your own catalogue folder over the built-in one"},
  });
  return list;
}

using Ranking = std::vector<place::Candidate>;

/// The answer so far, as an open JSON object.
report::Json open_json(const place::Question& question, const place::Answer& answer) {
  report::Json json;
  json.begin_object().member("schema_version", 1).key("speed").begin_object();
  json.member("workload", report::workload_title(question));
  json.member("placement", report::placement_text(question, answer.placement));
  json.member("verdict", estimate::to_text(answer.verdict.fit));
  return json;
}

std::string inference(const Arguments& arguments, const place::Question& question,
                      const Ranking& ranking, const estimate::Calibration& calibration) {
  const place::Answer& answer = ranking.front().answer;
  const estimate::SpeedRig machine = place::speed_rig(question, calibration);
  const place::InferenceSpeed speed =
      place::inference_speed(question, answer.placement, machine, calibration);
  const place::PowerUse power =
      place::inference_power(question, answer.placement, machine, calibration, speed);
  if (arguments.has("json")) {
    report::Json json = open_json(question, answer);
    report::speed_json(json, speed);
    report::power_json(json, power);
    report::ranking_json(json, question, ranking);
    return json.end_object().end_object().text();
  }
  std::string text = report::speed_text(question, answer, speed, power);
  if (const std::string others = report::ranking_text(question, ranking); !others.empty())
    text += "\n" + others;
  if (arguments.has("explain"))
    text += "\n" + report::speed_explain(question, answer, speed, machine) +
            report::power_explain(power, calibration.power());
  return text;
}

std::string training(const Arguments& arguments, const place::Question& question,
                     const Ranking& ranking, const estimate::Calibration& calibration,
                     double epoch_tokens) {
  const place::Answer& answer = ranking.front().answer;
  const place::TrainingSpeed speed = place::training_speed(question, answer.placement, calibration);
  const place::PowerUse power =
      place::training_power(question, answer.placement, calibration, speed);
  if (!arguments.has("json")) {
    const std::string others = report::ranking_text(question, ranking);
    const std::string why = report::power_explain(power, calibration.power());
    return report::training_speed_text(question, answer, speed, power, epoch_tokens) +
           (others.empty() ? "" : "\n" + others) + (arguments.has("explain") ? "\n" + why : "");
  }
  report::Json json = open_json(question, answer);
  report::training_speed_json(json, speed, epoch_tokens);
  report::power_json(json, power);
  report::ranking_json(json, question, ranking);
  return json.end_object().end_object().text();
}

Exit run_speed(const Arguments& arguments, Session& session) {
  const Result<adapters::RigFile> rig = open_rig(arguments.positional[0], session);
  if (!rig) return session.refuse(rig.error());
  const Result<workload::Workload> workload = workload_from(arguments);
  if (!workload) return session.refuse(workload.error());
  const auto epoch = arguments.number("epoch-tokens", 0, 0, 1'000'000'000'000'000);
  if (!epoch) return session.refuse(epoch.error());
  Result<std::unique_ptr<Problem>> made = Problem::make(*rig, *workload, session);
  if (!made) return session.refuse(made.error());
  const place::Question& question = (*made)->question();
  const Result<estimate::Calibration> calibration = fitted();
  if (!calibration) return session.refuse(calibration.error());
  const Ranking ranking = place::rank(question, *calibration);
  const place::Answer& answer = ranking.front().answer;
  const bool trains = question.workload.kind == workload::Kind::finetune;
  if (!trains && *epoch > 0)
    return session.refuse(Error{ErrorCode::usage,
                                "--epoch-tokens is for fine-tuning only",
                                {},
                                "add --train full|lora|qlora"});
  if (answer.verdict.fit == estimate::Fit::does_not_fit) {
    session.out += report::workload_title(question) + "\n" +
                   report::placement_text(question, answer.placement) + "\n" +
                   report::verdict_text(question, answer) + "\n" +
                   "no speed: `rigor fit` with the same words lists the ways out\n";
    return Exit::no;
  }
  if (const std::string missing = place::speed_needs(question, answer.placement);
      !missing.empty()) {
    session.err += "rigor: no speed: " + missing + "\n";
    return Exit::unknown;
  }
  const Result<std::string> charts =
      write_speed_charts(arguments, question, ranking.front(), *calibration, session);
  if (!charts) return session.refuse(charts.error());
  session.err += *charts;
  session.out +=
      trains ? training(arguments, question, ranking, *calibration, static_cast<double>(*epoch))
             : inference(arguments, question, ranking, *calibration);
  return Exit::yes;
}

}  // namespace

Command speed_command() {
  return {"speed",
          "RIG MODEL",
          2,
          2,
          "how fast a network runs or trains on a rig, what bounds it, how sure that is",
          options(),
          run_speed};
}

}  // namespace rigor::apps
